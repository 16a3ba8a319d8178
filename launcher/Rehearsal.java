import module kiln;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// What the start-up archive is recorded from: a little of everything that a first program is likely to use, so that its classes and
// lambdas are in the archive. It computes nothing that anybody looks at.

void eightSchools(NDArray y, NDArray sigma) {
    var mu = sample("mu", new Normal(0, 5));
    var tau = sample("tau", new HalfCauchy(5));
    try (var _ = plate("school", y.size())) {
        var theta = deterministic("theta", mu.plus(tau.times(sample("theta_trans", new Normal(0, 1)))));
        sample("y", new Normal(theta, sigma), y);
    }
}

void regressions(NDArray x, NDArray y, NDArray counts, NDArray yes, NDArray group) {
    var a = sample("a", new Normal(0, 1));
    var beta = sample("beta", new Normal(0, 1).expand(x.size(1)).toEvent(1));
    var sigma = sample("sigma", new HalfNormal(2));
    var nu = sample("nu", new Gamma(2, 0.1));
    var rate = sample("rate", new Exponential(1));
    var share = sample("share", new Beta(2, 2));
    var low = sample("low", new Uniform(-1, 1));
    var factor = sample("factor", new LogNormal(0, 1));
    var weights = sample("weights", new Dirichlet(ones(3)));
    var cut = sample("cut", new StudentT(4, 0, 1));
    NDArray effect;
    try (var _ = plate("groups", 4)) {
        effect = sample("effect", new Normal(cut, factor));
    }
    var mean = x.matmul(beta).plus(a).plus(effect.get(group));
    try (var _ = plate("rows", x.size(0))) {
        sample("y", new Normal(mean, sigma), y);
        sample("robust", new StudentT(nu, mean, sigma), y);
        sample("count", new Poisson(exp(low.plus(x.matmul(beta).times(0.1)))), counts);
        sample("yes", new BernoulliLogits(mean), yes);
        sample("fair", new Bernoulli(share), yes);
        sample("negative", new NegativeBinomial2(exp(low), rate), counts);
        sample("which", new Categorical(weights), group.times(0));
    }
}

void line(NDArray x, NDArray y) {
    var a = sample("a", new Normal(0, 1));
    var slope = sample("slope", new Normal(0, 1));
    var sigma = sample("sigma", new HalfCauchy(1));
    try (var _ = plate("rows", x.size())) {
        sample("y", new Normal(a.plus(slope.times(x)), sigma), y);
    }
}

void process(NDArray t, NDArray y) {
    var length = sample("length", new LogNormal(0, 1));
    var noise = sample("noise", new HalfNormal(1));
    var d = t.expandDims(-1).minus(t).div(length);
    var covariance = exp(square(d).times(-0.5)).plus(eye(t.size()).times(noise.plus(1e-6)));
    sample("y", MultivariateNormal.covariance(zerosLike(y), covariance), y);
}

void main() {
    var keys = key(0).split(6);
    var posterior = new MCMC(new NUTS(() -> eightSchools(NDArray.of(28.0, 8, -3, 7, -1, 1, 18, 12),
            NDArray.of(15.0, 10, 16, 11, 9, 11, 10, 18)))).run(keys[0]);
    posterior.printSummary();
    IO.println(posterior.samples("theta").mean(0));
    IO.println("%.2f".formatted(Hpdi.hpdi(posterior.samples("mu").toDoubleArray(), 0.9).lower()));
    new Predictive(() -> eightSchools(NDArray.of(28.0, 8), NDArray.of(15.0, 10)), Map.of("mu", posterior.samples("mu").get(Index.slice(0, 20))))
            .run(keys[1]);

    // Several shapes, so that the compiler itself is compiled.
    for (int n = 20; n < 60; n += 10) {
        var x = keys[2].normal(n, 3);
        var y = x.sum(1).plus(keys[3].normal(n));
        var counts = floor(abs(y)).astype(DType.INT32);
        var group = remainder(arange(n), 4);
        var density = PosteriorDensity.of(() -> regressions(x, y, counts, y.gt(0).astype(DType.INT32), group), keys[4]);
        density.valueAndGradient(new double[density.dimension()], new double[density.dimension()]);
    }
    var v = keys[2].normal(50);
    var collapsed = PosteriorDensity.of(() -> line(v, v.times(2)), keys[5]);
    collapsed.valueAndGradient(new double[3], new double[3]);
    var t = linspace(0, 1, 20);
    var gaussian = PosteriorDensity.of(() -> process(t, sin(t)), keys[5]);
    gaussian.valueAndGradient(new double[2], new double[2]);
    IO.println(Functions.grad((NDArray u) -> tanh(u).sum()).apply(t).sum());
}
