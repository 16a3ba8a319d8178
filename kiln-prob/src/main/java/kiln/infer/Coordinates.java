package kiln.infer;

import java.util.Map;
import java.util.Optional;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.Distribution;
import kiln.infer.reparam.LocatedVariable;
import kiln.model.Message;
import org.jspecify.annotations.Nullable;

/// In which coordinates the sites of a model are sampled that are located and scaled by others.
///
/// ```
/// position u  →  as written  x = loc + scale z,   z = u √r + (h − k loc) scale r,   r = 1 / (1 + k scale²)  →  value = bijection(x)
/// ```
///
/// If x had a normal prior and the rest of the model were the likelihood `exp(h x − ½ k x²)`, u would be standard normal given all others, whatever
/// `loc` and `scale` are. Where `scale` is small against `1/√k` it is the decentred variable `(x − loc)/scale`, where it is large the centred one,
/// `√k x − h/√k`: there is a funnel at neither end. This changes what a sampler sees and nothing else.
///
/// Source: the conditional mean and variance of a normal mean; Papaspiliopoulos, Roberts and Sköld, *A general framework for the parametrization of
/// hierarchical models* (2007), choose how far to decentre by the same ratio of variances, at one value of the scale.
///
/// @param moved k and h of such sites by name; sites that are not named have the positions that the model as written has
record Coordinates(Map<String, Likelihood> moved) {
    /// Every site as the model has it.
    static final Coordinates AS_WRITTEN = new Coordinates(Map.of());

    Coordinates {
        moved = Map.copyOf(moved);
    }

    /// What a site is taken to be told by the rest of the model, see [Information]; of the shape of its value.
    record Likelihood(NDArray precision, NDArray linear) {}

    /// What lies between the position of a site and its position as written.
    ///
    /// @param root  √r
    /// @param shift of z, for u = 0
    record Standardised(LocatedVariable variable, NDArray root, NDArray shift) {
        static Standardised of(LocatedVariable v, Likelihood l) {
            NDArray r = Np.divide(1, l.precision().times(Np.square(v.scale())).plus(1));
            return new Standardised(v, Np.sqrt(r), l.linear().minus(l.precision().times(v.loc())).times(v.scale()).times(r));
        }

        NDArray standard(NDArray u) {
            return u.times(root).plus(shift);
        }

        NDArray written(NDArray u) {
            return variable.value(standard(u), DECENTRED);
        }

        NDArray position(NDArray written) {
            return written.minus(variable.loc()).div(variable.scale()).minus(shift).div(root);
        }

        /// The distribution of z, `batch + event` as the site's.
        Distribution distribution() {
            return variable.distribution(DECENTRED);
        }

        /// `log |∂z/∂u|`, `batch`.
        NDArray logJacobian(Distribution d) {
            return PositionedRun.overEvents(spread(Np.log(root), d), d.batchShape());
        }

        /// `log |∂x/∂z|`, `batch`.
        NDArray logScale(Distribution d) {
            return PositionedRun.overEvents(spread(Np.log(variable.scale()), d), d.batchShape());
        }
    }

    private static final NDArray DECENTRED = NDArray.as(0);

    /// {@return what lies between the position of a site and its position as written; null for nothing}
    @Nullable Standardised standardised(Message.Sample s) {
        Likelihood l = moved.get(s.name());
        return l == null ? null : Standardised.of(located(s).orElseThrow(), l);
    }

    /// {@return the position of a site in these coordinates, for a value in its support}
    NDArray position(Message.Sample s, NDArray value) {
        NDArray written = PositionedRun.bijection(s).inverse(value);
        Standardised own = standardised(s);
        return own == null ? written : own.position(written);
    }

    /// {@return a site whose coordinates can be chosen, taken apart; empty for others}
    ///
    /// The densities of sites that are masked or scaled are no densities of the site: its prior does not count in full, the change of
    /// coordinates would have to. They stay as written.
    static Optional<LocatedVariable> located(Message.Sample s) {
        boolean counts = s.mask() == null && s.scale() == Message.Sample.ONE && !s.isSeries();
        return counts ? LocatedVariable.ofUnconstrained(s.distribution()) : Optional.empty();
    }

    private static NDArray spread(NDArray x, Distribution d) {
        return Np.broadcastTo(x, d.batchShape().then(d.eventShape()));
    }
}
