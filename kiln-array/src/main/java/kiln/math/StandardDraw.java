package kiln.math;

import java.util.function.DoubleUnaryOperator;
import kiln.math.Threefry.Layout;

/// Standard draws that are one function of a uniform one, as in `jax.random`.
///
/// The float32 draw is the function of the float32 uniform, computed in double precision and rounded once.
@SuppressWarnings("ImmutableEnumChecker") // the functions are static
public enum StandardDraw {
    /// Rate 1, `−log1p(−u)`.
    EXPONENTIAL(0, 0, u -> -Elementary.log1p(-u)) {
        @Override
        void apply(double[] u, int n) {
            negate(u, n);
            Tiles.log1p(u, u, n);
            negate(u, n);
        }
    },
    /// `−log(−log u)`.
    GUMBEL(Float.MIN_NORMAL, Double.MIN_NORMAL, u -> -Elementary.log(-Elementary.log(u))) {
        @Override
        void apply(double[] u, int n) {
            Tiles.log(u, u, n);
            negate(u, n);
            Tiles.log(u, u, n);
            negate(u, n);
        }
    },
    /// `sign(u) log1p(−|u|)` for `u` on `(−1, 1)`.
    LAPLACE(-1 + 0x1p-24f, -1 + 0x1p-53, u -> Math.signum(u) * Elementary.log1p(-Math.abs(u))),
    /// `log(u / (1 − u))`.
    LOGISTIC(Float.MIN_NORMAL, Double.MIN_NORMAL, Elementary::logit),
    /// `tan(π (u − 1/2))`.
    CAUCHY(0x1p-23f, 0x1p-52, u -> StrictMath.tan(Math.PI * (u - 0.5)));

    private final float lowSingle;
    private final double low;
    private final DoubleUnaryOperator function;

    StandardDraw(float lowSingle, double low, DoubleUnaryOperator function) {
        this.lowSingle = lowSingle;
        this.low = low;
        this.function = function;
    }

    /// Replaces a tile of uniform numbers by draws, with the bits of the function.
    void apply(double[] u, int n) {
        for (int i = 0; i < n; i++) {
            u[i] = function.applyAsDouble(u[i]);
        }
    }

    private static void negate(double[] x, int n) {
        for (int i = 0; i < n; i++) {
            x[i] = -x[i];
        }
    }

    /// {@return `n` float32 draws}
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    public float[] floats(long key, Layout layout, int n) {
        float[] u = Samplers.uniformFloat(key, layout, n, lowSingle, 1);
        double[] tile = new double[Math.min(n, TileScratch.LENGTH)];
        for (int from = 0; from < n; from += tile.length) {
            int m = Math.min(tile.length, n - from);
            for (int i = 0; i < m; i++) {
                tile[i] = u[from + i];
            }
            apply(tile, m);
            for (int i = 0; i < m; i++) {
                u[from + i] = (float) tile[i];
            }
        }
        return u;
    }

    /// {@return `n` float64 draws}
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    public double[] doubles(long key, Layout layout, int n) {
        double[] draws = new double[n];
        var uniform = new UniformTiles(key, layout, n, low, 1);
        for (int from = 0; from < n; from += uniform.length()) {
            int m = Math.min(uniform.length(), n - from);
            double[] tile = uniform.next(m);
            apply(tile, m);
            System.arraycopy(tile, 0, draws, from, m);
        }
        return draws;
    }
}
