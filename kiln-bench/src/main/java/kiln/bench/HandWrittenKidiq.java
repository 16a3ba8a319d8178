package kiln.bench;

import kiln.infer.LogDensity;

/// Linear regression of children's test scores, with the gradient worked out by hand and every observation visited.
///
/// ```
/// beta: flat,  sigma ~ HalfCauchy(2.5),  kid_score[n] ~ N(beta[0] + beta[1] mom_hs[n] + beta[2] mom_iq[n], sigma)
/// q = (beta[0], beta[1], beta[2], log sigma)
/// ```
///
/// Numerics: `Math.exp` and `Math.log1p`, since the yardstick is what a Java programmer would write; the sum over the 434 observations
/// runs in order, so HotSpot does not vectorise it.
///
/// Source: posteriordb, kidiq-kidscore_momhsiq; there the prior of `sigma` is the whole Cauchy density, lower by log 2.
public final class HandWrittenKidiq implements LogDensity {
    private final double[] score;
    private final double[] highSchool;
    private final double[] iq;
    private final double constant;

    /// Reads the data of the 434 children.
    public HandWrittenKidiq() {
        var data = Columns.read("kidiq.csv");
        score = data.column("kid_score");
        highSchool = data.column("mom_hs");
        iq = data.column("mom_iq");
        constant = -0.5 * score.length * Math.log(2 * Math.PI) + Math.log(2 / (Math.PI * 2.5));
    }

    @Override
    public int dimension() {
        return 4;
    }

    @Override
    public double valueAndGradient(double[] position, double[] gradient) {
        double b0 = position[0];
        double b1 = position[1];
        double b2 = position[2];
        double logSigma = position[3];
        double sigma = Math.exp(logSigma);
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
        return constant - 0.5 * squares * precision - Math.log1p(ratio2) + (1 - score.length) * logSigma;
    }
}
