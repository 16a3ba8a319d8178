package kiln.bench.kernel;

import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.func.Carried;
import kiln.func.Control;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;

/// [Autoregression] of order five: the last five levels are carried along.
public final class Ar5 extends Autoregression {
    private static final int ORDER = 5;

    /// Simulates the series.
    public Ar5() {
        super(ORDER);
    }

    /// The last five levels, the latest first.
    private record Lags(NDArray one, NDArray two, NDArray three, NDArray four, NDArray five) {
        static Lags start() {
            NDArray zero = Np.scalar(0.0);
            return new Lags(zero, zero, zero, zero, zero);
        }

        NDArray mean(NDArray phi) {
            return phi.get(0).times(one)
                    .plus(phi.get(1).times(two))
                    .plus(phi.get(2).times(three))
                    .plus(phi.get(3).times(four))
                    .plus(phi.get(4).times(five));
        }

        Lags then(NDArray now) {
            return new Lags(/* one= */ now, /* two= */ one, /* three= */ two, /* four= */ three, /* five= */ four);
        }
    }

    @Override
    public LogDensity kiln() {
        NDArray series = NDArray.of(y);
        return PosteriorDensity.of(
                () -> {
                    var phi = sample("phi", new Normal(0, 0.5).expand(ORDER).toEvent(1));
                    var tau = sample("tau", new HalfNormal(1));
                    var sigma = sample("sigma", new HalfNormal(1));
                    NDArray z;
                    try (var _ = plate("innovation", T)) {
                        z = sample("z", new Normal(0, 1));
                    }
                    NDArray level = Control.scan(
                                    (Lags before, NDArray innovation) -> {
                                        NDArray now = before.mean(phi).plus(tau.times(innovation));
                                        return new Carried<>(before.then(now), now);
                                    },
                                    Lags.start(),
                                    z)
                            .output();
                    try (var _ = plate("time", T)) {
                        sample("y", new Normal(level, sigma), series);
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
        return NativeCode.density("ar5", T + ORDER + 2, constant, T, 2L * (T + 2 * ORDER), y);
    }

    private final class Java implements LogDensity {
        // Both with five zeros beyond the end that the recursion starts from.
        private final double[] h = new double[T + ORDER];
        private final double[] slope = new double[T + ORDER];

        @Override
        public int dimension() {
            return T + ORDER + 2;
        }

        @Override
        public double valueAndGradient(double[] q, double[] gradient) {
            double p1 = q[0];
            double p2 = q[1];
            double p3 = q[2];
            double p4 = q[3];
            double p5 = q[4];
            double tau = Math.exp(q[ORDER]);
            double sigma = Math.exp(q[ORDER + 1]);
            double precision = 1 / (sigma * sigma);
            double standard = 0;
            double squares = 0;
            for (int t = 0; t < T; t++) {
                double z = q[t + ORDER + 2];
                double level = tau * z + p5 * h[t] + p4 * h[t + 1] + p3 * h[t + 2] + p2 * h[t + 3] + p1 * h[t + 4];
                h[t + ORDER] = level;
                double residual = y[t] - level;
                standard += z * z;
                squares += residual * residual;
            }
            double d1 = 0;
            double d2 = 0;
            double d3 = 0;
            double d4 = 0;
            double d5 = 0;
            double dTau = 0;
            for (int t = T - 1; t >= 0; t--) {
                double s = (y[t] - h[t + ORDER]) * precision
                        + p5 * slope[t + 5] + p4 * slope[t + 4] + p3 * slope[t + 3] + p2 * slope[t + 2] + p1 * slope[t + 1];
                slope[t] = s;
                d1 += s * h[t + 4];
                d2 += s * h[t + 3];
                d3 += s * h[t + 2];
                d4 += s * h[t + 1];
                d5 += s * h[t];
                double z = q[t + ORDER + 2];
                dTau += s * z;
                gradient[t + ORDER + 2] = tau * s - z;
            }
            gradient[0] = d1 - 4 * p1;
            gradient[1] = d2 - 4 * p2;
            gradient[2] = d3 - 4 * p3;
            gradient[3] = d4 - 4 * p4;
            gradient[4] = d5 - 4 * p5;
            gradient[ORDER] = (dTau - tau) * tau + 1;
            gradient[ORDER + 1] = squares * precision - T + 1 - sigma * sigma;
            return constant - 2 * (p1 * p1 + p2 * p2 + p3 * p3 + p4 * p4 + p5 * p5)
                    - 0.5 * (tau * tau + sigma * sigma + standard + squares * precision) + q[ORDER] + (1 - T) * q[ORDER + 1];
        }
    }
}
