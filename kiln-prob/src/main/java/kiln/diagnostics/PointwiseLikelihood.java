package kiln.diagnostics;

import kiln.math.Elementary;
import kiln.math.LogSumExp;

/// The log likelihood of every observation at every draw, checked once for all criteria.
final class PointwiseLikelihood {
    private final double[][][] logLikelihood;

    /// @param logLikelihood `[chain][draw][observation]`
    PointwiseLikelihood(String who, double[][][] logLikelihood) {
        this.logLikelihood = logLikelihood;
        int draws = logLikelihood.length == 0 ? 0 : logLikelihood[0].length;
        int observations = draws == 0 ? 0 : logLikelihood[0][0].length;
        if (observations == 0) {
            throw new IllegalArgumentException(who + ": there is no log likelihood.\n"
                    + "  Expected: [chain][draw][observation], at least one of each\n"
                    + "  Got:      " + logLikelihood.length + " chains of " + draws + " draws of " + observations + " observations");
        }
        for (int c = 0; c < logLikelihood.length; c++) {
            if (logLikelihood[c].length != draws) {
                throw new IllegalArgumentException(who + ": the chains differ in length.\n"
                        + "  Expected: " + draws + " draws in every chain, as in chain 0\n"
                        + "  Got:      " + logLikelihood[c].length + " draws in chain " + c);
            }
            for (int i = 0; i < draws; i++) {
                checkDraw(who, c, i, observations);
            }
        }
    }

    private void checkDraw(String who, int chain, int draw, int observations) {
        double[] row = logLikelihood[chain][draw];
        if (row.length != observations) {
            throw new IllegalArgumentException(who + ": the draws differ in their number of observations.\n"
                    + "  Expected: " + observations + ", as in the first draw\n"
                    + "  Got:      " + row.length + " in draw " + draw + " of chain " + chain);
        }
        for (int n = 0; n < observations; n++) {
            if (!Double.isFinite(row[n])) {
                throw new IllegalArgumentException(who + ": a log likelihood is not finite.\n"
                        + "  Expected: finite values: every observation is possible at every draw\n"
                        + "  Got:      " + row[n] + " for observation " + n + " in draw " + draw + " of chain " + chain + "\n"
                        + "  Fix:      look at this observation and at the parameters of this draw; a likelihood of zero makes the"
                        + " left-out density of the observation undefined.");
            }
        }
    }

    int observations() {
        return logLikelihood[0][0].length;
    }

    int chains() {
        return logLikelihood.length;
    }

    int draws() {
        return logLikelihood[0].length;
    }

    /// One observation, `[chain][draw]`.
    double[][] of(int observation) {
        double[][] x = new double[chains()][draws()];
        for (int c = 0; c < x.length; c++) {
            for (int i = 0; i < x[c].length; i++) {
                x[c][i] = logLikelihood[c][i][observation];
            }
        }
        return x;
    }

    /// `log(1/S Σ exp(ll))` of one observation.
    static double logMeanExp(double[] logLikelihood) {
        return LogSumExp.of(logLikelihood) - Elementary.log(logLikelihood.length);
    }
}
