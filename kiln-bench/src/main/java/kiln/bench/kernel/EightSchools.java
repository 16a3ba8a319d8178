package kiln.bench.kernel;

import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.dist.HalfCauchy;
import kiln.dist.Normal;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;

/// Eight schools, non-centred: the scalar case, where a call or a check costs as much as the arithmetic.
///
/// ```
/// mu ~ N(0, 5),  tau ~ HalfCauchy(5),  t[j] ~ N(0, 1),  y[j] ~ N(mu + tau t[j], s[j])
/// q = (mu, log tau, t[0..7])
/// ```
///
/// Source: posteriordb, eight_schools-eight_schools_noncentered; there the prior of `tau` is the whole Cauchy density, lower by log 2.
public final class EightSchools implements Kernel {
    private final double[] y;
    private final double[] sigma;
    private final double[] precision;
    private final double constant;

    /// Reads the data of the eight schools.
    public EightSchools() {
        var data = Columns.read("eight-schools.csv");
        y = data.column("y");
        sigma = data.column("sigma");
        precision = new double[y.length];
        double logScales = 0;
        for (int j = 0; j < y.length; j++) {
            logScales += Math.log(sigma[j]);
            precision[j] = 1 / (sigma[j] * sigma[j]);
        }
        // t and y: 2 J normal constants; mu: one more; tau: 2 / (pi 5).
        constant = -(y.length + 0.5) * Priors.LOG_2PI - logScales - Math.log(5) + Math.log(2 / (Math.PI * 5));
    }

    @Override
    public String name() {
        return "eight-schools";
    }

    @Override
    public String title() {
        return "eight schools, non-centred (10 dimensions)";
    }

    @Override
    public String target() {
        return "≤ 1.6 C";
    }

    @Override
    public double[] point() {
        // posteriordb's first test point
        return new double[] {4.4, Math.log(3.6), 0.5, 0.14, -0.14, 0.11, -0.22, -0.083, 0.53, 0.14};
    }

    @Override
    public LogDensity kiln() {
        NDArray scores = NDArray.of(y);
        NDArray errors = NDArray.of(sigma);
        return PosteriorDensity.of(
                () -> {
                    var mu = sample("mu", new Normal(0, 5));
                    var tau = sample("tau", new HalfCauchy(5));
                    try (var _ = plate("school", scores.size())) {
                        var standardised = sample("theta_trans", new Normal(0, 1));
                        sample("y", new Normal(mu.plus(tau.times(standardised)), errors), scores);
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
        return NativeCode.density("eight_schools", 10, constant, y.length, 0, y, precision);
    }

    private final class Java implements LogDensity {
        @Override
        public int dimension() {
            return y.length + 2;
        }

        @Override
        public double valueAndGradient(double[] q, double[] gradient) {
            double mu = q[0];
            double tau = Math.exp(q[1]);
            double squares = 0;
            double dMu = 0;
            double dTau = 0;
            for (int j = 0; j < y.length; j++) {
                double t = q[j + 2];
                double residual = y[j] - (mu + tau * t);
                double pull = residual * precision[j];
                squares += t * t + residual * pull;
                dMu += pull;
                dTau += pull * t;
                gradient[j + 2] = pull * tau - t;
            }
            double ratio = tau / 5;
            double ratio2 = ratio * ratio;
            gradient[0] = dMu - mu / 25;
            // d/d log tau of log tau - log(1 + (tau/5)^2) + likelihood
            gradient[1] = dTau * tau + 1 - 2 * ratio2 / (1 + ratio2);
            return constant - 0.5 * squares - mu * mu / 50 - Math.log1p(ratio2) + q[1];
        }
    }
}
