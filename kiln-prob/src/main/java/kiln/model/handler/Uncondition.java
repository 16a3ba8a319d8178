package kiln.model.handler;

import kiln.model.Handler;
import kiln.model.Interceptor;
import kiln.model.Message;
import kiln.model.ScanStep;

/// Draws observed random variables again; [kiln.model.Infer#wasObserved] remembers their data. Factors stay.
public record Uncondition() implements Handler, Interceptor {
    @Override
    public Interceptor open() {
        return this;
    }

    @Override
    public Message.Sample inScan(Message.Sample s, ScanStep step) {
        return s.isObserved() && !s.isFactor() ? s.withoutObservation() : s;
    }

    @Override
    public Message process(Message m) {
        return m instanceof Message.Sample s && s.isObserved() && !s.isFactor() && !s.isSeries() ? s.withoutObservation() : m;
    }
}
