package kiln.infer.reparam;

import static kiln.model.Primitives.sample;

import kiln.array.NDArray;
import kiln.dist.TransformedDistribution;
import kiln.dist.transform.Transform;
import kiln.model.Message;
import kiln.model.Reparam;

/// Samples a variable in coordinates that the user gives, such as those in which draws of a pilot run are uncorrelated.
///
/// ```
/// name_base ~ t⁻¹(p),    name = t(name_base)
/// ```
///
/// @param transform t, onto the support of the site
public record ExplicitReparam(Transform transform) implements Reparam {
    @Override
    public NDArray reparametrize(Message.Sample site) {
        return transform.call(sample(site.name() + "_base", new TransformedDistribution(site.distribution(), transform.inv())));
    }
}
