package kiln.model.handler;

import java.util.function.Predicate;
import kiln.model.Handler;
import kiln.model.Interceptor;
import kiln.model.Message;
import kiln.model.ScanStep;

/// Hides sites from the handlers outside it. A hidden random variable still gets its key from them.
///
/// @param hides which sites
public record Block(Predicate<Message> hides) implements Handler, Interceptor {
    @Override
    public Interceptor open() {
        return this;
    }

    @Override
    public Message.Sample inScan(Message.Sample s, ScanStep step) {
        return hides.test(s) ? s.withStopped() : s;
    }

    @Override
    public Message process(Message m) {
        return !m.isSite() || !hides.test(m) ? m : m.withStopped();
    }
}
