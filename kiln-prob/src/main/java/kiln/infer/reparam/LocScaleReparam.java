package kiln.infer.reparam;

import static kiln.model.Primitives.param;
import static kiln.model.Primitives.sample;

import java.util.Optional;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.UserCode;
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

    @Override
    public NDArray reparametrize(Message.Sample site) {
        LocatedVariable own = LocatedVariable.of(site.distribution())
                .orElseThrow(() -> Wrapped.refused(
                        "LocScaleReparam", site, "a distribution on the real line with loc and scale, such as Normal or StudentT"));
        NDArray c = centered.orElseGet(() ->
                param(site.name() + "_centered", Np.full(site.distribution().eventShape(), 0.5), Constraints.unitInterval));
        return own.value(sample(site.name() + "_decentered", own.distribution(c)), c);
    }
}
