package kiln.bench;

import kiln.infer.LogDensity;

/// Eight schools, non-centred, with the gradient worked out by hand: the yardstick for compiled models.
///
/// ```
/// t[j] ~ N(0, 1),  mu ~ N(0, 5),  tau ~ HalfCauchy(5),  y[j] ~ N(mu + tau t[j], s[j])
/// q = (t[0..7], mu, log tau)
/// ```
///
/// Numerics: `Math.exp` and `Math.log1p`, since the yardstick is what a Java programmer would write.
///
/// Source: posteriordb, eight_schools-eight_schools_noncentered; there the prior of `tau` is the whole Cauchy density, lower by log 2.
public final class HandWrittenEightSchools implements LogDensity {
    private static final double LOG_2PI = Math.log(2 * Math.PI);

    private final double[] y;
    private final double[] precision;
    private final double constant;

    /// Reads the data of the eight schools.
    public HandWrittenEightSchools() {
        var data = Columns.read("eight-schools.csv");
        y = data.column("y");
        precision = data.column("sigma");
        double logScales = 0;
        for (int j = 0; j < y.length; j++) {
            logScales += Math.log(precision[j]);
            precision[j] = 1 / (precision[j] * precision[j]);
        }
        // t and y: 2 J normal constants; mu: one more; tau: 2 / (pi 5).
        constant = -(y.length + 0.5) * LOG_2PI - logScales - Math.log(5) + Math.log(2 / (Math.PI * 5));
    }

    @Override
    public int dimension() {
        return y.length + 2;
    }

    @Override
    public double valueAndGradient(double[] position, double[] gradient) {
        int n = y.length;
        double mu = position[n];
        double logTau = position[n + 1];
        double tau = Math.exp(logTau);
        double squares = 0;
        double dMu = 0;
        double dTau = 0;
        for (int j = 0; j < n; j++) {
            double t = position[j];
            double residual = y[j] - (mu + tau * t);
            double pull = residual * precision[j];
            squares += t * t + residual * pull;
            dMu += pull;
            dTau += pull * t;
            gradient[j] = pull * tau - t;
        }
        double ratio = tau / 5;
        double ratio2 = ratio * ratio;
        gradient[n] = dMu - mu / 25;
        // d/d log tau of log tau - log(1 + (tau/5)^2) + likelihood
        gradient[n + 1] = dTau * tau + 1 - 2 * ratio2 / (1 + ratio2);
        return constant - 0.5 * squares - mu * mu / 50 - Math.log1p(ratio2) + logTau;
    }
}
