package kiln.math;

import java.util.Arrays;
import kiln.math.Threefry.Layout;

/// Poisson draws as JAX makes them: Knuth's product of uniforms for rates below 10, Hörmann's transformed rejection above.
///
/// Both loops run over the whole array until its last element is done, and every round uses fresh uniforms for all of it: so the draws
/// depend on the company they are made in, and an element that Hörmann's loop has accepted is replaced when a later round
/// accepts again. That is kept, because it makes the draws equal to JAX's. All arithmetic is in single precision.
///
/// Source: D. E. Knuth, *The Art of Computer Programming*, volume 2, 3.4.1; W. Hörmann, *The transformed rejection method for
/// generating Poisson random variables* (1993), PTRS.
final class PoissonSampler {
    private PoissonSampler() {}

    private static final float SMALL = 10;

    /// Stands in for a small rate in Hörmann's loop, so that it seldom delays the others.
    private static final float LARGE = 1e5f;

    private static boolean isLarge(float rate) {
        return rate >= SMALL && rate < Float.POSITIVE_INFINITY;
    }

    static int[] draw(long key, Layout layout, float[] rate) {
        int n = rate.length;
        boolean anySmall = false;
        boolean anyLarge = false;
        for (float r : rate) {
            anyLarge |= isLarge(r);
            anySmall |= !(r >= SMALL);
        }
        int[] draws = anySmall ? knuth(key, layout, rate) : new int[n];
        if (anyLarge) {
            int[] large = hormann(key, layout, rate);
            for (int i = 0; i < n; i++) {
                draws[i] = isLarge(rate[i]) ? large[i] : draws[i];
            }
        }
        for (int i = 0; i < n; i++) {
            if (rate[i] == 0 || rate[i] == Float.POSITIVE_INFINITY) {
                draws[i] = rate[i] == 0 ? 0 : Integer.MAX_VALUE;
            }
        }
        return draws;
    }

    private static int[] knuth(long key, Layout layout, float[] rate) {
        int n = rate.length;
        int[] k = new int[n];
        Arrays.fill(k, -1);
        float[] logProduct = new float[n];
        float[] limit = new float[n];
        for (int i = 0; i < n; i++) {
            limit[i] = rate[i] >= SMALL ? 0 : -rate[i];
        }
        // Every element has a uniform number of its own in every round; those that are done take no further one.
        int[] running = new int[n];
        int count = 0;
        for (int i = 0; i < n; i++) {
            if (logProduct[i] > limit[i]) {
                running[count++] = i;
            }
        }
        while (count > 0) {
            long[] keys = Threefry.split(key, layout, 2);
            key = keys[0];
            int left = 0;
            float[] all = layout == Layout.ORIGINAL || count > n / 4 ? Samplers.uniformFloat(keys[1], layout, n, 0, 1) : null;
            for (int j = 0; j < count; j++) {
                int i = running[j];
                float u = all != null ? all[i] : Samplers.uniformFloat(keys[1], i);
                k[i]++;
                logProduct[i] += (float) Elementary.log(u);
                if (logProduct[i] > limit[i]) {
                    running[left++] = i;
                }
            }
            count = left;
        }
        return k;
    }

    private static int[] hormann(long key, Layout layout, float[] rate) {
        int n = rate.length;
        int[] k = new int[n];
        boolean[] isDone = new boolean[n];
        for (int rest = n; rest > 0; ) {
            long[] keys = Threefry.split(key, layout, 3);
            key = keys[0];
            float[] u = Samplers.uniformFloat(keys[1], layout, n, 0, 1);
            float[] v = Samplers.uniformFloat(keys[2], layout, n, 0, 1);
            for (int i = 0; i < n; i++) {
                float candidate = propose(isLarge(rate[i]) ? rate[i] : LARGE, u[i] - 0.5f, v[i]);
                if (candidate >= 0) {
                    k[i] = (int) candidate;
                    rest -= isDone[i] ? 0 : 1;
                    isDone[i] = true;
                }
            }
        }
        return k;
    }

    /// One proposal for `u` on `[−1/2, 1/2)`; −1 when it is rejected.
    private static float propose(float rate, float u, float v) {
        float b = 0.931f + 2.53f * (float) Math.sqrt(rate);
        float a = -0.059f + 0.02483f * b;
        float inverseAlpha = 1.1239f + 1.1328f / (b - 3.4f);
        float limit = 0.9277f - 3.6224f / (b - 2);
        float shifted = 0.5f - Math.abs(u);
        float k = (float) Math.floor((2 * a / shifted + b) * u + rate + 0.43f);
        if (shifted >= 0.07f && v <= limit) {
            return k;
        }
        if (k < 0 || (shifted < 0.013f && v > shifted)) {
            return -1;
        }
        float s = (float) Elementary.log(v * inverseAlpha / (a / (shifted * shifted) + b));
        float t = -rate + k * (float) Elementary.log(rate) - (float) Gamma.lgamma(k + 1);
        return s <= t ? k : -1;
    }
}
