package kiln.infer.mcmc;

import kiln.infer.LogDensity;

/// A number that tells models and data apart: it is made of the bits of the log density and its gradient at a few fixed places.
///
/// Whatever changes the posterior changes the density almost everywhere, hence the number; the same model with the same data has
/// the same number on every machine.
final class Fingerprint {
    private static final int PLACES = 4;
    private static final long SEED = 20;

    private Fingerprint() {}

    static String of(LogDensity density) {
        double[] q = new double[density.dimension()];
        double[] gradient = new double[q.length];
        ChainRandom random = new ChainRandom(SEED);
        long hash = q.length;
        double radius = 1;
        for (int k = 0; k < PLACES; k++, radius /= 4) {
            for (int i = 0; i < q.length; i++) {
                q[i] = radius * (2 * random.uniform() - 1);
            }
            hash = mixed(hash, density.valueAndGradient(q, gradient));
            for (double g : gradient) {
                hash = mixed(hash, g);
            }
        }
        return Long.toHexString(hash);
    }

    /// {@return a number that depends on all numbers up to this one and on their order}
    static long mixed(long hash, double x) {
        long z = (hash ^ Double.doubleToLongBits(x)) * 0x9e3779b97f4a7c15L;
        return z ^ (z >>> 29);
    }
}
