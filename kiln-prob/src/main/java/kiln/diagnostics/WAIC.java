package kiln.diagnostics;

import java.util.Arrays;

/// The widely applicable information criterion, an approximation of [LOO] that does not say when it fails: prefer LOO.
///
/// ```
/// p_i = Var_s(ll_is);   elpd_i = log(1/S Σ_s exp(ll_is)) − p_i;   elpd = Σ_i elpd_i,  se = √(n Var_i);   waic = −2 elpd
/// ```
///
/// A `p_i` above 0.4 means that the term is not to be trusted.
///
/// Source: Watanabe (2010); Vehtari, Gelman and Gabry (2017), section 2.2. Immutable.
public final class WAIC {
    private static final double LIMIT = 0.4;

    private final double[] elpd;
    private final double[] p;

    private WAIC(double[] elpd, double[] p) {
        this.elpd = elpd;
        this.p = p;
    }

    /// The criterion.
    ///
    /// @param logLikelihood log density of every observation at every draw, `[chain][draw][observation]`, in nats; only read
    /// @throws IllegalArgumentException if there are no values, their numbers differ, or one is not finite
    public static WAIC of(double[][][] logLikelihood) {
        var all = new PointwiseLikelihood("WAIC", logLikelihood);
        double[] elpd = new double[all.observations()];
        double[] p = new double[elpd.length];
        for (int i = 0; i < elpd.length; i++) {
            double[] ll = Chains.pooled(all.of(i));
            p[i] = Moments.variance(ll);
            elpd[i] = PointwiseLikelihood.logMeanExp(ll) - p[i];
        }
        return new WAIC(elpd, p);
    }

    /// {@return the expected log density of new data, `Σ elpd_i`, in nats}
    public Estimate elpd() {
        return Estimate.sumOf(elpd);
    }

    /// {@return the effective number of parameters, `Σ p_i`}
    public Estimate p() {
        return Estimate.sumOf(p);
    }

    /// {@return the criterion on the scale of a deviance, `−2 elpd`}
    public Estimate waic() {
        return elpd().times(-2);
    }

    /// {@return the terms of [#elpd], one for each observation; a copy}
    public double[] elpdPointwise() {
        return elpd.clone();
    }

    /// {@return the terms of [#p]; a copy}
    public double[] pPointwise() {
        return p.clone();
    }

    /// {@return how many terms are not to be trusted}
    public int unreliable() {
        return (int) Arrays.stream(p).filter(v -> !(v <= LIMIT)).count();
    }

    /// The estimates with their errors, and a warning where one is due.
    @Override
    public String toString() {
        int bad = unreliable();
        return "WAIC of " + elpd.length + " observations\n"
                + Criterion.table("elpd_waic", elpd(), "p_waic", p(), "waic", waic())
                + (bad == 0 ? "" : "\n" + bad + " of " + elpd.length + " terms of p_waic are above 0.4. Use LOO instead.\n");
    }
}
