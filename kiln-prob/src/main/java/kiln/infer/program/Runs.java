package kiln.infer.program;

import kiln.array.Diagnosis;
import kiln.model.Handler;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.Trace;

/// Single runs of a model and the numbers that inference takes from them.
final class Runs {
    private Runs() {}

    /// Runs a model once.
    ///
    /// @param handlers listed from the model outwards
    /// @throws HandlerException if a plate is subsampled: the runs would not be compared on the same data
    static Trace trace(Model model, Handler... handlers) {
        Trace run = Handlers.trace(model, handlers);
        for (Message m : run.sites().values()) {
            if (m instanceof Message.Plate p && p.subsampleSize() != p.size()) {
                throw new HandlerException(new Diagnosis(p.label(), "runs can be weighed only on all the data, but the plate is subsampled")
                        .expected("all " + p.size() + " copies")
                        .got("subsample size " + p.subsampleSize())
                        .at(p.place())
                        .fix("leave subsampleSize out."));
            }
        }
        return run;
    }

    /// {@return the log density of a site, masked and scaled, summed over its batch}
    static double logDensity(Message.Sample s) {
        return s.logProb().sum().item();
    }
}
