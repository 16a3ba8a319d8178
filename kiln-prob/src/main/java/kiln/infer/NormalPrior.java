package kiln.infer;

import java.util.LinkedHashMap;
import java.util.Map;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.Distribution;
import kiln.dist.Expanded;
import kiln.dist.Independent;
import kiln.dist.MultivariateNormal;
import kiln.dist.Normal;
import kiln.model.HandlerException;
import kiln.model.Message;

/// Finds the prior of a model whose random variables are all normal.
final class NormalPrior {
    private final double[] mean;
    private final double[][] factor;
    private int at;

    private NormalPrior(int dimension) {
        mean = new double[dimension];
        factor = new double[dimension][];
        for (int i = 0; i < dimension; i++) {
            factor[i] = new double[i + 1];
        }
    }

    /// {@return the prior}
    ///
    /// @throws HandlerException naming the first random variable that is not normal, or whose parameters depend on others
    static GaussianPrior of(UnconstrainedModel model) {
        NormalPrior here = new NormalPrior(model.dimension());
        NormalPrior there = new NormalPrior(model.dimension());
        Map<String, Message.Sample> first = model.trace(constant(model, 0)).samples();
        Map<String, Message.Sample> second = model.trace(constant(model, 0.7)).samples();
        for (LatentSite site : model.sites()) {
            Message.Sample s = sample(first, site);
            int from = here.at;
            here.add(s);
            there.add(sample(second, site));
            for (int i = from; i < here.at; i++) {
                if (here.mean[i] != there.mean[i] || !java.util.Arrays.equals(here.factor[i], there.factor[i])) {
                    throw refusal(s, "its parameters depend on other random variables");
                }
            }
        }
        return new GaussianPrior(here.mean, here.factor);
    }

    private static Message.Sample sample(Map<String, Message.Sample> run, LatentSite site) {
        return java.util.Objects.requireNonNull(run.get(site.name()));
    }

    private static Map<String, NDArray> constant(UnconstrainedModel model, double value) {
        var out = new LinkedHashMap<String, NDArray>();
        model.sites().forEach(s -> out.put(s.name(), Np.full(s.unconstrainedShape(), value)));
        return out;
    }

    private void add(Message.Sample s) {
        if (s.mask() != null || s.scale().size() != 1 || s.scale().item() != 1) {
            throw refusal(s, "its density is masked or scaled");
        }
        Distribution d = s.distribution();
        Shape shape = d.batchShape().then(d.eventShape());
        double[] means = Np.broadcastTo(d.mean(), shape).toDoubleArray();
        System.arraycopy(means, 0, mean, at, means.length);
        switch (leaf(d)) {
            case Normal _ -> {
                double[] variances = Np.broadcastTo(d.variance(), shape).toDoubleArray();
                for (int i = 0; i < variances.length; i++) {
                    factor[at + i][at + i] = Math.sqrt(variances[i]);
                }
            }
            case MultivariateNormal m -> {
                int n = m.eventShape().dim(0);
                double[] blocks = Np.broadcastTo(m.scaleTril(), shape.then(Shape.of(n))).toDoubleArray();
                for (int i = 0; i < means.length; i++) {
                    System.arraycopy(blocks, i * n, factor[at + i], at + i - i % n, i % n + 1);
                }
            }
            default -> throw refusal(s, "it is not normal");
        }
        at += means.length;
    }

    /// The distribution without what only repeats it or turns batch axes into event axes.
    private static Distribution leaf(Distribution d) {
        return switch (d) {
            case Expanded e -> leaf(e.baseDist());
            case Independent i -> leaf(i.baseDist());
            default -> d;
        };
    }

    private static HandlerException refusal(Message.Sample s, String why) {
        return new HandlerException(new Diagnosis(s.label(), "elliptical slice sampling needs a normal prior, and " + why)
                .expected("Normal or MultivariateNormal with known parameters")
                .got(s.distributionName() + ", batch " + s.distribution().batchShape() + ", event " + s.distribution().eventShape())
                .at(s.place())
                .fix("sample the model with new NUTS(…)."));
    }
}
