package kiln.infer;

import java.util.Map;
import java.util.Optional;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.Distribution;
import kiln.infer.reparam.LocatedVariable;
import kiln.model.Message;
import org.jspecify.annotations.Nullable;

/// In which coordinates the sites of a model are sampled that are located and scaled by others.
///
/// ```
/// position u  →  as written  q = loc + scale^(1−c) (u − c loc)  →  value = bijection(q)
/// ```
///
/// It changes what a sampler sees and nothing else: the values, their posterior and what is observed of them are the same in all.
///
/// @param centered c of such sites by name, in [0, 1], each a number or an array of the shape of the value; 1 for those that are not named
record Coordinates(Map<String, NDArray> centered) {
    /// Every site as the model has it.
    static final Coordinates AS_WRITTEN = new Coordinates(Map.of());

    Coordinates {
        centered = Map.copyOf(centered);
    }

    /// What lies between the position of a site and its position as written.
    record Centering(LocatedVariable variable, NDArray c) {
        NDArray written(NDArray u) {
            return variable.value(u, c);
        }

        NDArray position(NDArray written) {
            return variable.position(written, c);
        }

        /// The distribution of the position, `batch + event` as the site's.
        Distribution distribution() {
            return variable.distribution(c);
        }

        /// `log |∂written/∂u|`, `batch`.
        NDArray logJacobian(Distribution d) {
            NDArray each = Np.broadcastTo(variable.logJacobian(c), d.batchShape().then(d.eventShape()));
            return PositionedRun.overEvents(each, d.batchShape());
        }
    }

    /// {@return what lies between the position of a site and its position as written; null for nothing}
    @Nullable Centering centering(Message.Sample s) {
        NDArray c = centered.get(s.name());
        return c == null ? null : new Centering(located(s).orElseThrow(), c);
    }

    /// {@return the position of a site in these coordinates, for a value in its support}
    NDArray position(Message.Sample s, NDArray value) {
        NDArray written = PositionedRun.bijection(s).inverse(value);
        Centering own = centering(s);
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

    /// {@return an array that broadcasts with the value of a site, of its shape}
    static NDArray spread(NDArray x, Message.Sample s) {
        Shape shape = s.distribution().batchShape().then(s.distribution().eventShape());
        return Np.broadcastTo(x, shape);
    }
}
