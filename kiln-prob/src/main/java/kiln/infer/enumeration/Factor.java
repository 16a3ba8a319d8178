package kiln.infer.enumeration;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.Cancellation;
import kiln.dist.Validation;
import kiln.math.Elementary;
import kiln.model.Message;
import kiln.model.PlateFrame;
import kiln.model.Trace;

/// A term of a log joint density.
///
/// @param name    name of the site
/// @param label   the statement, for messages
/// @param place   plates and the user's line, for messages
/// @param plates  plates around it, the innermost first
/// @param density the log density, `batch`; elements along axes that belong to no plate are added
public record Factor(String name, String label, String place, List<PlateFrame> plates, NDArray density) {
    /// {@return the terms of a run, over the values of the sites}
    public static List<Factor> of(Trace trace) {
        return of(trace, Factor::density);
    }

    /// {@return the log density of a site at its value, masked and scaled; of a latent one without checks, because its value comes from its support,
    ///  and in the plain form of all}
    public static NDArray density(Message.Sample s) {
        return Cancellation.tolerated(() -> s.isObserved() ? s.logProb() : Validation.without(s::logProb));
    }

    /// {@return the terms of a run}
    ///
    /// @param trace   the run
    /// @param density the log density of a site, `batch`
    public static List<Factor> of(Trace trace, Function<Message.Sample, NDArray> density) {
        List<Factor> out = new ArrayList<>();
        for (Message.Sample s : trace.samples().values()) {
            out.add(new Factor(s.name(), s.label(), s.place(), s.plates(), density.apply(s)));
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
