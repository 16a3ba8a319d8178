package kiln.dist;

import static kiln.array.Np.*;

import java.util.ArrayList;
import java.util.List;
import kiln.array.Index;
import kiln.array.NDArray;

/// The numbers that have probabilities of their own under a distribution that is not one of counts.
final class Atoms {
    private Atoms() {}

    /// {@return quantiles of the distribution, of which those at an atom have the derivatives of its place}
    ///
    /// An atom is the quantile of all probabilities on a plateau, so that neither they nor other parameters move it.
    static NDArray held(NDArray quantiles, Distribution d) {
        NDArray x = quantiles;
        for (NDArray atom : of(d)) {
            // A transform, or a fold, may round it to one side of its probability.
            NDArray isNear = abs(quantiles.minus(atom)).le(abs(atom).times(1e-14).plus(Double.MIN_NORMAL));
            x = where(isNear, atom, x);
        }
        return x;
    }

    /// {@return `P(X < x)`: the distribution function, at an atom that of the next smaller number}
    static NDArray below(Distribution d, NDArray x) {
        NDArray at = x;
        for (NDArray atom : of(d)) {
            at = where(x.eq(atom), x.minus(abs(x).times(Math.ulp(1.0))).minus(Double.MIN_VALUE), at);
        }
        return d.cdf(at);
    }

    /// {@return the places, each broadcasts to the batch}
    private static List<NDArray> of(Distribution d) {
        return switch (d) {
            case Delta e -> List.of(e.v());
            case Expanded e -> of(e.baseDist());
            case Masked e -> of(e.baseDist());
            case Equivalent e -> of(e.equivalent());
            case FoldedDistribution e -> of(e.baseDist()).stream().map(a -> abs(a)).toList();
            case TransformedDistribution e -> of(e.baseDist()).stream().map(e.transform()::call).toList();
            case Hurdle e when !e.isDiscrete() -> withZero(of(e.baseDist()));
            case MixtureGeneral e -> e.componentDistributions().stream().flatMap(c -> of(c).stream()).toList();
            case MixtureSameFamily e -> unstacked(of(e.componentDistribution()));
            default -> List.of();
        };
    }

    private static List<NDArray> withZero(List<NDArray> atoms) {
        List<NDArray> out = new ArrayList<>(atoms);
        out.add(NDArray.as(0.0));
        return out;
    }

    /// Those of all components, which stand along the last axis.
    private static List<NDArray> unstacked(List<NDArray> atoms) {
        List<NDArray> out = new ArrayList<>();
        for (NDArray a : atoms) {
            for (int j = 0; j < (a.rank() == 0 ? 1 : a.size(-1)); j++) {
                out.add(a.rank() == 0 ? a : a.get(Index.DOTS, Index.at(j)));
            }
        }
        return out;
    }
}
