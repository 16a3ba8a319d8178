package kiln.bench.kernel;

import static kiln.array.Np.sqrt;
import static kiln.array.Np.square;
import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.dist.Uniform;
import kiln.func.Carried;
import kiln.func.Control;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;

/// GARCH(1, 1) of `T` = 1,000 simulated returns: a recursion of the variance, and elementwise work on what it gives.
///
/// ```
/// mu ~ N(0, 1),  a0 ~ HalfNormal(1),  a1 ~ U(0, 1),  b1 ~ U(0, 1 − a1),  h[0] = 0.5
/// h[t] = a0 + a1 (y[t−1] − mu)² + b1 h[t−1],  y[t] ~ N(mu, √h[t])
/// q = (mu, log a0, logit a1, logit(b1 / (1 − a1)))
/// ```
public final class Garch implements Kernel {
    private static final int T = 1_000;
    private static final double START = 0.5;
    private static final double CONSTANT = Priors.normal(1, 1) + Priors.halfNormal(1) + Priors.normal(T, 1);

    private final double[] y = new double[T];

    /// Simulates the returns.
    public Garch() {
        double[] noise = PRNGKey.key(10).normal(T).toDoubleArray();
        double h = START;
        for (int t = 0; t < T; t++) {
            double shock = Math.sqrt(h) * noise[t];
            y[t] = 0.1 + shock;
            h = 0.1 + 0.2 * shock * shock + 0.6 * h;
        }
    }

    @Override
    public String name() {
        return "garch";
    }

    @Override
    public String title() {
        return "GARCH(1, 1), T = 1,000";
    }

    @Override
    public String target() {
        return "≤ 1.6 C";
    }

    @Override
    public double[] point() {
        return new double[] {0.08, Math.log(0.12), -1.2, 0.9};
    }

    @Override
    public LogDensity kiln() {
        NDArray returns = NDArray.of(y);
        return PosteriorDensity.of(
                () -> {
                    var mu = sample("mu", new Normal(0, 1));
                    var a0 = sample("a0", new HalfNormal(1));
                    var a1 = sample("a1", new Uniform(0, 1));
                    var b1 = sample("b1", new Uniform(0, Np.subtract(1, a1)));
                    NDArray variance = Control.scan(
                                    (NDArray h, NDArray now) -> new Carried<>(
                                            a0.plus(a1.times(square(now.minus(mu)))).plus(b1.times(h)), h),
                                    Np.scalar(START),
                                    returns)
                            .output();
                    try (var _ = plate("time", T)) {
                        sample("y", new Normal(mu, sqrt(variance)), returns);
                    }
                },
                PRNGKey.key(0));
    }

    @Override
    public LogDensity java() {
        return new Java();
    }

    @Override
    public LogDensity c() {
        return NativeCode.density("garch", 4, CONSTANT, T, 3L * T, y);
    }

    private final class Java implements LogDensity {
        private final double[] h = new double[T];

        @Override
        public int dimension() {
            return 4;
        }

        @Override
        public double valueAndGradient(double[] q, double[] gradient) {
            double mu = q[0];
            double a0 = Math.exp(q[1]);
            double a1 = 1 / (1 + Math.exp(-q[2]));
            double share = 1 / (1 + Math.exp(-q[3]));
            double b1 = (1 - a1) * share;
            double value = 0;
            double variance = START;
            for (int t = 0; t < T; t++) {
                h[t] = variance;
                double shock = y[t] - mu;
                value -= 0.5 * (Math.log(variance) + shock * shock / variance);
                variance = a0 + a1 * shock * shock + b1 * variance;
            }
            double dMu = 0;
            double dA0 = 0;
            double dA1 = 0;
            double dB1 = 0;
            // dL/dh[t+1], with all that comes after it
            double later = 0;
            for (int t = T - 1; t >= 0; t--) {
                double shock = y[t] - mu;
                double scaled = shock / h[t];
                dA0 += later;
                dA1 += later * shock * shock;
                dB1 += later * h[t];
                dMu += scaled - 2 * later * a1 * shock;
                later = 0.5 * (scaled * scaled - 1 / h[t]) + b1 * later;
            }
            gradient[0] = dMu - mu;
            gradient[1] = (dA0 - a0) * a0 + 1;
            gradient[2] = (dA1 - dB1 * share) * a1 * (1 - a1) + 1 - 2 * a1;
            gradient[3] = dB1 * (1 - a1) * share * (1 - share) + 1 - 2 * share;
            return CONSTANT + value - 0.5 * mu * mu - 0.5 * a0 * a0 + q[1]
                    + Math.log(a1 * (1 - a1)) + Math.log(share * (1 - share));
        }
    }
}
