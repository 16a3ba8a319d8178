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
/// @param density the log density, `batch`, without the scale of subsampled plates, which counts when the copies of a plate are added up;
///                elements along axes that belong to no plate are added
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
            NDArray density = further == null ? own : own.plus(further);
            double scale = scale(s.plates());
            out.add(new Factor(s.name(), s.label(), s.place(), s.plates(), scale == 1 ? density : density.div(scale)));
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

    /// {@return by how much the copies that a run looks at stand for all: the product of `size / subsample size`}
    static double scale(List<PlateFrame> plates) {
        double scale = 1;
        for (PlateFrame p : plates) {
            scale *= p.size() / (double) p.subsampleSize();
        }
        return scale;
    }
}
