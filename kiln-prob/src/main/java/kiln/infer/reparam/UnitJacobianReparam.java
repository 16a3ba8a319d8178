package kiln.infer.reparam;

import static kiln.model.Primitives.sample;

import java.util.ArrayList;
import java.util.List;
import kiln.array.NDArray;
import kiln.dist.Distribution;
import kiln.dist.TransformedDistribution;
import kiln.dist.transform.ComposeTransform;
import kiln.dist.transform.Transform;
import kiln.model.Message;
import kiln.model.Reparam;

/// Samples a variable in other coordinates of its unconstrained space, such as frequencies.
///
/// ```
/// name_suffix ~ t(u(p)),    name = u⁻¹(t⁻¹(name_suffix)),    u the map of the support onto the real numbers
/// ```
///
/// @param transform t, a map of the real numbers that preserves volume
/// @param suffix    what stands behind the name of the new site
public record UnitJacobianReparam(Transform transform, String suffix) implements Reparam {
    /// The new site is `name_transformed`.
    public UnitJacobianReparam(Transform transform) {
        this(transform, "transformed");
    }

    @Override
    public NDArray reparametrize(Message.Sample site) {
        Distribution d = site.distribution();
        int needed = transform.domain().eventDim();
        if (d.eventShape().rank() < needed) {
            throw Wrapped.refused("UnitJacobianReparam", site, "at least " + needed + " event axes: the transform mixes the elements along them, "
                    + "which a plate or a batch forbids (toEvent makes a batch axis one)");
        }
        List<Transform> parts = new ArrayList<>();
        if (!d.support().isUnconstrained()) {
            parts.add(d.support().bijection().inv());
        }
        parts.add(transform);
        NDArray y = sample(site.name() + "_" + suffix, new TransformedDistribution(d, parts));
        return new ComposeTransform(parts).inverse(y);
    }
}
