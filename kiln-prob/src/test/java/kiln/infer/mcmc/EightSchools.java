package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.math.Elementary;

/// Eight schools in non-centred form, by hand: `θ_j = μ + τ t_j`, `t_j ~ N(0,1)`, `μ ~ N(0,5)`, `τ ~ HalfCauchy(5)`, `y_j ~ N(θ_j, σ_j)`.
///
/// Coordinates `t₁ … t₈, μ, log τ`.
final class EightSchools implements LogDensity {
    private static final double[] Y = {28, 8, -3, 7, -1, 1, 18, 12};
    private static final double[] SIGMA = {15, 10, 16, 11, 9, 11, 10, 18};

    @Override
    public int dimension() {
        return 10;
    }

    @Override
    public double valueAndGradient(double[] q, double[] g) {
        double mu = q[8];
        double tau = Elementary.exp(q[9]);
        double value = -mu * mu / 50;
        double gMu = -mu / 25;
        double gTau = 0;
        for (int j = 0; j < 8; j++) {
            double t = q[j];
            double z = (Y[j] - mu - tau * t) / SIGMA[j];
            double r = z / SIGMA[j];
            value -= 0.5 * (t * t + z * z);
            g[j] = -t + tau * r;
            gMu += r;
            gTau += t * r;
        }
        double s = tau * tau / 25;
        value += q[9] - Elementary.log1p(s);
        g[8] = gMu;
        g[9] = gTau * tau + 1 - 2 * s / (1 + s);
        return value;
    }
}
