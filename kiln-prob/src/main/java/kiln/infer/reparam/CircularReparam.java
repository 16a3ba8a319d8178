package kiln.infer.reparam;

import static kiln.model.Primitives.factor;
import static kiln.model.Primitives.sample;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.Distribution;
import kiln.dist.ImproperUniform;
import kiln.dist.constraint.Circular;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;
import kiln.dist.constraint.IndependentConstraint;
import kiln.model.Message;
import kiln.model.Reparam;

/// Samples an angle on the whole line, so that a sampler can go round the circle.
///
/// ```
/// name_unwrapped flat on the line,    name = name_unwrapped wrapped to [−π, π),    name_factor = log p(name)
/// ```
///
/// The density on the line is periodic, hence improper: chains of `name_unwrapped` may be whole turns apart, so judge convergence by
/// functions of the angle such as its sine and cosine. A flat site has no draws: start from values, or use `NUTS`, which does.
public record CircularReparam() implements Reparam {
    @Override
    public NDArray reparametrize(Message.Sample site) {
        Distribution d = site.distribution();
        if (!isCircular(d.support())) {
            throw Wrapped.refused("CircularReparam", site, "a distribution of angles in [−π, π], such as VonMises");
        }
        NDArray x = sample(site.name() + "_unwrapped", new ImproperUniform(Constraints.real, d.batchShape(), d.eventShape()));
        NDArray angle = Np.remainder(x.plus(Math.PI), 2 * Math.PI).minus(Math.PI);
        factor(site.name() + "_factor", d.logProb(angle));
        return angle;
    }

    private static boolean isCircular(Constraint c) {
        return c instanceof Circular || (c instanceof IndependentConstraint(Constraint base, _) && isCircular(base));
    }
}
