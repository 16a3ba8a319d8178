package kiln.infer;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.model.Interceptor;
import kiln.model.Message;
import kiln.model.ScanStep;
import org.jspecify.annotations.Nullable;

/// A run of a model in which every continuous latent site gets its value from a strategy, and discrete ones are drawn.
///
/// The sites of a scan get the values of all steps at once, from the distribution of the first step: then the steps need not be run one
/// after the other. Stands outside of the handler that gives keys.
final class StartingRun implements Interceptor {
    private final InitStrategy strategy;
    private final Set<String> drawn;
    private final Map<String, NDArray> series = new HashMap<>();
    private final SequencedMap<String, NDArray> positions = new LinkedHashMap<>();

    /// @param strategy gives the values of continuous sites
    /// @param drawn    names of continuous sites that are drawn all the same
    StartingRun(InitStrategy strategy, Set<String> drawn) {
        this.strategy = strategy;
        this.drawn = drawn;
    }

    /// {@return the names of the sites that are drawn step by step in scans}
    Set<String> inScans() {
        return series.keySet();
    }

    /// {@return the positions of the continuous sites as the model is written, in the order of the run}
    SequencedMap<String, NDArray> positions() {
        return positions;
    }

    private boolean isDrawn(Message.Sample s) {
        return s.distribution().isDiscrete() || drawn.contains(s.name());
    }

    @Override
    public Message process(Message m) {
        if (!(m instanceof Message.Sample s) || s.value() != null || s.isObserved() || isDrawn(s)) {
            return m;
        }
        PRNGKey key = s.key();
        return key == null ? s : s.withValue(value(s, key));
    }

    @Override
    public Message.Sample inScan(Message.Sample s, ScanStep step) {
        if (s.value() != null || s.isObserved()) {
            return s;
        }
        NDArray all = series.computeIfAbsent(s.name(), _ -> allSteps(s, step.length()));
        return all == null ? s : step.with(s, all);
    }

    private @Nullable NDArray allSteps(Message.Sample s, int steps) {
        PRNGKey key = s.key();
        if (key == null) {
            return null;
        }
        Message.Sample all = s.withDistribution(s.distribution().expand(Shape.of(steps).then(s.distribution().batchShape())));
        return isDrawn(s) ? all.distribution().sample(key) : value(all, key);
    }

    private NDArray value(Message.Sample s, PRNGKey key) {
        NDArray value = strategy.value(s, key);
        positions.put(s.name(), PositionedRun.bijection(s).inverse(value));
        return value;
    }
}
