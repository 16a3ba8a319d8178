package kiln.math;

/// Gamma draws of scale 1 by Marsaglia and Tsang's rejection method, from normal and uniform numbers that come one after another.
///
/// ```
/// d = a − 1/3, c = 1/√(9 d):   d v with v = (1 + c z)³ is accepted for log u < z²/2 + d (1 − v + log v)
/// ```
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

    /// @param spare serves what a draw needs beyond its own two numbers
    /// @param isLog whether logarithms of draws are wanted
    MarsagliaTsang(Xoshiro spare, boolean isLog) {
        this.spare = spare;
        this.isLog = isLog;
    }

    Xoshiro spare() {
        return spare;
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
            shape = a;
            d = (a < 1 ? a + 1 : a) - 1.0 / 3;
            c = 1 / Math.sqrt(9 * d);
        }
        double root = 1 + c * z;
        double v = root * root * root;
        double square = z * z;
        // The squeeze accepts all but a few of a hundred without a logarithm.
        if (root <= 0 || u >= 1 - 0.0331 * (square * square)) {
            v = careful(z, u);
        }
        return a >= 1 && !isLog ? d * v : finished(a, v);
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
