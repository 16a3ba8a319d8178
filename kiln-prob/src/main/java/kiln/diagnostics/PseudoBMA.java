package kiln.diagnostics;

import java.util.SplittableRandom;
import kiln.math.Elementary;
import kiln.math.LogSumExp;

/// Weights of models by their expected log density, with the uncertainty of having seen only these observations.
///
/// ```
/// z_bk = n Σ_i α_bi elpd_ik,  α_b ~ Dirichlet(1, …, 1);   w_k = mean_b exp(z_bk) / Σ_j exp(z_bj)
/// ```
///
/// Source: Yao, Vehtari, Simpson and Gelman (2018), section 3.4 ("pseudo-BMA+"), the bootstrap of Rubin (1981).
final class PseudoBMA {
    private static final int REPLICATES = 1000;
    /// One fixed stream: the same table gives the same weights.
    private static final long SEED = 20180601;

    private PseudoBMA() {}

    /// The weights.
    ///
    /// @param elpd `[model][observation]`
    /// @return one weight for each model
    static double[] weights(double[][] elpd) {
        int n = elpd[0].length;
        var random = new SplittableRandom(SEED);
        double[] w = new double[elpd.length];
        double[] alpha = new double[n];
        double[] z = new double[elpd.length];
        for (int b = 0; b < REPLICATES; b++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                alpha[i] = -Elementary.log(((random.nextLong() >>> 12) + 0.5) * 0x1p-52);
                sum += alpha[i];
            }
            for (int k = 0; k < z.length; k++) {
                z[k] = 0;
                for (int i = 0; i < n; i++) {
                    z[k] += n * alpha[i] / sum * elpd[k][i];
                }
            }
            double total = LogSumExp.of(z);
            for (int k = 0; k < z.length; k++) {
                w[k] += Elementary.exp(z[k] - total) / REPLICATES;
            }
        }
        return w;
    }
}
