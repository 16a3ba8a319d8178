package kiln.infer;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.UserCode;
import kiln.dist.transform.Transform;
import kiln.infer.enumeration.Factor;
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
    private final Coordinates coordinates;
    private final Map<String, Recentred> reference;
    private final Map<String, NDArray> series = new HashMap<>();
    private final Map<String, Move> moves = new HashMap<>();
    private final Set<String> reached = new LinkedHashSet<>();

    private final Map<String, Recentred> recentred = new HashMap<>();
    private final Map<Integer, NDArray> written = new HashMap<>();

    /// A value with the position and the bijection that it comes from.
    private record Move(Transform bijection, NDArray x, NDArray y) {}

    /// What leads from the position of a site to the position as written.
    ///
    /// @param z between them, computed once: where there are directions it is what costs
    record Recentred(Coordinates.Standardised way, NDArray z) {
        NDArray written() {
            return way.written(z);
        }

        NDArray told() {
            return way.told(z);
        }
    }

    /// @param discrete    values of the discrete sites, which have no position
    /// @param coordinates what the positions are
    /// @param reference   what another run found that differs in sites that follow others: of most sites z does not depend on them
    PositionedRun(
            Map<String, NDArray> position,
            List<LatentSite> expected,
            Map<String, NDArray> discrete,
            Coordinates coordinates,
            Map<String, Recentred> reference) {
        this.position = position;
        this.expected = expected;
        this.discrete = discrete;
        this.coordinates = coordinates;
        this.reference = reference;
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
        NDArray written = written(s, x);
        if (s.distribution().support().isUnconstrained()) {
            return written;
        }
        Transform t = bijection(s);
        NDArray y = t.call(written);
        moves.put(s.name(), new Move(t, written, y));
        return y;
    }

    private NDArray written(Message.Sample s, NDArray x) {
        Coordinates.Standardised own = coordinates.standardised(s, this::writtenAt, this::toldAt);
        return own == null ? x : recentred(s.name(), own, x).written();
    }

    /// What the rest of the model is told of a site that vectors follow: another run has found it, or the vectors come after it.
    private NDArray toldAt(int site) {
        String name = expected.get(site).name();
        Recentred own = reference.getOrDefault(name, recentred.get(name));
        return own == null ? writtenAt(site) : own.told();
    }

    /// The position as written of what the parts of a site that is standardised by hand depend on: of sites as written, and of others like it. The run may not have reached
    /// them yet.
    private NDArray writtenAt(int site) {
        NDArray known = written.get(site);
        if (known == null) {
            String name = expected.get(site).name();
            NDArray x = Objects.requireNonNull(position.get(name));
            Coordinates.Standardised own = coordinates.standardisedByHand(name, this::writtenAt);
            known = own == null ? x : recentred(name, own, x).written();
            written.put(site, known);
        }
        return known;
    }

    private Recentred recentred(String site, Coordinates.Standardised way, NDArray u) {
        return recentred.computeIfAbsent(site, _ -> {
            Recentred before = reference.get(site);
            return new Recentred(way, before == null || way.movesWithFree() ? way.standard(u) : before.z());
        });
    }

    /// {@return what lies between the positions of the sites that were reached and their positions as written, by name; without those where there is nothing}
    Map<String, Recentred> recentred() {
        return recentred;
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

    /// {@return the log density of a site, of a latent one over its position: with the Jacobian, masked and scaled; `batch`}
    NDArray logDensity(Message.Sample s) {
        Recentred r = recentred.get(s.name());
        if (r != null) {
            // The same as the density of the value with all Jacobians, without the differences of large numbers where the scale is small.
            return Factor.density(s.withDistribution(r.way().distribution(s)).withValue(r.z()))
                    .plus(r.way().logJacobian(s.distribution()));
        }
        NDArray jacobian = plainLogJacobian(s);
        return jacobian == null ? Factor.density(s) : Factor.density(s).plus(s.weighted(jacobian));
    }

    /// {@return `log |det|` of the change of variables of a site, `batch`; null where there is none}
    @Nullable NDArray plainLogJacobian(Message.Sample s) {
        Move move = moves.get(s.name());
        Recentred r = recentred.get(s.name());
        NDArray own = r == null ? null : r.way().logJacobianOfWritten(s.distribution());
        if (move == null) {
            return own;
        }
        Shape batch = s.distribution().batchShape();
        NDArray det = overEvents(move.bijection().logAbsDetJacobian(move.x(), move.y()), batch);
        return own == null ? det : det.plus(own);
    }

    /// {@return the sum of an array over the axes that the batch does not have, `batch`}
    static NDArray overEvents(NDArray x, Shape batch) {
        int inner = x.rank() - batch.rank();
        NDArray sum = inner > 0 ? x.sum(IntStream.rangeClosed(1, inner).map(i -> -i).toArray()) : x;
        return Np.broadcastTo(sum, batch);
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
