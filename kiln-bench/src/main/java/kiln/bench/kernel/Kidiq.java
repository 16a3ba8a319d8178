package kiln.bench.kernel;

import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.HalfCauchy;
import kiln.dist.ImproperUniform;
import kiln.dist.Normal;
import kiln.dist.constraint.Constraints;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;

/// Linear regression of the test scores of 434 children; the hand-written versions visit every observation.
///
/// ```
/// beta: flat,  sigma ~ HalfCauchy(2.5),  kid_score[n] ~ N(beta[0] + beta[1] mom_hs[n] + beta[2] mom_iq[n], sigma)
/// q = (beta[0], beta[1], beta[2], log sigma)
/// ```
///
/// Source: posteriordb, kidiq-kidscore_momhsiq; there the prior of `sigma` is the whole Cauchy density, lower by log 2.
public final class Kidiq implements Kernel {
    private final double[] score;
    private final double[] highSchool;
    private final double[] iq;
    private final double constant;

    /// Reads the data of the 434 children.
    public Kidiq() {
        var data = Columns.read("kidiq.csv");
        score = data.column("kid_score");
        highSchool = data.column("mom_hs");
        iq = data.column("mom_iq");
        constant = -0.5 * score.length * Priors.LOG_2PI + Math.log(2 / (Math.PI * 2.5));
    }

    @Override
    public String name() {
        return "kidiq";
    }

    @Override
    public String title() {
        return "kidiq regression (434 observations, 4 dimensions)";
    }

    @Override
    public String target() {
        return "–";
    }

    @Override
    public double[] point() {
        // posteriordb's first test point
        return new double[] {25.8, 6.0, 0.563, Math.log(18.14)};
    }

    @Override
    public LogDensity kiln() {
        NDArray scores = NDArray.of(score);
        NDArray schooling = NDArray.of(highSchool);
        NDArray intelligence = NDArray.of(iq);
        return PosteriorDensity.of(
                () -> {
                    var beta = sample("beta", new ImproperUniform(Constraints.real, Shape.SCALAR, Shape.of(3)));
                    var sigma = sample("sigma", new HalfCauchy(2.5));
                    try (var _ = plate("child", scores.size())) {
                        var mean = beta.get(0).plus(beta.get(1).times(schooling)).plus(beta.get(2).times(intelligence));
                        sample("score", new Normal(mean, sigma), scores);
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
        return NativeCode.density("kidiq", 4, constant, score.length, 0, score, highSchool, iq);
    }

    private final class Java implements LogDensity {
        @Override
        public int dimension() {
            return 4;
        }

        @Override
        public double valueAndGradient(double[] q, double[] gradient) {
            double b0 = q[0];
            double b1 = q[1];
            double b2 = q[2];
            double sigma = Math.exp(q[3]);
            double sum0 = 0;
            double sum1 = 0;
            double sum2 = 0;
            double squares = 0;
            for (int n = 0; n < score.length; n++) {
                double residual = score[n] - (b0 + b1 * highSchool[n] + b2 * iq[n]);
                sum0 += residual;
                sum1 += residual * highSchool[n];
                sum2 += residual * iq[n];
                squares += residual * residual;
            }
            double precision = 1 / (sigma * sigma);
            double ratio = sigma / 2.5;
            double ratio2 = ratio * ratio;
            gradient[0] = sum0 * precision;
            gradient[1] = sum1 * precision;
            gradient[2] = sum2 * precision;
            // d/d log sigma of (1 - N) log sigma - log(1 + (sigma/2.5)^2) - squares / (2 sigma^2)
            gradient[3] = 1 - score.length - 2 * ratio2 / (1 + ratio2) + squares * precision;
            return constant - 0.5 * squares * precision - Math.log1p(ratio2) + (1 - score.length) * q[3];
        }
    }
}
