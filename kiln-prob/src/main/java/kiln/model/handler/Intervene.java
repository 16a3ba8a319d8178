package kiln.model.handler;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.model.Handler;
import kiln.model.Interceptor;
import kiln.model.Message;
import kiln.model.ScanStep;

/// Intervenes in a model: what follows from a site sees a constant in place of its value.
///
/// The site itself goes on outwards as it is: it is drawn or observed as before, but its value reaches nothing inside. So `condition`
/// and `doIntervene` together ask counterfactual questions: what would have been, given what was. Of two interventions on one
/// site the inner one holds.
///
/// Source: Richardson and Robins, *Single World Intervention Graphs* (2013).
///
/// @param data         name of the site and the constant
/// @param allowsUnused whether a name may match no site of a run; otherwise the run ends with an error that names it
public record Intervene(Map<String, NDArray> data, boolean allowsUnused) implements Handler {
    /// {@return the handler that intervenes with the given constants}
    public static Intervene of(Map<String, ? extends Number> data) {
        return new Intervene(GivenValues.arrays(data), false);
    }

    /// {@return a copy for models that do not reach all their sites in every run}
    public Intervene allowUnused() {
        return new Intervene(data, true);
    }

    @Override
    public Interceptor open() {
        return new GivenValues("doIntervene", data, allowsUnused) {
            private final Set<String> intervened = new HashSet<>();

            @Override
            public Message.Sample inScan(Message.Sample s, ScanStep step) {
                if (valueFor(s) != null) {
                    throw ScanStep.refused("doIntervene", s);
                }
                return s;
            }

            @Override
            public Message process(Message m) {
                if (!(m instanceof Message.Sample)) {
                    pass(m);
                } else if (valueFor(m) != null) {
                    intervened.add(m.name());
                }
                return m;
            }

            @Override
            public Message postprocess(Message m) {
                NDArray constant = data.get(m.name());
                return constant == null || !intervened.contains(m.name())
                        ? m
                        : new Message.Deterministic(m.name(), fitted(m, constant), m.plates(), m.isStopped(), m.origin());
            }
        };
    }

    private static NDArray fitted(Message m, NDArray constant) {
        Shape shape = m.requireValue().shape();
        if (!constant.shape().broadcastsTo(shape)) {
            throw new ShapeException(new Diagnosis(m.label(), "the constant of the intervention does not have the shape of the site")
                    .expected(shape.toString())
                    .got(constant.shape().toString())
                    .at(m.place())
                    .fix("pass one number, or a constant of the shape of the site."));
        }
        return Np.broadcastTo(constant, shape);
    }
}
