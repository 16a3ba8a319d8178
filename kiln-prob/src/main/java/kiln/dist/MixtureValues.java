package kiln.dist;

import static kiln.array.Np.*;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.UserCode;

/// The values of a known mixture of one number with their masses, over which an expectation is a sum: all counts, or the nodes of a quadrature.
abstract sealed class MixtureValues permits MixtureQuantiles, MixtureCounts {
    /// What the entropy may be wrong by, absolutely, and in parts of it where it is larger than 1.
    private static final double ACCURACY = 1e-10;

    private final Mixed distribution;

    MixtureValues(Mixed distribution) {
        this.distribution = distribution;
    }

    /// Some of the values, along the first axis.
    ///
    /// @param x       `[n] + batch`
    /// @param mass    `[n] + batch`
    /// @param density of the mixture with some parameters, `log p`
    record Part(NDArray x, NDArray mass, At density) {}

    /// The logarithm of a density.
    interface At {
        /// {@return the log density at the values, `[n] + batch`}
        NDArray of(Mixed d, NDArray x);
    }

    /// {@return the values of a distribution}
    ///
    /// @param isFine whether more is asked than the entropy itself: the quadrature adapts to `log p`, not to its derivatives
    static MixtureValues of(Mixed d, boolean isFine) {
        return d.isDiscrete() ? new MixtureCounts(d) : new MixtureQuantiles(d, isFine);
    }

    Mixed distribution() {
        return distribution;
    }

    /// {@return the values, in parts that fit into memory}
    abstract Iterable<Part> parts();

    /// {@return `−E log p`, of shape `batch`}
    ///
    /// @throws DomainException if it cannot be had to the stated accuracy
    abstract NDArray entropy();

    /// Refuses what is not exact enough.
    NDArray checked(double[] value, double[] error, String why, String remedy) {
        for (int i = 0; i < value.length; i++) {
            if (error[i] > ACCURACY * Math.max(1, Math.abs(value[i]))) {
                throw refusal("an error of at most " + ACCURACY, "element " + i + ": " + value[i] + ", wrong by up to " + error[i] + ". " + why, remedy);
            }
        }
        return NDArray.of(distribution.batchShape(), value);
    }

    DomainException refusal(String expected, String got, String remedy) {
        Distribution owner = distribution.components().size() == 1 && distribution instanceof MixtureGeneral m
                ? m.components().getFirst()
                : distribution;
        return new DomainException(new Diagnosis(owner.getClass().getSimpleName(), "the entropy does not converge")
                .expected(expected)
                .got(got)
                .at(UserCode.line())
                .fix(remedy));
    }

    /// {@return the ends of the supports of the components, each of shape `batch`; ±∞ where there is none}
    static List<NDArray> ends(Distribution d) {
        return eachLeaf(d, MixtureValues::endsOfLeaf);
    }

    private static List<NDArray> endsOfLeaf(Distribution d) {
        return switch (d) {
            case FoldedDistribution f -> ends(f.baseDist()).stream().map(x -> abs(x)).toList();
            case TransformedDistribution t -> ends(t.baseDist()).stream().map(x -> image(t, x)).toList();
            default -> List.of(QuantileSearch.lower(d.support()), QuantileSearch.upper(d.support()));
        };
    }

    private static NDArray image(TransformedDistribution d, NDArray x) {
        NDArray y = x;
        for (var t : d.transforms()) {
            y = t.call(y);
        }
        return y;
    }

    /// {@return what a function says of all distributions that are mixed, also inside of a mixture of mixtures, each of shape `batch`}
    static List<NDArray> eachLeaf(Distribution d, Function<Distribution, List<NDArray>> f) {
        List<NDArray> out = new ArrayList<>();
        switch (d) {
            case Expanded e -> out.addAll(eachLeaf(e.baseDist(), f));
            case MixtureSameFamily m -> {
                int k = m.componentDistribution().batchShape().dim(-1);
                Shape all = m.batchShape().then(Shape.of(k));
                for (NDArray x : eachLeaf(m.componentDistribution(), f)) {
                    for (int j = 0; j < k; j++) {
                        out.add(broadcastTo(x, all).get(Index.DOTS, Index.at(j)));
                    }
                }
            }
            case MixtureGeneral m -> m.componentDistributions().forEach(c -> out.addAll(eachLeaf(c, f)));
            default -> out.addAll(f.apply(d));
        }
        return out.stream().map(x -> broadcastTo(x, d.batchShape())).toList();
    }
}
