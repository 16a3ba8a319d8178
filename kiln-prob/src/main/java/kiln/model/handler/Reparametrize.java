package kiln.model.handler;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.model.Handler;
import kiln.model.HandlerException;
import kiln.model.Interceptor;
import kiln.model.Message;
import kiln.model.Reparam;
import kiln.model.ScanStep;

/// Replaces latent sites by others that a strategy states, and records their values as deterministic ones.
///
/// The sites that a strategy states may be replaced in turn, but not by the same strategy.
///
/// @param config the strategy of a site, or empty to leave it alone
public record Reparametrize(Function<Message.Sample, Optional<? extends Reparam>> config) implements Handler {
    @Override
    public Interceptor open() {
        return new Interceptor() {
            private final Deque<Reparam> active = new ArrayDeque<>();

            @Override
            public Message.Sample inScan(Message.Sample s, ScanStep step) {
                if (!s.isFactor() && config.apply(s).isPresent()) {
                    throw ScanStep.refused("reparam", s);
                }
                return s;
            }

            @Override
            public Message process(Message m) {
                if (!(m instanceof Message.Sample s) || s.isFactor() || s.isSeries()) {
                    return m;
                }
                Optional<? extends Reparam> strategy = config.apply(s);
                if (strategy.isEmpty() || active.contains(strategy.get())) {
                    return s;
                }
                active.push(strategy.get());
                Message out = replaced(s, strategy.get());
                active.pop();
                return out;
            }
        };
    }

    private static Message.Deterministic replaced(Message.Sample s, Reparam strategy) {
        if (s.isObserved() || s.value() != null) {
            throw new HandlerException(new Diagnosis(s.label(), "a site that has a value already cannot be written as a function of others")
                    .got((s.isObserved() ? "observed data" : "a substituted value") + " of shape " + s.requireValue().shape())
                    .at(s.place())
                    .fix("leave it out of reparam, or give values to the sites that stand in for it, outside reparam."));
        }
        NDArray value = strategy.reparametrize(s);
        Shape shape = s.distribution().batchShape().then(s.distribution().eventShape());
        if (!value.shape().equals(shape)) {
            throw new ShapeException(new Diagnosis(s.label(), "the reparametrisation does not give a value of the shape of the site")
                    .expected(shape.toString())
                    .got(value.shape() + " from " + strategy)
                    .at(s.place()));
        }
        return new Message.Deterministic(s.name(), value, s.plates(), s.isStopped(), s.origin());
    }
}
