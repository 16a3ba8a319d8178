package kiln.infer.reparam;

import static kiln.model.Primitives.factor;
import static kiln.model.Primitives.infer;
import static kiln.model.Primitives.sample;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.Normal;
import kiln.dist.transform.Transform;
import kiln.infer.LatentSite;
import kiln.infer.UnconstrainedModel;
import kiln.model.Handler;
import kiln.model.Infer;
import kiln.model.Message;
import kiln.model.PlateFrame;
import kiln.model.Reparam;
import kiln.model.handler.Reparametrize;
import org.jspecify.annotations.Nullable;

/// Samples all latent sites of a model together, in the coordinates of a flow that straightens their posterior.
///
/// ```
/// prefix_shared_latent = z ∈ ℝᵈ,    x = t(z),    site_i = bijection_i(x_i)
/// log density = log p(sites) + Σ log |det bijection_i| + log |det ∂t/∂z|
/// ```
///
/// Every latent site becomes a deterministic one; its density is the factor `_name_log_prob`.
///
/// Source: Hoffman et al., *NeuTra-lizing Bad Geometry in Hamiltonian Monte Carlo Using Neural Transport* (2019).
///
/// @param model     the latent sites with their positions, see [UnconstrainedModel#of]
/// @param transform t, of vectors of the dimension of the model
/// @param prefix    what stands before the name of the shared site
public record NeuTraReparam(UnconstrainedModel model, Transform transform, String prefix) {
    /// The shared site is `auto_shared_latent`.
    public NeuTraReparam(UnconstrainedModel model, Transform transform) {
        this(model, transform, "auto");
    }

    /// {@return the handler to put round the model: `handle(model, neutra.reparam())`}
    public Handler reparam() {
        return () -> {
            var run = new Run();
            List<String> names = model.sites().stream().map(LatentSite::name).toList();
            Reparam strategy = run::site;
            return new Reparametrize(s -> names.contains(s.name()) ? Optional.of(strategy) : Optional.empty()).open();
        };
    }

    /// {@return the values of the latent and deterministic sites of the original model at draws of the shared site}
    ///
    /// @param latent `[draws, d]`
    public SequencedMap<String, NDArray> transformSample(NDArray latent) {
        Map<String, List<NDArray>> out = new LinkedHashMap<>();
        for (int i = 0; i < latent.size(0); i++) {
            model.constrain(model.unflatten(transform.call(latent.get(i))))
                    .forEach((name, value) -> out.computeIfAbsent(name, _ -> new ArrayList<>()).add(value));
        }
        var stacked = new LinkedHashMap<String, NDArray>();
        out.forEach((name, values) -> stacked.put(name, Np.stack(values, 0)));
        return stacked;
    }

    /// What one run remembers: the positions of the sites, once the first of them was reached.
    private final class Run {
        private @Nullable Map<String, NDArray> positions;

        NDArray site(Message.Sample s) {
            if (positions == null) {
                positions = model.unflatten(shared(s.plates()));
            }
            NDArray x = java.util.Objects.requireNonNull(positions.get(s.name()));
            Transform bijection = s.distribution().support().bijection();
            NDArray value = bijection.call(x);
            NDArray jacobian = bijection.logAbsDetJacobian(x, value);
            int beyond = jacobian.rank() - s.distribution().batchShape().rank();
            NDArray summed = beyond > 0 ? jacobian.sum(IntStream.rangeClosed(1, beyond).map(i -> -i).toArray()) : jacobian;
            factor("_" + s.name() + "_log_prob", s.distribution().logProb(value).plus(summed));
            return value;
        }

        /// The shared site belongs to none of the plates of the site that was reached first.
        private NDArray shared(List<PlateFrame> plates) {
            Infer outside = Infer.NONE.blockPlates(plates.stream().map(PlateFrame::name).toArray(String[]::new));
            NDArray z = sample(prefix + "_shared_latent", new Normal(0, 1).expand(model.dimension()).toEvent(1).mask(false), null, infer(outside));
            NDArray x = transform.call(z);
            sample("_" + prefix + "_log_det", new kiln.dist.Unit(transform.logAbsDetJacobian(z, x)), Np.zeros(0), infer(outside.auxiliary(true)));
            return x;
        }
    }
}
