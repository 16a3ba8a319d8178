package kiln.math;

/// The normal quantile on whole tiles: the same formulas as [Erf#ndtri], hence the same bits.
///
/// The formula of the centre, which holds for 85 of 100 uniform numbers, is computed for all of them; the others are collected, computed
/// together and put back.
final class QuantileTiles {
    private final double[] y;
    private final double[] tail;
    private final double[] root;
    private final int[] place;

    /// @param length the most elements of a tile
    QuantileTiles(int length) {
        y = new double[length];
        tail = new double[length];
        root = new double[length];
        place = new int[length];
    }

    /// {@return `sqrt(2) erfinv(x)` for a tile, which is the caller's until the next call}
    ///
    /// @param x in `(−1, 1)`
    double[] sqrt2Erfinv(double[] x, int n) {
        centre(x, y, n);
        int m = collect(x, tail, place, n);
        Tiles.log(tail, tail, m);
        roots(tail, root, m);
        middle(root, tail, m);
        for (int k = 0; k < m; k++) {
            int i = place[k];
            y[i] = root[k] <= 5 ? Math.copySign(tail[k], x[i]) : Erf.sqrt2Erfinv(x[i]);
        }
        return y;
    }

    /// Puts the tails of the numbers outside the centre, `(1 − |x|)/2`, and their places one after the other.
    private static int collect(double[] x, double[] tail, int[] place, int n) {
        int m = 0;
        for (int i = 0; i < n; i++) {
            double magnitude = Math.abs(x[i]);
            tail[m] = 0.5 * (1 - magnitude);
            place[m] = i;
            m += 0.5 * magnitude > Erf.CENTRE ? 1 : 0;
        }
        return m;
    }

    private static void roots(double[] log, double[] r, int n) {
        for (int i = 0; i < n; i++) {
            r[i] = Math.sqrt(-log[i]);
        }
    }

    private static void centre(double[] x, double[] y, int n) {
        double[] a = Erf.CENTRE_NUMERATOR;
        double[] b = Erf.CENTRE_DENOMINATOR;
        double a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5], a6 = a[6], a7 = a[7];
        double b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3], b4 = b[4], b5 = b[5], b6 = b[6], b7 = b[7];
        for (int i = 0; i < n; i++) {
            double q = 0.5 * x[i];
            double r = Math.fma(-q, q, Erf.CENTRE_SQUARE);
            double p = fma(fma(fma(fma(fma(fma(fma(a7, r, a6), r, a5), r, a4), r, a3), r, a2), r, a1), r, a0);
            double d = fma(fma(fma(fma(fma(fma(fma(b7, r, b6), r, b5), r, b4), r, b3), r, b2), r, b1), r, b0);
            y[i] = q * (p / d);
        }
    }

    private static void middle(double[] root, double[] y, int n) {
        double[] a = Erf.MIDDLE_NUMERATOR;
        double[] b = Erf.MIDDLE_DENOMINATOR;
        double a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5], a6 = a[6], a7 = a[7];
        double b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3], b4 = b[4], b5 = b[5], b6 = b[6], b7 = b[7];
        for (int i = 0; i < n; i++) {
            double r = root[i] - 1.6;
            double p = fma(fma(fma(fma(fma(fma(fma(a7, r, a6), r, a5), r, a4), r, a3), r, a2), r, a1), r, a0);
            double d = fma(fma(fma(fma(fma(fma(fma(b7, r, b6), r, b5), r, b4), r, b3), r, b2), r, b1), r, b0);
            y[i] = p / d;
        }
    }

    private static double fma(double a, double b, double c) {
        return Math.fma(a, b, c);
    }
}
