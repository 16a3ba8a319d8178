package kiln.model.handler;

import java.util.Map;
import kiln.array.NDArray;
import kiln.model.Handler;
import kiln.model.Interceptor;
import kiln.model.Message;
import kiln.model.ScanStep;

/// Gives values to sites of any kind and leaves them what they are: a random variable does not become data.
///
/// @param data         name of the site and its value
/// @param allowsUnused whether a name may match no site of a run; otherwise the run ends with an error that names it
public record Substitute(Map<String, NDArray> data, boolean allowsUnused) implements Handler {
    /// {@return the handler that substitutes the given values}
    public static Substitute of(Map<String, ? extends Number> data) {
        return new Substitute(GivenValues.arrays(data), false);
    }

    /// {@return a copy for models that do not reach all their sites in every run}
    public Substitute allowUnused() {
        return new Substitute(data, true);
    }

    @Override
    public Interceptor open() {
        return new GivenValues("substitute", data, allowsUnused) {
            @Override
            public Message.Sample inScan(Message.Sample s, ScanStep step) {
                NDArray value = valueFor(s);
                return value == null ? s : step.with(s, value);
            }

            @Override
            public Message process(Message m) {
                if (!m.isSite() || (m instanceof Message.Sample s && s.isSeries())) {
                    return m;
                }
                NDArray value = valueFor(m);
                return value == null ? m : m.withValue(value);
            }
        };
    }
}
