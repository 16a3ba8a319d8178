package kiln.diagnostics;

/// The draws of one scalar quantity as `double[chain][draw]`: checking, splitting, pooling.
final class Chains {
    private Chains() {}

    /// @return number of draws per chain
    /// @throws IllegalArgumentException if there is no chain, no draw, or the chains differ in length
    static int draws(String who, double[][] x) {
        if (x.length == 0 || x[0].length == 0) {
            throw new IllegalArgumentException(who + ": there are no draws.\n"
                    + "  Expected: [chain][draw] with at least one chain of one draw\n"
                    + "  Got:      " + x.length + " chains" + (x.length == 0 ? "" : " of 0 draws"));
        }
        for (int c = 1; c < x.length; c++) {
            if (x[c].length != x[0].length) {
                throw new IllegalArgumentException(who + ": the chains differ in length.\n"
                        + "  Expected: " + x[0].length + " draws in every chain, as in chain 0\n"
                        + "  Got:      " + x[c].length + " draws in chain " + c);
            }
        }
        return x[0].length;
    }

    /// Every chain cut into its first and its last `⌊n/2⌋` draws (the middle one of an odd number is dropped).
    /// A chain of one draw is left whole.
    static double[][] split(double[][] x) {
        int n = x[0].length;
        if (n < 2) {
            return x;
        }
        int half = n / 2;
        double[][] parts = new double[2 * x.length][];
        for (int c = 0; c < x.length; c++) {
            parts[2 * c] = java.util.Arrays.copyOf(x[c], half);
            parts[2 * c + 1] = java.util.Arrays.copyOfRange(x[c], n - half, n);
        }
        return parts;
    }

    /// Chains of at least two draws that were [#split], put together again, without what was dropped.
    static double[][] joined(double[][] halves) {
        double[][] whole = new double[halves.length / 2][];
        for (int c = 0; c < whole.length; c++) {
            double[] first = halves[2 * c];
            double[] last = halves[2 * c + 1];
            whole[c] = java.util.Arrays.copyOf(first, first.length + last.length);
            System.arraycopy(last, 0, whole[c], first.length, last.length);
        }
        return whole;
    }

    /// All draws, chain after chain.
    static double[] pooled(double[][] x) {
        int n = x[0].length;
        double[] all = new double[x.length * n];
        for (int c = 0; c < x.length; c++) {
            System.arraycopy(x[c], 0, all, c * n, n);
        }
        return all;
    }

    /// Whether no estimate exists: a value is not finite, or all values agree within 2⁻⁵².
    ///
    /// The limit is absolute, as in R's posterior; rank-normalised quantities have unit scale and do not feel it.
    static boolean isDegenerate(double[][] x) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double[] chain : x) {
            for (double v : chain) {
                if (!Double.isFinite(v)) {
                    return true;
                }
                min = v < min ? v : min;
                max = v > max ? v : max;
            }
        }
        return max - min < 0x1p-52;
    }

    /// The values under a function, in the same arrangement.
    static double[][] map(double[][] x, java.util.function.DoubleUnaryOperator f) {
        double[][] y = new double[x.length][];
        for (int c = 0; c < x.length; c++) {
            y[c] = new double[x[c].length];
            for (int i = 0; i < y[c].length; i++) {
                y[c][i] = f.applyAsDouble(x[c][i]);
            }
        }
        return y;
    }
}
