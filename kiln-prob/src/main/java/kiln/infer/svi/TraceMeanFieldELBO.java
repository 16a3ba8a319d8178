package kiln.infer.svi;

import java.util.Map;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.dist.KL;
import kiln.model.HandlerException;
import kiln.model.Message;
import kiln.model.Model;

/// The bound with the divergence of each site from its prior in closed form where there is one, which has less variance.
///
/// ```
/// ELBO ≈ 1/S Σ_s [log p(x | z_s) − Σ_i KL(q_i ‖ p_i)],   z_s ~ q
/// ```
///
/// It is right for guides whose sites are independent of each other given what comes before them in the model; sites whose pair of
/// distributions has no closed form count by their draws, as in [TraceELBO].
///
/// @param numParticles       S, ≥ 1
/// @param vectorizeParticles whether the particles are a further axis of all arrays, or runs one after the other
public record TraceMeanFieldELBO(int numParticles, boolean vectorizeParticles) implements ELBO {
    private static final String WHO = "TraceMeanFieldELBO";

    /// @throws kiln.array.DomainException if there is no particle
    public TraceMeanFieldELBO {
        Particles.check(WHO, numParticles);
    }

    /// One particle.
    public TraceMeanFieldELBO() {
        this(1);
    }

    /// Several particles as a further axis.
    public TraceMeanFieldELBO(int numParticles) {
        this(numParticles, true);
    }

    @Override
    public Loss loss(PRNGKey key, Map<String, NDArray> params, Model model, Model guide) {
        return Particles.mean(key, numParticles, vectorizeParticles, k -> {
            Particle p = Particle.of(WHO, k, params, model, guide);
            Message.Sample discrete = p.firstDiscrete();
            if (discrete != null) {
                throw new HandlerException(new Diagnosis(discrete.label(), "the divergences of the other sites may depend on this discrete one, which is summed out")
                        .got(WHO)
                        .at(discrete.place())
                        .fix("use TraceELBO."));
            }
            NDArray sum = Np.scalar(0.0);
            for (Message.Sample s : p.model().samples().values()) {
                boolean isLatent = !s.isObserved() && p.guide().sites().get(s.name()) instanceof Message.Sample;
                sum = sum.plus(isLatent ? divergence(p.guide().sample(s.name()), s).unaryMinus() : Particle.density(s));
            }
            for (Message.Sample s : p.guide().samples().values()) {
                // Auxiliary sites of the guide.
                sum = p.model().contains(s.name()) ? sum : sum.minus(Particle.density(s));
            }
            return new Loss(sum, p.mutable());
        });
    }

    private static NDArray divergence(Message.Sample q, Message.Sample p) {
        try {
            return q.weighted(KL.klDivergence(q.distribution(), p.distribution())).sum();
        } catch (UnsupportedOperationException e) {
            return Particle.density(q).minus(Particle.density(p));
        }
    }
}
