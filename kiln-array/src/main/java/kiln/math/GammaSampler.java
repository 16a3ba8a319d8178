package kiln.math;

import kiln.math.Threefry.Layout;

/// Gamma draws by Marsaglia and Tsang's rejection method, with JAX's use of keys: one key per draw, split again at every proposal.
///
/// For a shape below 1 the draw of shape `a + 1` is multiplied by `u^(1/a)`. The float32 version rounds every step to float.
///
/// Source: G. Marsaglia, W. W. Tsang, *A simple method for generating gamma variables* (2000).
final class GammaSampler {
    private GammaSampler() {}

    static double[] draw(long key, Layout layout, double[] concentration, boolean isLog) {
        int n = concentration.length;
        long[] keys = Threefry.split(key, layout, n);
        double[] draws = new double[n];
        for (int i = 0; i < n; i++) {
            draws[i] = one(keys[i], layout, concentration[i], isLog);
        }
        return draws;
    }

    static float[] draw(long key, Layout layout, float[] concentration, boolean isLog) {
        int n = concentration.length;
        long[] keys = Threefry.split(key, layout, n);
        float[] draws = new float[n];
        for (int i = 0; i < n; i++) {
            draws[i] = one(keys[i], layout, concentration[i], isLog);
        }
        return draws;
    }

    private static double one(long key, Layout layout, double a, boolean isLog) {
        if (!(a > 0)) {
            return Double.NaN;
        }
        double d = (a >= 1 ? a : a + 1) - 1.0 / 3;
        double c = 1.0 / 3 / Math.sqrt(d);
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
                x = Samplers.normal(sub, layout, 1)[0];
                v = 1 + x * c;
            } while (v <= 0);
            square = x * x;
            cube = v * v * v;
            u = Samplers.uniform(uniforms, layout, 1, 0, 1)[0];
        } while (u >= 1 - 0.0331 * (square * square)
                && Elementary.log(u) >= square * 0.5 + d * ((1 - cube) + Elementary.log(cube)));
        long boost = Threefry.split(key, layout, 2, 1);
        if (isLog) {
            double log = -Samplers.exponential(boost, layout, 1)[0];
            return Elementary.log(d) + Elementary.log(cube) + (a >= 1 || log == 0 ? 0 : log * (1 / a));
        }
        double s = 1 - Samplers.uniform(boost, layout, 1, 0, 1)[0];
        return d * cube * (a >= 1 ? 1 : Elementary.pow(s, 1 / a));
    }

    private static float one(long key, Layout layout, float a, boolean isLog) {
        if (!(a > 0)) {
            return Float.NaN;
        }
        float third = (float) (1.0 / 3);
        float d = (a >= 1 ? a : a + 1) - third;
        float c = third / (float) Math.sqrt(d);
        long state = Threefry.split(key, layout, 2, 0);
        float square;
        float cube;
        float u;
        do {
            long normals = Threefry.split(state, layout, 3, 1);
            long uniforms = Threefry.split(state, layout, 3, 2);
            state = Threefry.split(state, layout, 3, 0);
            float x;
            float v;
            do {
                long sub = Threefry.split(normals, layout, 2, 1);
                normals = Threefry.split(normals, layout, 2, 0);
                x = Samplers.normalFloat(sub, layout, 1)[0];
                v = 1 + x * c;
            } while (v <= 0);
            square = x * x;
            cube = v * v * v;
            u = Samplers.uniformFloat(uniforms, layout, 1, 0, 1)[0];
        } while (u >= 1 - 0.0331f * (square * square)
                && log(u) >= square * 0.5f + d * ((1 - cube) + log(cube)));
        long boost = Threefry.split(key, layout, 2, 1);
        if (isLog) {
            float log = -Samplers.exponentialFloat(boost, layout, 1)[0];
            return log(d) + log(cube) + (a >= 1 || log == 0 ? 0 : log * (1 / a));
        }
        float s = 1 - Samplers.uniformFloat(boost, layout, 1, 0, 1)[0];
        return d * cube * (a >= 1 ? 1 : (float) Elementary.pow(s, 1 / a));
    }

    private static float log(float x) {
        return (float) Elementary.log(x);
    }
}
