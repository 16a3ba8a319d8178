package kiln.infer.mcmc;

import java.util.function.DoubleConsumer;
import kiln.array.NDArray;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;
import kiln.infer.Postprocessing;

/// A number that tells models and data apart: it is made of the bits of the log density and its gradient at a few fixed places.
///
/// Whatever changes the posterior changes the density almost everywhere, hence the number; the same model with the same data has
/// the same number on every machine.
final class Fingerprint {
    private static final int PLACES = 4;
    private static final long SEED = 20;

    private Fingerprint() {}

    /// What is looked at.
    private interface Seen {
        /// Tells its numbers at a position.
        void at(double[] position, DoubleConsumer numbers);
    }

    static String of(LogDensity density) {
        double[] gradient = new double[density.dimension()];
        return of(density.dimension(), (q, numbers) -> {
            numbers.accept(density.valueAndGradient(q, gradient));
            for (double g : gradient) {
                numbers.accept(g);
            }
        });
    }

    /// {@return the same for a function of the draws of a density}
    static String of(PosteriorDensity density, Postprocessing function) {
        return of(density.dimension(), (q, numbers) -> {
            for (NDArray x : function.at(density.constrain(new double[][][] {{q}})).values()) {
                for (double v : x.toDoubleArray()) {
                    numbers.accept(v);
                }
            }
        });
    }

    private static String of(int dimension, Seen seen) {
        double[] q = new double[dimension];
        ChainRandom random = new ChainRandom(SEED);
        long[] hash = {dimension};
        double radius = 1;
        for (int k = 0; k < PLACES; k++, radius /= 4) {
            for (int i = 0; i < q.length; i++) {
                q[i] = radius * (2 * random.uniform() - 1);
            }
            seen.at(q, x -> hash[0] = mixed(hash[0], x));
        }
        return Long.toHexString(hash[0]);
    }

    /// {@return a number that depends on all numbers up to this one and on their order}
    static long mixed(long hash, double x) {
        long z = (hash ^ Double.doubleToLongBits(x)) * 0x9e3779b97f4a7c15L;
        return z ^ (z >>> 29);
    }
}
