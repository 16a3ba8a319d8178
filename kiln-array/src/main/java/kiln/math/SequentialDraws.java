package kiln.math;

/// Draws of a key in the layout [Threefry.Layout#SEQUENTIAL], in one pass over the words of [XoshiroTiles].
///
/// A draw has words of its own; what it needs beyond them, after a rejection, comes from one further generator of the key. They are not the
/// draws of JAX; like those they are a function of key, length and parameters, on every machine and for any number of threads.
final class SequentialDraws {
    private SequentialDraws() {}

    /// {@return the upper halves of `n` words}
    static int[] bits32(long key, int n) {
        var tiles = new XoshiroTiles(key, n);
        int[] bits = new int[n];
        for (int from = 0; from < n; from += tiles.length()) {
            long[] words = tiles.next();
            for (int i = 0, m = Math.min(tiles.length(), n - from); i < m; i++) {
                bits[from + i] = (int) (words[i] >>> 32);
            }
        }
        return bits;
    }

    /// {@return `loc + scale z` for `n` standard normal numbers}
    static double[] normal(long key, int n, double loc, double scale) {
        var tiles = new XoshiroTiles(key, n);
        Xoshiro spare = XoshiroTiles.spare(key);
        double[] draws = new double[n];
        // Through the cache: stored among the draws at once it takes longer, by a few of 100.
        double[] z = new double[tiles.length()];
        int[] place = new int[z.length];
        boolean isStandard = loc == 0 && scale == 1;
        for (int from = 0; from < n; from += z.length) {
            int m = Math.min(z.length, n - from);
            Ziggurat.fill(tiles.next(), spare, z, place, m);
            if (!isStandard) {
                stretch(z, m, loc, scale);
            }
            System.arraycopy(z, 0, draws, from, m);
        }
        return draws;
    }

    /// Moves numbers: `x ← loc + scale x`.
    static void stretch(double[] x, int n, double loc, double scale) {
        for (int i = 0; i < n; i++) {
            x[i] = loc + scale * x[i];
        }
    }

    /// Gamma draws of scale 1, or their logarithms, by Marsaglia and Tsang's method on the ziggurat.
    ///
    /// @param key   packed key
    /// @param a     shapes, > 0: one for all draws, or one for each
    /// @param isLog whether logarithms are wanted
    /// @param draws gets the draws
    /// @param begin the first of them, and the first shape
    /// @param n     their number
    static void gamma(long key, double[] a, boolean isLog, double[] draws, int begin, int n) {
        var tiles = new XoshiroTiles(key, n);
        Xoshiro spare = XoshiroTiles.spare(key);
        var sampler = new MarsagliaTsang(spare, isLog);
        boolean isPlain = a.length == 1 && a[0] >= 1 && !isLog;
        double[] z = new double[tiles.length()];
        double[] v = new double[z.length];
        double[] excess = new double[z.length];
        int[] place = new int[z.length];
        for (int from = 0; from < n; from += z.length) {
            int m = Math.min(z.length, n - from);
            Ziggurat.fill(tiles.next(), spare, z, place, m);
            long[] words = tiles.next();
            if (isPlain) {
                sampler.fill(a[0], z, words, v, excess, draws, begin + from, m);
            } else {
                gamma(sampler, a, z, words, draws, begin + from, m);
            }
        }
    }

    // A method of its own: HotSpot compiles what is called often better than a loop that it replaces while it runs.
    private static void gamma(MarsagliaTsang sampler, double[] a, double[] z, long[] words, double[] draws, int from, int n) {
        boolean isOne = a.length == 1;
        for (int i = 0; i < n; i++) {
            draws[from + i] = sampler.draw(a[isOne ? 0 : from + i], z[i], RandomWords.uniform(words[i]));
        }
    }

    /// Poisson draws.
    ///
    /// @param key  packed key
    /// @param rate means, ≥ 0: one for all draws, or one for each
    /// @param n    number of draws
    /// @return counts; −1 for NaN, the largest int for ∞
    static long[] poisson(long key, double[] rate, int n) {
        var tiles = new XoshiroTiles(key, n);
        var sampler = new SequentialPoisson(XoshiroTiles.spare(key));
        long[] draws = new long[n];
        for (int from = 0; from < n; from += tiles.length()) {
            poisson(sampler, rate, tiles.next(), draws, from, Math.min(tiles.length(), n - from));
        }
        return draws;
    }

    private static void poisson(SequentialPoisson sampler, double[] rate, long[] words, long[] draws, int from, int n) {
        boolean isOne = rate.length == 1;
        for (int i = 0; i < n; i++) {
            draws[from + i] = sampler.draw(rate[isOne ? 0 : from + i], words[i]);
        }
    }
}
