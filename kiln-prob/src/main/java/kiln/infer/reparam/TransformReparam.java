package kiln.infer.reparam;

import static kiln.model.Primitives.sample;

import java.util.List;
import java.util.Optional;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.Distribution;
import kiln.dist.Exponential;
import kiln.dist.Gamma;
import kiln.dist.InverseGamma;
import kiln.dist.LogNormal;
import kiln.dist.LogUniform;
import kiln.dist.Normal;
import kiln.dist.Pareto;
import kiln.dist.TransformedDistribution;
import kiln.dist.Uniform;
import kiln.dist.constraint.Constraints;
import kiln.dist.transform.AffineTransform;
import kiln.dist.transform.ComposeTransform;
import kiln.dist.transform.ExpTransform;
import kiln.dist.transform.PowerTransform;
import kiln.dist.transform.Transform;
import kiln.model.Message;
import kiln.model.Reparam;

/// Samples the base of a transformed distribution instead of its image; no Jacobian is needed.
///
/// ```
/// name_base ~ base,    name = t(name_base)
/// ```
///
/// It is for [TransformedDistribution] and for what is one under another name: LogNormal, LogUniform, Pareto, InverseGamma.
public record TransformReparam() implements Reparam {
    private record Parts(Distribution base, Transform transform) {}

    private static Optional<Parts> parts(Distribution d) {
        return Optional.ofNullable(switch (d) {
            case TransformedDistribution t -> new Parts(t.baseDist(), new ComposeTransform(t.transforms()));
            case LogNormal l -> new Parts(new Normal(l.loc(), l.scale()), new ExpTransform());
            case LogUniform u -> new Parts(new Uniform(Np.log(u.low()), Np.log(u.high())), new ExpTransform());
            case Pareto p ->
                new Parts(
                        new Exponential(p.alpha()),
                        new ComposeTransform(List.of(
                                new ExpTransform(), new AffineTransform(NDArray.as(0), p.scale(), Constraints.positive))));
            case InverseGamma g -> new Parts(new Gamma(g.concentration(), g.rate()), new PowerTransform(-1));
            default -> null;
        });
    }

    @Override
    public NDArray reparametrize(Message.Sample site) {
        Parts parts = parts(Wrapped.core(site.distribution()))
                .orElseThrow(() -> Wrapped.refused("TransformReparam", site, "a TransformedDistribution"));
        Distribution base = Wrapped.replace(site.distribution(), _ -> Optional.of(parts.base())).orElseThrow();
        return parts.transform().call(sample(site.name() + "_base", base));
    }
}
