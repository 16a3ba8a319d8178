package kiln.infer;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.UserCode;
import kiln.dist.transform.Transform;
import kiln.model.HandlerException;
import kiln.model.Interceptor;
import kiln.model.Message;
import kiln.model.ScanStep;
import org.jspecify.annotations.Nullable;

/// One run of a model in which every latent site gets its value from a position on unconstrained space.
final class PositionedRun implements Interceptor {
    private final Map<String, NDArray> position;
    private final List<LatentSite> expected;
    private final Map<String, NDArray> discrete;
    private final Map<String, NDArray> series = new HashMap<>();
    private final Map<String, Move> moves = new HashMap<>();
    private final Set<String> reached = new LinkedHashSet<>();

    /// A value with the position and the bijection that it comes from.
    private record Move(Transform bijection, NDArray x, NDArray y) {}

    /// @param discrete values of the discrete sites, which have no position
    PositionedRun(Map<String, NDArray> position, List<LatentSite> expected, Map<String, NDArray> discrete) {
        this.position = position;
        this.expected = expected;
        this.discrete = discrete;
    }

    @Override
    public Message process(Message m) {
        return m instanceof Message.Sample s && !s.isObserved() && s.value() == null ? s.withValue(value(s)) : m;
    }

    @Override
    public Message.Sample inScan(Message.Sample s, ScanStep step) {
        if (s.isObserved() || s.value() != null) {
            return s;
        }
        // The positions of all steps are mapped at once, in the first step.
        return step.with(s, series.computeIfAbsent(s.name(), _ -> value(s)));
    }

    private NDArray value(Message.Sample s) {
        NDArray given = discrete.get(s.name());
        if (given != null) {
            return given;
        }
        NDArray x = position.get(s.name());
        if (x == null) {
            throw new HandlerException(new Diagnosis(s.label(), "the first run of the model did not reach this site")
                    .expected("the same latent sites in every run")
                    .got(describe(s))
                    .at(s.place())
                    .fix("observe the value that is branched on, or use Importance, SMC or SingleSiteMH, whose runs may reach different sites."));
        }
        reached.add(s.name());
        if (s.distribution().support().isUnconstrained()) {
            return x;
        }
        Transform t = bijection(s);
        NDArray y = t.call(x);
        moves.put(s.name(), new Move(t, x, y));
        return y;
    }

    @Override
    public void finish() {
        for (LatentSite site : expected) {
            if (!reached.contains(site.name())) {
                throw new HandlerException(new Diagnosis(
                                "sample(\"" + site.name() + "\")", "the first run of the model reached this site, this run did not")
                        .expected("the same latent sites in every run")
                        .at(UserCode.line())
                        .fix("observe the value that is branched on, or use Importance, SMC or SingleSiteMH, whose runs may reach different sites."));
            }
        }
    }

    /// {@return `log |det|` of the change of variables of a site, masked and scaled as its density, `batch`; null where there is none}
    @Nullable NDArray logJacobian(Message.Sample s) {
        NDArray plain = plainLogJacobian(s);
        return plain == null ? null : s.weighted(plain);
    }

    /// {@return `log |det|` of the change of variables of a site, `batch`; null where there is none}
    @Nullable NDArray plainLogJacobian(Message.Sample s) {
        Move move = moves.get(s.name());
        if (move == null) {
            return null;
        }
        NDArray det = move.bijection().logAbsDetJacobian(move.x(), move.y());
        Shape batch = s.distribution().batchShape();
        int inner = det.rank() - batch.rank();
        if (inner > 0) {
            det = det.sum(IntStream.rangeClosed(1, inner).map(i -> -i).toArray());
        }
        return Np.broadcastTo(det, batch);
    }

    /// {@return the bijection onto the support of a site}
    ///
    /// @throws HandlerException if there is none
    static Transform bijection(Message.Sample s) {
        try {
            return s.distribution().support().bijection();
        } catch (UnsupportedOperationException e) {
            var error = new HandlerException(new Diagnosis(s.label(), "there is no bijection from the real numbers onto its support")
                    .got(describe(s) + ", values that are " + s.distribution().support().description())
                    .at(s.place())
                    .fix("give the site a value with condition, or write it as a function of sites that have a bijection."));
            error.initCause(e);
            throw error;
        }
    }

    static String describe(Message.Sample s) {
        return s.distributionName() + " with batch " + s.distribution().batchShape() + " and event "
                + s.distribution().eventShape();
    }
}
