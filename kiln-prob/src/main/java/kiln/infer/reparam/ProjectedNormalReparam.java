package kiln.infer.reparam;

import static kiln.model.Primitives.sample;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.Normal;
import kiln.dist.ProjectedNormal;
import kiln.model.Message;
import kiln.model.Reparam;

/// Samples the normal vector whose direction a projected normal variable is.
///
/// ```
/// name_normal ~ Normal(0, 1)ⁿ,    name = (name_normal + concentration) / |name_normal + concentration|
/// ```
public record ProjectedNormalReparam() implements Reparam {
    @Override
    public NDArray reparametrize(Message.Sample site) {
        if (!(Wrapped.core(site.distribution()) instanceof ProjectedNormal p)) {
            throw Wrapped.refused("ProjectedNormalReparam", site, "a ProjectedNormal");
        }
        Shape shape = p.concentration().shape();
        var d = Wrapped.replace(site.distribution(), _ -> java.util.Optional.of(new Normal(0, 1).expand(shape).toEvent(1)))
                .orElseThrow();
        NDArray x = sample(site.name() + "_normal", d).plus(p.concentration());
        return x.div(Np.expandDims(Np.sqrt(Np.square(x).sum(-1)), -1));
    }
}
