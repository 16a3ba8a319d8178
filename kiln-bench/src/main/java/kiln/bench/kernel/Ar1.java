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

/// [Autoregression] of order one: a chain of one multiply-add per step in each direction.
public final class Ar1 extends Autoregression {
    /// Simulates the series.
    public Ar1() {
        super(1);
    }

    @Override
    public LogDensity kiln() {
        NDArray series = NDArray.of(y);
        return PosteriorDensity.of(
                () -> {
                    var phi = sample("phi", new Normal(0, 0.5));
                    var tau = sample("tau", new HalfNormal(1));
                    var sigma = sample("sigma", new HalfNormal(1));
                    NDArray z;
                    try (var _ = plate("innovation", T)) {
                        z = sample("z", new Normal(0, 1));
                    }
                    NDArray level = Control.scan(
                                    (NDArray before, NDArray innovation) -> {
                                        NDArray now = phi.times(before).plus(tau.times(innovation));
                                        return new Carried<>(now, now);
                                    },
                                    Np.scalar(0.0),
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
        return NativeCode.density("ar1", T + 3, constant, T, 2L * (T + 2), y);
    }

    private final class Java implements LogDensity {
        private final double[] h = new double[T];

        @Override
        public int dimension() {
            return T + 3;
        }

        @Override
        public double valueAndGradient(double[] q, double[] gradient) {
            double phi = q[0];
            double tau = Math.exp(q[1]);
            double sigma = Math.exp(q[2]);
            double precision = 1 / (sigma * sigma);
            double level = 0;
            double standard = 0;
            double squares = 0;
            for (int t = 0; t < T; t++) {
                double z = q[t + 3];
                level = phi * level + tau * z;
                h[t] = level;
                double residual = y[t] - level;
                standard += z * z;
                squares += residual * residual;
            }
            double dPhi = 0;
            double dTau = 0;
            // dL/dh[t], with all that comes after it
            double slope = 0;
            for (int t = T - 1; t >= 0; t--) {
                slope = (y[t] - h[t]) * precision + phi * slope;
                dPhi += t > 0 ? slope * h[t - 1] : 0;
                dTau += slope * q[t + 3];
                gradient[t + 3] = tau * slope - q[t + 3];
            }
            gradient[0] = dPhi - 4 * phi;
            gradient[1] = (dTau - tau) * tau + 1;
            gradient[2] = squares * precision - T + 1 - sigma * sigma;
            return constant - 2 * phi * phi - 0.5 * (tau * tau + sigma * sigma + standard + squares * precision)
                    + q[1] + (1 - T) * q[2];
        }
    }
}
