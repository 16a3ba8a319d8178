package kiln.math;

/// Gamma draws of scale 1 by Marsaglia and Tsang's rejection method, from normal and uniform numbers that come one after another.
///
/// ```
/// d = a − 1/3, c = 1/√(9 d):   d v with v = (1 + c z)³ is accepted for log u < z²/2 + d (1 − v + log v)
/// ```
///
/// With `t = c z` the right-hand side is `−z⁴/(108 d) · (1 − 4t/5 + 4t²/6 − …)`, at least `−z⁴/(108 d) · max(1, 1 − 4t)` for `t > −¾`: the
/// remainder of the logarithm's series for `t > 0`, the geometric series and its chord below. So most draws are accepted without a
/// logarithm: of shape 2.5 all but 2 or 3 of 100, where the bound of the source, one for all shapes, leaves 10.
///
/// For a shape `a` below 1 the draw of shape `a + 1` is multiplied by `u^(1/a)`. What depends on the shape alone is kept while the shape
/// stays the same.
///
/// Source: G. Marsaglia, W. W. Tsang, *A simple method for generating gamma variables* (2000).
final class MarsagliaTsang {
    private final Xoshiro spare;
    private final boolean isLog;
    private double shape = Double.NaN;
    private double d;
    private double c;
    private double fourth;

    /// @param spare serves what a draw needs beyond its own two numbers
    /// @param isLog whether logarithms of draws are wanted
    MarsagliaTsang(Xoshiro spare, boolean isLog) {
        this.spare = spare;
        this.isLog = isLog;
    }

    /// {@return one draw; NaN unless `a > 0`}
    ///
    /// @param z standard normal
    /// @param u uniform in (0, 1)
    double draw(double a, double z, double u) {
        if (a != shape) {
            if (!(a > 0)) {
                return Double.NaN;
            }
            prepare(a);
        }
        double t = c * z;
        double root = 1 + t;
        double v = root * root * root;
        double square = z * z;
        if (t <= -0.75 || u >= 1 - fourth * (square * square) * Math.max(1, 1 - 4 * t)) {
            v = careful(z, u);
        }
        return a >= 1 && !isLog ? d * v : finished(a, v);
    }

    private void prepare(double a) {
        shape = a;
        d = (a < 1 ? a + 1 : a) - 1.0 / 3;
        c = 1 / Math.sqrt(9 * d);
        fourth = 1 / (108 * d);
    }

    /// Draws of one shape from a tile of normal numbers and words, the same as those of [#draw]: first the part without branches, which C2
    /// vectorises.
    ///
    /// @param a      shape, ≥ 1; logarithms are not wanted
    /// @param v      scratch
    /// @param excess scratch
    void fill(double a, double[] z, long[] words, double[] v, double[] excess, double[] draws, int from, int n) {
        prepare(a);
        propose(z, words, v, excess, n, c, fourth);
        for (int i = 0; i < n; i++) {
            draws[from + i] = d * (excess[i] < 0 ? v[i] : careful(z[i], RandomWords.uniform(words[i])));
        }
    }

    private static void propose(double[] z, long[] words, double[] v, double[] excess, int n, double c, double fourth) {
        for (int i = 0; i < n; i++) {
            double t = c * z[i];
            double root = 1 + t;
            double square = z[i] * z[i];
            double u = ((words[i] >>> 12) + 0.5) * 0x1p-52;
            v[i] = root * root * root;
            // Where t ≤ −¾ it is not negative.
            excess[i] = Math.max(u - (1 - fourth * (square * square) * Math.max(1, 1 - 4 * t)), -0.75 - t);
        }
    }

    /// The exact comparison, and further proposals.
    private double careful(double firstNormal, double firstUniform) {
        double z = firstNormal;
        double u = firstUniform;
        while (true) {
            double root = 1 + c * z;
            double v = root * root * root;
            if (root > 0 && Elementary.log(u) < 0.5 * z * z + d * (1 - v + Elementary.log(v))) {
                return v;
            }
            z = Ziggurat.draw(spare);
            u = spare.uniform();
        }
    }

    private double finished(double a, double v) {
        double logBoost = a < 1 ? Elementary.log(spare.uniform()) / a : 0;
        return isLog ? Elementary.log(d) + Elementary.log(v) + logBoost : d * v * Elementary.exp(logBoost);
    }
}
