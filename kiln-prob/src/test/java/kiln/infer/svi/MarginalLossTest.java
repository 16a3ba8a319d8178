package kiln.infer.svi;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.deterministic;
import static kiln.model.Primitives.mutable;
import static kiln.model.Primitives.param;
import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;
import static kiln.model.Primitives.scan;
import static kiln.model.Primitives.subsample;
import static kiln.model.Primitives.subsampleSize;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import kiln.array.DType;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.Categorical;
import kiln.dist.Delta;
import kiln.dist.Dirichlet;
import kiln.dist.MixtureSameFamily;
import kiln.dist.Normal;
import kiln.dist.constraint.Constraints;
import kiln.func.Carried;
import kiln.infer.guide.AutoDelta;
import kiln.infer.guide.AutoNormal;
import kiln.infer.optim.Adam;
import kiln.infer.optim.SGD;
import kiln.model.Model;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// Losses of models with discrete sites, subsampled plates and mutable sites, against what they should be by hand.
class MarginalLossTest {
    private static final NDArray Y = NDArray.of(-2.1, -1.4, 0.2, 1.9, 2.4, 3.0);

    private static NDArray means() {
        return sample("mean", new Normal(NDArray.of(-1, 2), 1).toEvent(1));
    }

    private static NDArray weights() {
        return sample("w", new Dirichlet(NDArray.of(2, 3)));
    }

    /// A mixture with an indicator for every observation.
    private static void indicators() {
        NDArray w = weights();
        NDArray mean = means();
        try (var _ = plate("N", 6)) {
            NDArray z = sample("z", new Categorical(w));
            sample("y", new Normal(mean.get(Index.at(z)), 0.8), Y);
        }
    }

    /// The same mixture, summed by hand.
    private static void summed() {
        NDArray w = weights();
        NDArray mean = means();
        try (var _ = plate("N", 6)) {
            sample("y", new MixtureSameFamily(new Categorical(w), new Normal(mean, 0.8)), Y);
        }
    }

    private static SVIResult fit(Model model, Model sites) {
        return new SVI(model, new AutoNormal(sites), new Adam(0.02), new TraceELBO(4)).run(key(2), 30);
    }

    /// Losses and parameters of all steps agree, so the gradients do.
    @Test
    void discreteSitesAreSummedOut() {
        SVIResult a = fit(MarginalLossTest::indicators, MarginalLossTest::summed);
        SVIResult b = fit(MarginalLossTest::summed, MarginalLossTest::summed);
        assertThat(a.losses().toDoubleArray()).containsExactly(b.losses().toDoubleArray(), Offset.offset(1e-9));
        assertThat(a.param("mean_auto_loc").toDoubleArray()).containsExactly(b.param("mean_auto_loc").toDoubleArray(), Offset.offset(1e-9));
        assertThat(a.param("w_auto_scale").toDoubleArray()).containsExactly(b.param("w_auto_scale").toDoubleArray(), Offset.offset(1e-9));
    }

    /// The guide may look at the model with its discrete sites.
    @Test
    void anAutomaticGuideLeavesDiscreteSitesOut() {
        SVIResult a = fit(MarginalLossTest::indicators, MarginalLossTest::indicators);
        assertThat(a.params().keySet()).containsExactly("w_auto_loc", "w_auto_scale", "mean_auto_loc", "mean_auto_scale");
    }

    // ---- subsampling

    private static void subsampled(int size) {
        NDArray w = weights();
        NDArray mean = means();
        try (var _ = plate("N", 6, subsampleSize(size))) {
            NDArray z = sample("z", new Categorical(w));
            sample("y", new Normal(mean.get(Index.at(z)), 0.8), subsample(Y, 0));
        }
    }

    private static void point() {
        sample("w", new Delta(param("w_loc", NDArray.of(0.4, 0.6), Constraints.simplex), NDArray.as(0.0), 1));
        sample("mean", new Delta(param("mean_loc", NDArray.of(-1.5, 2.2)), NDArray.as(0.0), 1));
    }

    /// The mean loss over all subsets of the data is the loss of all data: the log of the sum over the values is taken before the scale.
    @Test
    void theMeanOverAllSubsetsIsTheWhole() {
        var loss = new TraceELBO();
        double whole = loss.loss(key(0), Map.of(), () -> subsampled(6), MarginalLossTest::point).value().item();
        double sum = 0;
        int count = 0;
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < i; j++) {
                var chosen = Map.of("N", NDArray.of((long) i, j));
                sum += loss.loss(key(0), chosen, () -> subsampled(2), MarginalLossTest::point).value().item();
                count++;
            }
        }
        assertThat(sum / count).isCloseTo(whole, Offset.offset(1e-12 * Math.abs(whole)));
    }

    /// Every copy of a subsampled plate has its own parameters, and a step moves those that were drawn only.
    @Test
    void localSitesOfASubsampledPlate() {
        Model model = () -> {
            NDArray m = sample("m", new Normal(0, 1));
            try (var _ = plate("N", 6, subsampleSize(2))) {
                NDArray x = sample("x", new Normal(m, 1));
                sample("y", new Normal(x, 1), subsample(Y, 0));
            }
        };
        var svi = new SVI(model, new AutoNormal(model), new SGD(0.1), new TraceELBO());
        SVIState before = svi.init(key(1));
        assertThat(svi.getParams(before).get("x_auto_loc")).extracting(NDArray::shape).isEqualTo(Shape.of(6));
        NDArray moved = Objects.requireNonNull(svi.getParams(svi.update(before).state()).get("x_auto_loc"))
                .ne(Objects.requireNonNull(svi.getParams(before).get("x_auto_loc")));
        assertThat(moved.astype(DType.INT64).sum().item()).isEqualTo(2);
    }

    // ---- a chain

    private static final NDArray SERIES = NDArray.of(0.3, -0.2, 1.4, 1.1, 0.9, -0.5, 0.2, 1.3);

    /// A hidden Markov model as a scan, against the forward algorithm in plain arithmetic.
    @Test
    void aHiddenMarkovModel() {
        double[][] t = {{0.8, 0.2}, {0.3, 0.7}};
        NDArray transition = NDArray.of(Shape.of(2, 2), 0.8, 0.2, 0.3, 0.7);
        Model model = () -> {
            NDArray mean = sample("mean", new Normal(NDArray.of(0, 1), 1).toEvent(1));
            scan(
                    (NDArray z, NDArray y) -> {
                        NDArray next = sample("z", new Categorical(transition.get(Index.at(z))));
                        sample("y", new Normal(mean.get(Index.at(next)), 0.5), y);
                        return new Carried<>(next, next);
                    },
                    NDArray.as(0L),
                    SERIES);
        };
        double[] mean = {-0.1, 1.2};
        Model guide = () -> sample("mean", new Delta(param("loc", NDArray.of(mean)), NDArray.as(0.0), 1));
        double[] alpha = {1, 0};
        for (double y : SERIES.toDoubleArray()) {
            double[] next = new double[2];
            for (int k = 0; k < 2; k++) {
                double density = Math.exp(-Math.pow((y - mean[k]) / 0.5, 2) / 2) / (0.5 * Math.sqrt(2 * Math.PI));
                next[k] = (alpha[0] * t[0][k] + alpha[1] * t[1][k]) * density;
            }
            alpha = next;
        }
        double prior = -(Math.pow(mean[0], 2) + Math.pow(mean[1] - 1, 2)) / 2 - Math.log(2 * Math.PI);
        var svi = new SVI(model, guide, new Adam(0.01), new TraceELBO());
        assertThat(svi.evaluate(svi.init(key(0))).item())
                .isCloseTo(-Math.log(alpha[0] + alpha[1]) - prior, Offset.offset(1e-12));
        // MAP by SVI: the loss goes down to a stationary point.
        var map = new SVI(model, new AutoDelta(model), new Adam(0.05), new TraceELBO()).run(key(0), 600);
        assertThat(map.losses().get(-1).item()).isLessThan(map.losses().get(0).item());
        assertThat(map.losses().get(-1).item()).isCloseTo(map.losses().get(-50).item(), Offset.offset(1e-6));
    }

    // ---- mutable sites

    /// A running count goes from step to step.
    @Test
    void mutableSitesGoOn() {
        Model model = () -> {
            var count = mutable("count", NDArray.as(0.0));
            NDArray a = sample("a", new Normal(0, 1));
            count.set(count.get().plus(1));
            deterministic("seen", count.get());
            sample("y", new Normal(a, 1), NDArray.as(0.5));
        };
        var fit = new SVI(model, new AutoNormal(model), new Adam(0.01), new TraceELBO(2)).run(key(0), 7);
        // Once in init, then once a step.
        assertThat(new LinkedHashMap<>(fit.state().mutable())).containsOnlyKeys("count");
        assertThat(Np.sum(Objects.requireNonNull(fit.state().mutable().get("count"))).item()).isEqualTo(8);
    }
}
