package kiln.math;

import kiln.math.Threefry.Layout;

/// Gamma draws by Marsaglia and Tsang's rejection method, with JAX's use of keys: one key per draw, split again at every proposal.
///
/// For a shape below 1 the draw of shape `a + 1` is multiplied by `u^(1/a)`. In single precision every step is rounded to float,
/// which gives the bits of float arithmetic: a sum, product, quotient or root of floats that is rounded to double first and to
/// float then is rounded correctly.
///
/// Source: G. Marsaglia, W. W. Tsang, *A simple method for generating gamma variables* (2000).
final class GammaSampler {
    private final Layout layout;
    private final boolean single;
    private final boolean isLog;

    /// @param single whether draws are made in single precision, from 32-bit words
    /// @param isLog  whether logarithms of draws are wanted
    GammaSampler(Layout layout, boolean single, boolean isLog) {
        this.layout = layout;
        this.single = single;
        this.isLog = isLog;
    }

    private double round(double x) {
        return single ? (float) x : x;
    }

    private double log(double x) {
        return round(Elementary.log(x));
    }

    private double normal(long key) {
        return single ? Samplers.normalFloat(key, layout, 1)[0] : Erf.sqrt2Erfinv(Samplers.uniform(key, layout, Math.nextUp(-1.0), 1));
    }

    private double uniform(long key) {
        return single ? Samplers.uniformFloat(key, layout, 1, 0, 1)[0] : Samplers.uniform(key, layout, 0, 1);
    }

    /// {@return one draw; NaN unless `a > 0`}
    double draw(long key, double a) {
        if (!(a > 0)) {
            return Double.NaN;
        }
        double third = round(1.0 / 3);
        double d = round((a >= 1 ? a : round(a + 1)) - third);
        double c = round(third / round(Math.sqrt(d)));
        long state = Threefry.split(key, layout, 2, 0);
        double square;
        double cube;
        double u;
        do {
            long normals = Threefry.split(state, layout, 3, 1);
            long uniforms = Threefry.split(state, layout, 3, 2);
            state = Threefry.split(state, layout, 3, 0);
            double x;
            double v;
            do {
                long sub = Threefry.split(normals, layout, 2, 1);
                normals = Threefry.split(normals, layout, 2, 0);
                x = normal(sub);
                v = round(1 + round(x * c));
            } while (v <= 0);
            square = round(x * x);
            cube = round(round(v * v) * v);
            u = uniform(uniforms);
        } while (isRejected(u, d, square, cube));
        double scaled = round(d * cube);
        if (a >= 1) {
            return isLog ? round(log(d) + log(cube)) : scaled;
        }
        double s = uniform(Threefry.split(key, layout, 2, 1));
        double inverse = round(1 / a);
        if (isLog) {
            double boost = round(Elementary.log1p(-s));
            return round(round(log(d) + log(cube)) + (boost == 0 ? 0 : round(boost * inverse)));
        }
        return round(scaled * round(Elementary.pow(round(1 - s), inverse)));
    }

    private boolean isRejected(double u, double d, double square, double cube) {
        if (u < round(1 - round(round(0.0331) * round(square * square)))) {
            return false;
        }
        double slack = round(d * round(round(1 - cube) + log(cube)));
        return log(u) >= round(round(square * 0.5) + slack);
    }
}
