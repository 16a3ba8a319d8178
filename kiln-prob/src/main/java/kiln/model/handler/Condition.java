package kiln.model.handler;

import java.util.Map;
import kiln.array.NDArray;
import kiln.model.Handler;
import kiln.model.Interceptor;
import kiln.model.Message;
import kiln.model.ScanStep;

/// Gives values to random variables and marks them as observed.
///
/// @param data         name of the site and its value
/// @param allowsUnused whether a name may match no site of a run; otherwise the run ends with an error that names it
public record Condition(Map<String, NDArray> data, boolean allowsUnused) implements Handler {
    /// {@return the handler that observes the given values}
    public static Condition of(Map<String, ? extends Number> data) {
        return new Condition(GivenValues.arrays(data), false);
    }

    /// {@return a copy for models that do not reach all their sites in every run}
    public Condition allowUnused() {
        return new Condition(data, true);
    }

    @Override
    public Interceptor open() {
        return new GivenValues("condition", data, allowsUnused) {
            @Override
            public Message.Sample inScan(Message.Sample s, ScanStep step) {
                NDArray value = valueFor(s);
                return value == null ? s : step.withObserved(s, value);
            }

            @Override
            public Message process(Message m) {
                if (m instanceof Message.Sample s && s.isSeries()) {
                    return s;
                }
                if (m instanceof Message.Sample s) {
                    NDArray value = valueFor(s);
                    return value == null ? s : s.withObserved(value);
                }
                pass(m);
                return m;
            }
        };
    }
}
