package kiln.infer.svi;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.param;
import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.Bernoulli;
import kiln.dist.Beta;
import kiln.dist.Normal;
import kiln.dist.constraint.Constraints;
import kiln.infer.guide.AutoDelta;
import kiln.infer.guide.AutoDiagonalNormal;
import kiln.infer.guide.AutoLaplaceApproximation;
import kiln.infer.guide.AutoLowRankMultivariateNormal;
import kiln.infer.guide.AutoMultivariateNormal;
import kiln.infer.guide.AutoNormal;
import kiln.infer.optim.Adam;
import kiln.infer.optim.Schedule;
import kiln.math.Gamma;
import kiln.model.Model;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// SVI on models whose best guide is known exactly.
class SVITest {
    private static final NDArray COINS = NDArray.of(1, 1, 1, 1, 1, 1, 0, 0, 0, 0);

    private static void coin() {
        NDArray f = sample("f", new Beta(10, 10));
        try (var _ = plate("N", 10)) {
            sample("obs", new Bernoulli(f), COINS);
        }
    }

    private static void coinGuide() {
        NDArray a = param("a", 15.0, Constraints.positive);
        NDArray b = param("b", 15.0, Constraints.positive);
        sample("f", new Beta(a, b));
    }

    /// log B(16, 14) − log B(10, 10).
    private static double coinEvidence() {
        return lbeta(16, 14) - lbeta(10, 10);
    }

    private static double lbeta(double a, double b) {
        return Gamma.lgamma(a) + Gamma.lgamma(b) - Gamma.lgamma(a + b);
    }

    /// Where the guide is the posterior, log p − log q is the log evidence at every draw: each estimate is exact, whatever the key.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theBoundIsTightAtThePosterior(boolean vectorize) {
        for (int particles : List.of(1, 4)) {
            var svi = new SVI(SVITest::coin, SVITest::coinGuide, new Adam(0.01), new TraceELBO(particles, vectorize))
                    .initParams(Map.of("a", 16.0, "b", 14.0));
            for (int seed = 0; seed < 5; seed++) {
                assertThat(svi.evaluate(svi.init(key(seed))).item()).isCloseTo(-coinEvidence(), Offset.offset(1e-11));
            }
        }
    }

    /// The divergence of beta distributions in closed form, and a Monte Carlo likelihood: at the prior the loss is −E log p(obs | f).
    @Test
    void meanFieldAtThePriorHasNoDivergence() {
        var exact = new SVI(SVITest::coin, SVITest::coinGuide, new Adam(0.01), new TraceMeanFieldELBO(2000))
                .initParams(Map.of("a", 10.0, "b", 10.0));
        double expected = -10 * (Gamma.digamma(10) - Gamma.digamma(20));
        // sd of the likelihood per draw is sqrt(2 · 10⁻¹) at most; 5 standard errors, 6e-7.
        assertThat(exact.evaluate(exact.init(key(1))).item()).isCloseTo(expected, Offset.offset(5 * 1.0 / Math.sqrt(2000)));
    }

    @Test
    void findsTheBetaPosterior() {
        var fit = new SVI(SVITest::coin, SVITest::coinGuide, new Adam(Schedule.exponentialDecay(0.05, 1000, 0.1)), new TraceELBO(16))
                .run(key(0), 3000);
        double a = fit.param("a").item();
        double b = fit.param("b").item();
        // The noise of the gradient vanishes at the optimum, so the steps end there.
        assertThat(a).isCloseTo(16, Offset.offset(0.05));
        assertThat(b).isCloseTo(14, Offset.offset(0.05));
        assertThat(fit.losses().shape()).isEqualTo(Shape.of(3000));
        assertThat(fit.losses().get(-1).item()).isCloseTo(-coinEvidence(), Offset.offset(1e-3));
    }

    @Test
    void aRunIsItsStepsAndGoesOn() {
        var svi = new SVI(SVITest::coin, SVITest::coinGuide, new Adam(0.02), new TraceELBO(3));
        var whole = svi.run(key(5), 40);
        var first = svi.run(key(5), 15);
        var rest = svi.run(first.state(), 25);
        assertThat(rest.param("a").item()).isEqualTo(whole.param("a").item());
        assertThat(Np.concatenate(List.of(first.losses(), rest.losses()), 0).toDoubleArray()).isEqualTo(whole.losses().toDoubleArray());
        SVIState state = svi.init(key(5));
        for (int i = 0; i < 40; i++) {
            NDArray ahead = svi.evaluate(state);
            SVI.Update next = svi.update(state);
            assertThat(next.loss().item()).isEqualTo(ahead.item()).isEqualTo(whole.losses().get(i).item());
            state = next.state();
        }
        assertThat(at(svi.getParams(state), "b").item()).isEqualTo(whole.param("b").item());
        assertThat(state.step().item()).isEqualTo(40);
    }

    // ---- a Gaussian posterior

    private static final NDArray X = NDArray.of(-1.2, -0.4, 0.1, 0.8, 1.7, 2.2);
    private static final NDArray Y = NDArray.of(-0.9, 0.3, 0.2, 1.4, 2.0, 3.1);

    /// y ~ N(a + b x, 1), a, b ~ N(0, 2): the posterior is normal with precision P = XᵀX + I / 4.
    private static void line() {
        NDArray a = sample("a", new Normal(0, 2));
        NDArray b = sample("b", new Normal(0, 2));
        try (var _ = plate("N", 6)) {
            sample("y", new Normal(a.plus(b.times(X)), 1), Y);
        }
    }

    private static final double N11 = 6 + 0.25;
    private static final double N12 = sum(X);
    private static final double N22 = sum(X.times(X)) + 0.25;
    private static final double DET = N11 * N22 - N12 * N12;
    private static final double MEAN_A = (N22 * sum(Y) - N12 * sum(X.times(Y))) / DET;
    private static final double MEAN_B = (N11 * sum(X.times(Y)) - N12 * sum(Y)) / DET;

    private static double sum(NDArray x) {
        return x.sum().item();
    }

    private static NDArray at(Map<String, NDArray> values, String name) {
        return Objects.requireNonNull(values.get(name));
    }

    private static SVIResult fit(Model guide) {
        return new SVI(SVITest::line, guide, new Adam(Schedule.exponentialDecay(0.05, 1000, 0.1)), new TraceELBO(8)).run(key(3), 4000);
    }

    /// The best independent normal distributions have the means, and the conditional variances 1 / Pᵢᵢ (Bishop 2006, 10.1.2).
    @Test
    void meanFieldOfAGaussian() {
        var fit = fit(new AutoNormal(SVITest::line)).params();
        assertThat(at(fit, "a_auto_loc").item()).isCloseTo(MEAN_A, Offset.offset(0.01));
        assertThat(at(fit, "b_auto_loc").item()).isCloseTo(MEAN_B, Offset.offset(0.01));
        assertThat(at(fit, "a_auto_scale").item()).isCloseTo(1 / Math.sqrt(N11), Offset.offset(0.01));
        assertThat(at(fit, "b_auto_scale").item()).isCloseTo(1 / Math.sqrt(N22), Offset.offset(0.01));
        var vector = fit(new AutoDiagonalNormal(SVITest::line)).params();
        assertThat(at(vector, "auto_loc").toDoubleArray()).containsExactly(new double[] {MEAN_A, MEAN_B}, Offset.offset(0.01));
        assertThat(at(vector, "auto_scale").toDoubleArray())
                .containsExactly(new double[] {1 / Math.sqrt(N11), 1 / Math.sqrt(N22)}, Offset.offset(0.01));
    }

    /// A normal vector can be the posterior itself: the fit ends at it without noise.
    @Test
    void fullRankIsThePosterior() {
        double[] covariance = {N22 / DET, -N12 / DET, -N12 / DET, N11 / DET};
        var guide = new AutoMultivariateNormal(SVITest::line);
        NDArray l = fit(guide).param("auto_scale_tril");
        assertThat(l.matmul(Np.swapaxes(l, 0, 1)).toDoubleArray()).containsExactly(covariance, Offset.offset(2e-3));
        var low = new AutoLowRankMultivariateNormal(SVITest::line);
        var params = fit(low).params();
        assertThat(low.getPosterior(params).variance().toDoubleArray()).containsExactly(new double[] {covariance[0], covariance[3]}, Offset.offset(5e-3));
        assertThat(low.getPosterior(params).mean().toDoubleArray()).containsExactly(new double[] {MEAN_A, MEAN_B}, Offset.offset(5e-3));
    }

    @Test
    void modeAndCurvature() {
        var point = fit(new AutoDelta(SVITest::line)).params();
        assertThat(at(point, "a_auto_loc").item()).isCloseTo(MEAN_A, Offset.offset(1e-4));
        var guide = new AutoLaplaceApproximation(SVITest::line);
        var fit = fit(guide);
        assertThat(at(guide.median(fit.params()), "b").item()).isCloseTo(MEAN_B, Offset.offset(1e-4));
        assertThat(guide.getPosterior(fit.params()).variance().toDoubleArray())
                .containsExactly(new double[] {N22 / DET, N11 / DET}, Offset.offset(1e-12));
        var draws = guide.samplePosterior(key(9), fit.params(), 20_000);
        // 5 standard errors of a mean, 6e-7.
        assertThat(Np.mean(at(draws, "a")).item()).isCloseTo(MEAN_A, Offset.offset(5 * Math.sqrt(N22 / DET / 20_000)));
    }
}
