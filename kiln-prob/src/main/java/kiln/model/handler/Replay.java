package kiln.model.handler;

import kiln.model.Handler;
import kiln.model.Interceptor;
import kiln.model.Message;
import kiln.model.ScanStep;
import kiln.model.Trace;

/// Repeats an earlier run: random variables and plates that it has take its values; what is observed keeps its data.
///
/// @param trace the earlier run
public record Replay(Trace trace) implements Handler, Interceptor {
    @Override
    public Interceptor open() {
        return this;
    }

    @Override
    public Message.Sample inScan(Message.Sample s, ScanStep step) {
        return !s.isObserved() && trace.sites().get(s.name()) instanceof Message.Sample old ? step.with(s, old.requireValue()) : s;
    }

    @Override
    public Message process(Message m) {
        return switch (m) {
            case Message.Sample s when !s.isObserved() && !s.isSeries() && trace.sites().get(s.name()) instanceof Message.Sample old ->
                s.withValue(old.requireValue());
            case Message.Plate p when trace.sites().get(p.name()) instanceof Message.Plate old -> p.withValue(old.requireValue());
            case Message.Sample _, Message.Plate _, Message.Param _, Message.Deterministic _, Message.Mutable _, Message.Request _ -> m;
        };
    }
}
