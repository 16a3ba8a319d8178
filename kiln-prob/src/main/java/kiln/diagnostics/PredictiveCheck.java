package kiln.diagnostics;

import java.util.function.ToDoubleFunction;

/// Data beside data replicated from a model: does a quantity of the real data stand out?
///
/// ```
/// p = mean_s 1(T(yrep_s) ≥ T(y)),   equal ones by half
/// ```
///
/// A `p` near 0 or 1 says that the model does not make data like these in the respect of `T`. It is not uniform for a right model: it
/// gathers around ½, the more the better the data determine the posterior.
///
/// Source: Gelman, Meng and Stern, *Posterior predictive assessment of model fitness via realized discrepancies* (1996), section 2.
/// Immutable.
public final class PredictiveCheck {
    private final double[] y;
    private final double[][] replicated;

    private PredictiveCheck(double[] y, double[][] replicated) {
        this.y = y;
        this.replicated = replicated;
    }

    /// A check of data against replicates.
    ///
    /// @param y          the data; copied
    /// @param replicated `[draw][observation]`, at least one draw; copied
    /// @throws IllegalArgumentException if there is no replicate or one has another size
    public static PredictiveCheck of(double[] y, double[][] replicated) {
        if (replicated.length == 0) {
            throw new IllegalArgumentException("PredictiveCheck: there are no replicates.");
        }
        double[][] copy = new double[replicated.length][];
        for (int s = 0; s < copy.length; s++) {
            if (replicated[s].length != y.length) {
                throw new IllegalArgumentException("PredictiveCheck: a replicate does not have the size of the data.\n"
                        + "  Expected: " + y.length + " observations\n"
                        + "  Got:      " + replicated[s].length + " in replicate " + s);
            }
            copy[s] = replicated[s].clone();
        }
        return new PredictiveCheck(y.clone(), copy);
    }

    /// A quantity of the data and of its replicates.
    public static final class Result {
        private final double observed;
        private final double[] replicated;
        private final double p;

        private Result(double observed, double[] replicated, double p) {
            this.observed = observed;
            this.replicated = replicated;
            this.p = p;
        }

        /// {@return `T(y)`}
        public double observed() {
            return observed;
        }

        /// {@return `T(yrep)`, one for each draw; a copy}
        public double[] replicated() {
            return replicated.clone();
        }

        /// {@return the share of replicates at or above the data, in [0, 1]; NaN if a `T` is}
        public double p() {
            return p;
        }

        /// {@return whether the data lies outside the middle `prob` of the replicates; true if a `T` is NaN}
        ///
        /// @param prob in (0, 1)
        /// @throws IllegalArgumentException if it is outside
        public boolean standsOut(double prob) {
            if (!(prob > 0 && prob < 1)) {
                throw new IllegalArgumentException("PredictiveCheck: prob must lie in (0, 1).\n  Got:      " + prob);
            }
            return !(p >= (1 - prob) / 2 && p <= (1 + prob) / 2);
        }

        @Override
        public String toString() {
            return "T(y) = " + Text.brief(observed) + ", T(yrep) = " + Text.brief(Moments.mean(replicated)) + " ± "
                    + Text.brief(Moments.std(replicated)) + ", p = " + Text.decimals(p, 3);
        }
    }

    /// Compares a quantity.
    ///
    /// @param statistic `T`, a function of a whole data set
    public Result check(ToDoubleFunction<double[]> statistic) {
        double observed = statistic.applyAsDouble(y.clone());
        double[] values = new double[replicated.length];
        double p = Double.isNaN(observed) ? Double.NaN : 0;
        for (int s = 0; s < values.length; s++) {
            values[s] = statistic.applyAsDouble(replicated[s].clone());
            p += Double.isNaN(values[s]) ? Double.NaN : values[s] > observed ? 1 : values[s] == observed ? 0.5 : 0;
        }
        return new Result(observed, values, p / values.length);
    }
}
