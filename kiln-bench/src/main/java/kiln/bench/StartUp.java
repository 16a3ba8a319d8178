package kiln.bench;

import static kiln.array.Np.exp;
import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.dist.Bernoulli;
import kiln.dist.Beta;
import kiln.dist.Exponential;
import kiln.dist.Gamma;
import kiln.dist.HalfCauchy;
import kiln.dist.HalfNormal;
import kiln.dist.LogNormal;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.dist.StudentT;
import kiln.dist.Uniform;
import kiln.infer.PosteriorDensity;
import kiln.model.Model;

/// Milliseconds from a model of twenty sites to the first value and gradient: trace, differentiate, compile, evaluate.
final class StartUp {
    private static final int MODELS = 60;

    private StartUp() {}

    /// {@return in milliseconds: the first model of this process; models of new shapes after thirty others; one that was there before}
    static SequencedMap<String, double[]> measure() {
        double fresh = milliseconds(40);
        double[] warm = new double[MODELS / 2];
        for (int i = 1; i <= MODELS; i++) {
            double time = milliseconds(40 + i);
            if (i > MODELS / 2) {
                warm[i - MODELS / 2 - 1] = time;
            }
        }
        double[] again = new double[MODELS / 2];
        for (int i = 0; i < again.length; i++) {
            again[i] = milliseconds(40);
        }
        SequencedMap<String, double[]> all = new LinkedHashMap<>();
        all.put("fresh", new double[] {fresh});
        all.put("warm", warm);
        all.put("again", again);
        return all;
    }

    private static double milliseconds(int rows) {
        // The data is not part of what is timed.
        NDArray x = PRNGKey.key(7).normal(rows);
        NDArray counts = x.times(x).plus(1).astype(DType.INT64);
        Model model = () -> twentySites(x, counts);
        long begin = System.nanoTime();
        var density = PosteriorDensity.of(model, PRNGKey.key(0));
        int d = density.dimension();
        double value = density.valueAndGradient(new double[d], new double[d]);
        double elapsed = (System.nanoTime() - begin) / 1e6;
        if (!Double.isFinite(value)) {
            throw new ArithmeticException("the density of the twenty sites is " + value);
        }
        return elapsed;
    }

    /// Sixteen latent and four observed sites of eleven families; the number of rows makes it a model of its own.
    private static void twentySites(NDArray x, NDArray counts) {
        int n = x.size();
        var a = sample("a", new Normal(0, 1));
        var b = sample("b", new Normal(0, 2));
        var c = sample("c", new StudentT(4, 0, 1));
        var d = sample("d", new Normal(a, 1));
        var scale = sample("scale", new HalfCauchy(5));
        var noise = sample("noise", new HalfNormal(2));
        var rate = sample("rate", new Exponential(1));
        var shape = sample("shape", new Gamma(2, 1));
        var factor = sample("factor", new LogNormal(0, 1));
        var share = sample("share", new Beta(2, 2));
        var weight = sample("weight", new Uniform(0, 1));
        var slope = sample("slope", new Normal(b, noise));
        NDArray group;
        try (var _ = plate("groups", 8)) {
            group = sample("group", new Normal(d, scale));
        }
        NDArray effect;
        NDArray spread;
        try (var _ = plate("effects", 4)) {
            effect = sample("effect", new Normal(c, rate));
            spread = sample("spread", new Gamma(shape, rate));
        }
        var last = sample("last", new Normal(0, factor));
        try (var _ = plate("rows", n)) {
            sample("y", new Normal(a.plus(slope.times(x)), noise), x);
            sample("z", new StudentT(5, weight.times(x).plus(group.sum()), spread.sum()), x);
            sample("count", new Poisson(exp(last.plus(b.times(x)).plus(effect.mean()))), counts);
            sample("yes", new Bernoulli(share), x.gt(0));
        }
    }
}
