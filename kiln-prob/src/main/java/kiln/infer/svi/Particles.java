package kiln.infer.svi;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.UserCode;
import kiln.func.Functions;

/// The average of a loss over draws of the guide.
final class Particles {
    private Particles() {}

    static void check(String who, int numParticles) {
        if (numParticles < 1) {
            throw new DomainException(
                    new Diagnosis(who, "numParticles must be ≥ 1").got("" + numParticles).at(UserCode.line()));
        }
    }

    /// {@return minus the mean of a bound over particles}
    ///
    /// One particle takes the key itself, several take a key each from its split, as in NumPyro.
    ///
    /// @param vectorize whether the particles become a further axis of all arrays, rather than runs one after the other
    /// @param bound     the bound and the mutable state of one particle
    static ELBO.Loss mean(PRNGKey key, int n, boolean vectorize, Function<PRNGKey, ELBO.Loss> bound) {
        if (n == 1) {
            ELBO.Loss one = bound.apply(key);
            return new ELBO.Loss(one.value().unaryMinus(), one.mutable());
        }
        ELBO.Loss all;
        if (vectorize) {
            all = Functions.<NDArray, ELBO.Loss>vmap(k -> bound.apply(key.withKeyData(k))).apply(key.splitKeyData(n));
        } else {
            var each = Arrays.stream(key.split(n)).map(bound).toList();
            all = new ELBO.Loss(Np.stack(each.stream().map(ELBO.Loss::value).toList(), 0), each.getFirst().mutable());
        }
        // A model that replaces values does so once: the first particle counts.
        Map<String, NDArray> mutable = new LinkedHashMap<>(all.mutable());
        if (vectorize) {
            mutable.replaceAll((_, v) -> v.get(0));
        }
        return new ELBO.Loss(Np.mean(all.value()).unaryMinus(), mutable);
    }
}
