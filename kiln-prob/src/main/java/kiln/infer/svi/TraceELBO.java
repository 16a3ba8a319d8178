package kiln.infer.svi;

import java.util.Map;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.model.Model;

/// The bound by plain Monte Carlo, differentiated through the draws of the guide.
///
/// ```
/// ELBO ≈ 1/S Σ_s [log p(x, z_s) − log q(z_s)],   z_s ~ q
/// ```
///
/// Discrete sites of the model that the guide does not have are summed out, `log Σ_d p(x, z_s, d)` in place of `log p(x, z_s)`: what
/// NumPyro's `TraceEnum_ELBO` does. In a subsampled plate the sum over the values is taken before the scale of the plate, so that the
/// estimate stays unbiased.
///
/// Source: Kucukelbir et al., *Automatic differentiation variational inference* (2017).
///
/// @param numParticles       S, ≥ 1
/// @param vectorizeParticles whether the particles are a further axis of all arrays, or runs one after the other
public record TraceELBO(int numParticles, boolean vectorizeParticles) implements ELBO {
    private static final String WHO = "TraceELBO";

    /// @throws kiln.array.DomainException if there is no particle
    public TraceELBO {
        Particles.check(WHO, numParticles);
    }

    /// One particle.
    public TraceELBO() {
        this(1);
    }

    /// Several particles as a further axis.
    public TraceELBO(int numParticles) {
        this(numParticles, true);
    }

    @Override
    public Loss loss(PRNGKey key, Map<String, NDArray> params, Model model, Model guide) {
        return Particles.mean(key, numParticles, vectorizeParticles, k -> {
            Particle p = Particle.of(WHO, k, params, model, guide);
            return new Loss(p.elbo(), p.mutable());
        });
    }
}
