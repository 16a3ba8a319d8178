package kiln.bench.kernel;

import kiln.array.PRNGKey;

/// Data of a latent autoregression that is observed with noise, `T` = 1,000; the members differ in their order `k`.
///
/// ```
/// phi[k] ~ N(0, 0.5),  tau ~ HalfNormal(1),  sigma ~ HalfNormal(1),  z[t] ~ N(0, 1)
/// h[t] = phi[0] h[t−1] + … + phi[k−1] h[t−k] + tau z[t],  h[t < 0] = 0,  y[t] ~ N(h[t], sigma)
/// q = (phi, log tau, log sigma, z[0..T−1])
/// ```
///
/// The gradient is a second recursion, backwards, of the same order.
abstract class Autoregression implements Kernel {
    static final int T = 1_000;

    final int order;
    final double[] y = new double[T];
    final double constant;

    /// Simulates the series.
    Autoregression(int order) {
        this.order = order;
        PRNGKey[] keys = PRNGKey.key(11).split(2);
        double[] innovation = keys[0].normal(T).toDoubleArray();
        double[] noise = keys[1].normal(T).toDoubleArray();
        double h = 0;
        for (int t = 0; t < T; t++) {
            h = 0.8 * h + 0.5 * innovation[t];
            y[t] = h + 0.3 * noise[t];
        }
        constant = Priors.normal(order, 0.5) + 2 * Priors.halfNormal(1) + Priors.normal(2 * T, 1);
    }

    @Override
    public final String name() {
        return "ar" + order;
    }

    @Override
    public final String title() {
        return "latent AR(" + order + "), T = 1,000";
    }

    @Override
    public final String target() {
        return "≤ 1.6 C";
    }

    @Override
    public final double[] point() {
        double[] q = new double[order + 2 + T];
        for (int k = 0; k < order; k++) {
            q[k] = 0.6 / ((k + 1) * (k + 1));
        }
        q[order] = Math.log(0.6);
        q[order + 1] = Math.log(0.4);
        for (int t = 0; t < T; t++) {
            q[order + 2 + t] = Math.sin(t + 1);
        }
        return q;
    }
}
