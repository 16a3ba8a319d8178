package kiln.model.handler;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.Distribution;
import kiln.model.Handler;
import kiln.model.Infer;
import kiln.model.Interceptor;
import kiln.model.Message;

/// Turns parameters into random variables with a prior, expanded to the shape of the parameter.
///
/// Differs from NumPyro, where a prior of another shape than the parameter silently changes the shape of the site.
///
/// @param prior the prior of a parameter by name, or empty to leave it alone
public record Lift(Function<String, Optional<Distribution>> prior) implements Handler {
    @Override
    public Interceptor open() {
        return new Interceptor() {
            private final Set<String> lifted = new HashSet<>();
            private final Map<String, NDArray> values = new HashMap<>();

            @Override
            public Message process(Message m) {
                if (!(m instanceof Message.Param p)) {
                    return m;
                }
                NDArray before = values.get(p.name());
                if (before != null) {
                    return p.withValue(before).withStopped();
                }
                Optional<Distribution> d = prior.apply(p.name());
                if (d.isEmpty()) {
                    return p;
                }
                lifted.add(p.name());
                return lifted(p, d.get());
            }

            @Override
            public Message postprocess(Message m) {
                if (m instanceof Message.Sample s && lifted.contains(s.name())) {
                    values.put(s.name(), s.requireValue());
                }
                return m;
            }
        };
    }

    private static Message.Sample lifted(Message.Param p, Distribution d) {
        Shape shape = p.init().shape();
        int event = d.eventShape().rank();
        if (event > shape.rank()
                || !shape.last(event).equals(d.eventShape())
                || !d.batchShape().broadcastsTo(shape.dropLast(event))) {
            throw new ShapeException(new Diagnosis("lift", "the prior does not have the shape of the parameter")
                    .expected(shape + ", the shape of the initial value of " + p.label())
                    .got(d.getClass().getSimpleName() + " with batch " + d.batchShape() + " and event " + d.eventShape())
                    .at(p.place())
                    .fix("give the prior the shape of the parameter, or a smaller batch that can be repeated."));
        }
        Distribution expanded = d.expand(shape.dropLast(event));
        return new Message.Sample(
                p.name(), expanded, p.value(), false, null, Message.Sample.ONE, null, Infer.NONE, p.plates(), p.isStopped(), p.origin());
    }
}
