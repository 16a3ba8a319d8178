package kiln.model.handler;

import kiln.model.Handler;
import kiln.model.Interceptor;
import kiln.model.Message;

/// Draws observed random variables again; [kiln.model.Infer#wasObserved] remembers their data. Factors stay.
public record Uncondition() implements Handler, Interceptor {
    @Override
    public Interceptor open() {
        return this;
    }

    @Override
    public Message process(Message m) {
        return m instanceof Message.Sample s && s.isObserved() && !s.isFactor() ? s.withoutObservation() : m;
    }
}
