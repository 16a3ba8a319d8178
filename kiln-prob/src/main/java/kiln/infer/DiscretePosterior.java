package kiln.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.Trace;

/// The posterior density of a model in its continuous and its discrete random variables, none of them summed out.
final class DiscretePosterior extends SplitPosterior implements DiscreteDensity {
    /// The values of every discrete coordinate; the coordinates of a site share an array.
    private final double[][] supports;

    private DiscretePosterior(UnconstrainedModel free, Held held, double[][] supports, Differentiation by) {
        super(free, held, free::logJoint, by);
        this.supports = supports;
    }

    private DiscretePosterior(DiscretePosterior like, int threads) {
        super(like, threads);
        supports = like.supports;
    }

    @Override
    public PosteriorDensity threads(int threads) {
        return new DiscretePosterior(this, threads);
    }

    /// @param who the kernel that asks, for messages
    static DiscretePosterior of(String who, Model model, PRNGKey key, Differentiation by) {
        Trace run = Handlers.trace(model, Handlers.seed(key), () -> new StartingRun(InitStrategy.initToUniform(), Set.of()));
        List<Message.Sample> discrete = run.samples().values().stream()
                .filter(s -> !s.isObserved() && s.distribution().isDiscrete()).toList();
        if (discrete.isEmpty()) {
            throw new HandlerException(new Diagnosis(who, "the model has no discrete random variable")
                    .got("sites " + run.samples().keySet())
                    .fix("use its inner kernel alone: new MCMC(new NUTS(model))."));
        }
        List<double[]> supports = new ArrayList<>();
        for (Message.Sample s : discrete) {
            double[] own = support(s);
            for (int i = 0; i < s.requireValue().size(); i++) {
                supports.add(own);
            }
        }
        var held = new Held(discrete);
        return new DiscretePosterior(UnconstrainedModel.of(held.give(model), key), held, supports.toArray(double[][]::new), by);
    }

    private static double[] support(Message.Sample s) {
        var error = new Diagnosis(s.label(), "its values cannot be listed, so they cannot be visited one by one")
                .expected("a discrete distribution of single values with finitely many of them")
                .got(PositionedRun.describe(s))
                .at(s.place());
        if (s.distribution().eventShape().rank() > 0 || !s.distribution().hasEnumerateSupport()) {
            throw new HandlerException(error.fix("truncate it to a Categorical, or write the model with a continuous variable."));
        }
        return Arrays.stream(s.distribution().enumerateSupport(false).toDoubleArray()).sorted().distinct().toArray();
    }

    @Override
    public double[] support(int discrete) {
        return supports[discrete].clone();
    }

    @Override
    double snapped(int coordinate, double x) {
        return DiscreteDensity.nearest(supports[coordinate], x);
    }

    /// The discrete sites start at values that are drawn from all of their support alike.
    @Override
    Map<String, NDArray> startHeld(InitStrategy strategy, PRNGKey key) {
        double[] u = key.uniform(supports.length).toDoubleArray();
        var out = new LinkedHashMap<String, NDArray>();
        int from = 0;
        for (Held.Item i : held().items()) {
            double[] own = new double[i.shape().size()];
            for (int j = 0; j < own.length; j++) {
                double[] support = supports[from + j];
                own[j] = support[(int) (u[from + j] * support.length)];
            }
            out.put(i.name(), NDArray.of(i.shape(), own).astype(i.dtype()));
            from += own.length;
        }
        return out;
    }
}
