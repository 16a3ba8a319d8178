package kiln.math;

/// `sqrt(2) erfinv(x)` of float32 numbers on whole tiles: the same formulas as [Erf#erfinvFloat], hence the same bits.
///
/// The formula of the centre is computed for all; of uniform numbers 3 in 1000 take the other one, each by itself.
final class FloatQuantileTiles {
    private static final int LENGTH = TileScratch.LENGTH;

    /// So few are computed one by one.
    private static final int FEW = 8;

    private static final float SQRT_2 = 1.4142135f;

    private FloatQuantileTiles() {}

    /// Replaces numbers.
    ///
    /// @param x in `(−1, 1)`
    static void sqrt2Erfinv(float[] x) {
        if (x.length < FEW) {
            for (int i = 0; i < x.length; i++) {
                x[i] = SQRT_2 * Erf.erfinvFloat(x[i]);
            }
            return;
        }
        float[] part = new float[Math.min(LENGTH, x.length)];
        float[] w = new float[part.length];
        float[] out = new float[part.length];
        double[] wide = new double[part.length];
        for (int from = 0; from < x.length; from += part.length) {
            int n = Math.min(part.length, x.length - from);
            System.arraycopy(x, from, part, 0, n);
            squares(part, wide, n);
            Tiles.log1p(wide, wide, n);
            logarithms(wide, w, n);
            centre(part, w, out, n);
            for (int i = 0; i < n; i++) {
                if (!(w[i] < Erf.FLOAT_CENTRE)) {
                    out[i] = SQRT_2 * Erf.erfinvFloat(part[i]);
                }
            }
            System.arraycopy(out, 0, x, from, n);
        }
    }

    private static void squares(float[] x, double[] minus, int n) {
        for (int i = 0; i < n; i++) {
            minus[i] = -(x[i] * x[i]);
        }
    }

    private static void logarithms(double[] log, float[] w, int n) {
        for (int i = 0; i < n; i++) {
            w[i] = -(float) log[i];
        }
    }

    private static void centre(float[] x, float[] w, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = SQRT_2 * (Erf.centreFloat(w[i]) * x[i]);
        }
    }
}
