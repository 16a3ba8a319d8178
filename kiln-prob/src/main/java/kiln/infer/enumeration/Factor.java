package kiln.infer.enumeration;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.Validation;
import kiln.math.Elementary;
import kiln.model.Message;
import kiln.model.PlateFrame;
import kiln.model.Trace;
import org.jspecify.annotations.Nullable;

/// A term of a log joint density.
///
/// @param name    name of the site
/// @param label   the statement, for messages
/// @param place   plates and the user's line, for messages
/// @param plates  plates around it, the innermost first
/// @param density the log density, `batch`; elements along axes that belong to no plate are added
public record Factor(String name, String label, String place, List<PlateFrame> plates, NDArray density) {
    /// {@return the terms of a run}
    ///
    /// @param trace    the run
    /// @param jacobian a further log density of a latent site, `batch`, or null
    public static List<Factor> of(Trace trace, Function<Message.Sample, @Nullable NDArray> jacobian) {
        List<Factor> out = new ArrayList<>();
        for (Message.Sample s : trace.samples().values()) {
            NDArray own = s.isObserved() ? s.logProb() : Validation.without(s::logProb);
            NDArray further = jacobian.apply(s);
            out.add(new Factor(s.name(), s.label(), s.place(), s.plates(), further == null ? own : own.plus(further)));
            NDArray mask = s.wholeMask();
            if (mask != null && !s.isObserved() && s.distribution().isDiscrete()) {
                // Where a discrete site is masked it is not there: its values must not count as many times as there are.
                NDArray absent = Np.where(mask, 0.0, -Elementary.log(DiscreteSite.support(s).size()));
                NDArray all = Np.broadcastTo(absent, s.distribution().batchShape());
                out.add(new Factor("mask of " + s.name(), s.label(), s.place(), s.plates(), all));
            }
        }
        return out;
    }
}
