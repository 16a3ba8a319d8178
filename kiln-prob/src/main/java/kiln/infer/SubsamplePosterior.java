package kiln.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.PlateFrame;
import kiln.model.Trace;

/// The posterior density of a model with subsampled plates, as the rows that are looked at estimate it.
final class SubsamplePosterior extends SplitPosterior implements SubsampleDensity {
    private final List<Rows> rows;
    private final int[] last;

    private SubsamplePosterior(UnconstrainedModel free, Held held, List<Rows> rows, Function<Map<String, NDArray>, NDArray> logDensity, Differentiation by) {
        super(free, held, logDensity, by);
        this.rows = rows;
        last = rows.stream().flatMapToInt(r -> java.util.stream.IntStream.generate(() -> r.size() - 1).limit(r.count())).toArray();
    }

    private SubsamplePosterior(SubsamplePosterior like, int threads) {
        super(like, threads);
        rows = like.rows;
        last = like.last;
    }

    @Override
    public PosteriorDensity threads(int threads) {
        return new SubsamplePosterior(this, threads);
    }

    static SubsamplePosterior of(Model model, Optional<TaylorProxy> proxy, PRNGKey key, Differentiation by) {
        Trace run = Handlers.trace(model, Handlers.seed(key), () -> new StartingRun(InitStrategy.initToUniform(), Set.of()));
        List<Message.Plate> plates = new ArrayList<>();
        for (Message m : run.sites().values()) {
            if (m instanceof Message.Plate p && p.subsampleSize() != p.size()) {
                plates.add(p);
            }
        }
        if (plates.isEmpty()) {
            throw new HandlerException(new Diagnosis("HMCECS", "the model has no subsampled plate")
                    .got("sites " + run.sites().keySet())
                    .fix("open the plate of the data with subsampleSize(n), or use the inner kernel alone: new MCMC(new NUTS(model))."));
        }
        run.samples().values().forEach(s -> check(s, proxy.isPresent()));
        var held = new Held(plates);
        UnconstrainedModel free = UnconstrainedModel.ofSubsample(held.give(model), key);
        List<Rows> rows = new ArrayList<>();
        int from = 0;
        for (Message.Plate p : plates) {
            rows.add(new Rows(from, p.subsampleSize(), p.size()));
            from += p.subsampleSize();
        }
        Function<Map<String, NDArray>, NDArray> logDensity = proxy.isPresent()
                ? new DifferenceEstimator(free, held, rows, proxy.get())::logDensity
                : free::logJoint;
        return new SubsamplePosterior(free, held, List.copyOf(rows), logDensity, by);
    }

    private static void check(Message.Sample s, boolean hasProxy) {
        List<PlateFrame> subsampled = s.plates().stream().filter(PlateFrame::isSubsampled).toList();
        if (!s.isObserved() && (!subsampled.isEmpty() || (hasProxy && s.distribution().isDiscrete()))) {
            throw new HandlerException(new Diagnosis(s.label(), subsampled.isEmpty()
                            ? "a proxy cannot stand for a likelihood out of which a discrete random variable is summed"
                            : "a random variable of a subsampled plate has no value for the rows that are not looked at")
                    .expected("only data inside a subsampled plate" + (hasProxy ? ", and only continuous random variables" : ""))
                    .got(PositionedRun.describe(s) + (subsampled.isEmpty() ? "" : " in plate " + subsampled.getFirst()))
                    .at(s.place())
                    .fix("sum or integrate it out by hand, or sample the whole data with NUTS."));
        }
        if (hasProxy && subsampled.size() > 1) {
            throw new HandlerException(new Diagnosis(s.label(), "a proxy needs each datum in one subsampled plate")
                    .got("plates " + subsampled)
                    .at(s.place())
                    .fix("subsample one of the plates only."));
        }
    }

    @Override
    public List<Rows> rows() {
        return rows;
    }

    @Override
    double snapped(int coordinate, double x) {
        return Math.max(0, Math.min(last[coordinate], Math.rint(x)));
    }

    @Override
    Map<String, NDArray> startHeld(InitStrategy strategy, PRNGKey key) {
        double[] u = key.uniform(last.length).toDoubleArray();
        var out = new LinkedHashMap<String, NDArray>();
        for (int p = 0; p < rows.size(); p++) {
            Rows r = rows.get(p);
            double[] own = new double[r.count()];
            Arrays.setAll(own, j -> (int) (u[r.from() + j] * r.size()));
            out.put(held().items().get(p).name(), NDArray.of(own).astype(held().items().get(p).dtype()));
        }
        return out;
    }
}
