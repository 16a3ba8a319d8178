package kiln.infer.reparam;

import static kiln.model.Primitives.param;
import static kiln.model.Primitives.sample;

import java.util.Optional;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.UserCode;
import kiln.dist.AsymmetricLaplace;
import kiln.dist.Cauchy;
import kiln.dist.Distribution;
import kiln.dist.Gumbel;
import kiln.dist.Laplace;
import kiln.dist.Logistic;
import kiln.dist.Normal;
import kiln.dist.SoftLaplace;
import kiln.dist.StudentT;
import kiln.dist.constraint.Constraints;
import kiln.model.Message;
import kiln.model.Reparam;

/// Decentres a variable that is located and scaled by others, fully or in part.
///
/// ```
/// name_decentered ~ p(loc · c, scale^c),    name = loc + scale^(1−c) · (name_decentered − loc · c)
/// ```
///
/// With c = 0 the new variable knows nothing of the others, which takes the funnel out of hierarchical models with little data; with
/// c = 1 it is the old one.
///
/// Source: Gorinova, Moore and Hoffman, *Automatic Reparameterisation of Probabilistic Programs* (2020).
///
/// @param centered c, in [0, 1], broadcasts with the event; empty: learned, as the parameter `name_centered` of the shape of
///                 the event, which starts at ½ and stays there where parameters are not learned (MCMC)
public record LocScaleReparam(Optional<NDArray> centered) implements Reparam {
    /// @throws DomainException if a known `centered` is not in [0, 1]
    public LocScaleReparam {
        if (centered.isPresent() && centered.get().isKnown() && !Np.all(Constraints.unitInterval.check(centered.get())).isTrue()) {
            throw new DomainException(new Diagnosis("LocScaleReparam", "centered must lie in [0, 1]")
                    .got(centered.get().toString())
                    .at(UserCode.line())
                    .fix("pass 0 to decentre fully, 1 to change nothing."));
        }
    }

    /// How far the variable stays centred is learned.
    public LocScaleReparam() {
        this(Optional.empty());
    }

    /// The variable stays centred so far.
    ///
    /// @param centered in [0, 1]: 0 decentres fully
    public LocScaleReparam(Number centered) {
        this(Optional.of(NDArray.as(centered)));
    }

    /// A distribution taken apart into location, scale and the rest.
    private record Located(NDArray loc, NDArray scale, Located.Made made) {
        private interface Made {
            Distribution with(NDArray loc, NDArray scale);
        }
    }

    private static Optional<Located> located(Distribution d) {
        return Optional.ofNullable(switch (d) {
            case Normal n -> new Located(n.loc(), n.scale(), Normal::new);
            case Cauchy c -> new Located(c.loc(), c.scale(), Cauchy::new);
            case Laplace l -> new Located(l.loc(), l.scale(), Laplace::new);
            case Logistic l -> new Located(l.loc(), l.scale(), Logistic::new);
            case Gumbel g -> new Located(g.loc(), g.scale(), Gumbel::new);
            case SoftLaplace s -> new Located(s.loc(), s.scale(), SoftLaplace::new);
            case StudentT t -> new Located(t.loc(), t.scale(), (loc, scale) -> new StudentT(t.df(), loc, scale));
            case AsymmetricLaplace a ->
                new Located(a.loc(), a.scale(), (loc, scale) -> new AsymmetricLaplace(loc, scale, a.asymmetry()));
            default -> null;
        });
    }

    @Override
    public NDArray reparametrize(Message.Sample site) {
        Located own = located(Wrapped.core(site.distribution()))
                .orElseThrow(() -> Wrapped.refused(
                        "LocScaleReparam", site, "a distribution on the real line with loc and scale, such as Normal or StudentT"));
        NDArray c = centered.orElseGet(() ->
                param(site.name() + "_centered", Np.full(site.distribution().eventShape(), 0.5), Constraints.unitInterval));
        boolean fully = c.isKnown() && Np.all(c.eq(0)).isTrue();
        NDArray loc = fully ? Np.zerosLike(own.loc()) : own.loc().times(c);
        NDArray scale = fully ? Np.onesLike(own.scale()) : own.scale().pow(c);
        Distribution d = Wrapped.replace(site.distribution(), _ -> Optional.of(own.made().with(loc, scale))).orElseThrow();
        NDArray x = sample(site.name() + "_decentered", d);
        return fully
                ? own.loc().plus(own.scale().times(x))
                : own.loc().plus(own.scale().pow(Np.subtract(1, c)).times(x.minus(loc)));
    }
}
