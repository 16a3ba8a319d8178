package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.diagnostics.MonteCarloError;
import kiln.dist.HalfNormal;
import kiln.dist.MultivariateNormal;
import kiln.dist.Normal;
import kiln.infer.GaussianPrior;
import kiln.infer.Posterior;
import kiln.math.Elementary;
import kiln.math.Erf;
import kiln.model.HandlerException;
import org.junit.jupiter.api.Test;

class EllipticalSliceTest {
    /// A normal prior and a likelihood that is not: a logistic one. Exact draws come from rejection, and one transition leaves them exact
    /// (Kolmogorov–Smirnov of the prior's coordinate against the quadrature of the posterior; false alarm 1e-6).
    @Test
    void exactDrawsStayExact() {
        var target = Targets.of(1, (q, g) -> {
            g[0] = -(q[0] - 0.5) / 4 + 1 - Elementary.sigmoid(q[0]);
            return -(q[0] - 0.5) * (q[0] - 0.5) / 8 - Elementary.softplus(-q[0]);
        });
        var sampler = new EllipticalSlice(GaussianPrior.independent(new double[] {0.5}, new double[] {2}));
        ChainRandom random = new ChainRandom(7);
        int n = 20_000;
        double[] x = new double[n];
        double[] q = new double[1];
        for (int i = 0; i < n; i++) {
            do {
                q[0] = 0.5 + 2 * random.normal();
            } while (random.uniform() > Elementary.sigmoid(q[0]));
            sampler.start(target, q, i, 0).next(q);
            x[i] = q[0];
        }
        java.util.Arrays.sort(x);
        double distance = 0;
        double below = 0;
        double all = integral(-12, 13);
        double from = -12;
        for (int i = 0; i < n; i++) {
            below += integral(from, x[i]);
            from = x[i];
            distance = Math.max(distance, Math.max(below / all - (double) i / n, (i + 1.0) / n - below / all));
        }
        assertThat(distance).isLessThan(Math.sqrt(-0.5 * StrictMath.log(1e-6 / 2) / n));
    }

    /// Simpson's rule for the unnormalised posterior.
    private static double integral(double a, double b) {
        int steps = Math.max(2, 2 * (int) ((b - a) / 0.02));
        double h = (b - a) / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double t = a + i * h;
            double f = StrictMath.exp(-(t - 0.5) * (t - 0.5) / 8) * Elementary.sigmoid(t);
            sum += f * (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2);
        }
        return sum * h / 3;
    }

    /// Conjugate: precision of the posterior = that of the prior plus one over the noise's variance.
    @Test
    void findsThePriorOfAModel() {
        NDArray covariance = NDArray.of(new double[][] {{2, 0.8}, {0.8, 1}});
        NDArray y = NDArray.of(1.0, -0.5);
        Posterior posterior = new MCMC(new EllipticalSlice(() -> {
            var f = sample("f", MultivariateNormal.covariance(NDArray.of(0.3, -0.2), covariance));
            var shift = sample("shift", new Normal(0, 0.5));
            sample("y", new Normal(f.plus(shift), 0.7), y);
        })).numSamples(20_000).run(key(3));
        // f + shift is normal too: with A = cov + 0.25 and noise 0.49, E f = m + cov (A + 0.49 I)⁻¹ (y − m).
        NDArray a = covariance.plus(0.25).plus(Np.eye(2).times(0.49));
        NDArray m = NDArray.of(0.3, -0.2);
        NDArray want = m.plus(covariance.matmul(kiln.array.Linalg.solve(a, y.minus(m))));
        double limit = -Erf.ndtri(1e-6 / 4);
        for (int i = 0; i < 2; i++) {
            double[][] draws = posterior.draws().element("f", i);
            assertThat(Np.mean(NDArray.of(draws)).item()).isCloseTo(want.get(i).item(), within(limit * MonteCarloError.mcseMean(draws)));
        }
    }

    @Test
    void refusesOtherPriors() {
        assertThatThrownBy(() -> new MCMC(new EllipticalSlice(() -> {
            var tau = sample("tau", new Normal(0, 1));
            sample("theta", new Normal(tau, 1));
        })).run(key(0))).isInstanceOf(HandlerException.class).hasMessageContaining("sample(\"theta\")").hasMessageContaining("depend on other");
        assertThatThrownBy(() -> new MCMC(new EllipticalSlice(() -> sample("s", new HalfNormal(1)))).run(key(0)))
                .isInstanceOf(HandlerException.class).hasMessageContaining("sample(\"s\")").hasMessageContaining("not normal");
    }
}
