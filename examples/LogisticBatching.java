import module kiln;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.func.Functions.*;

// Automatic batching for Bayesian inference: JAX's tutorial of the same name, with the same data and the same numbers.
//
// A log joint density written for one parameter vector is applied to a batch: by hand, which is easy to get wrong, and by
// vmap, which is not. Then variational inference with its gradient, on the stream of random numbers of key(10003).

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/LogisticBatching.java"))
        .resolveSibling("data/logistic_batching");

NDArray allX;
NDArray y;

NDArray read(String file) {
    try {
        return loadtxt(DATA.resolve(file), ",", 0).astype(DType.FLOAT32);
    } catch (IOException e) {
        throw new UncheckedIOException(e);
    }
}

// One parameter vector.
NDArray logJoint(NDArray beta, double priorScale) {
    var prior = new Normal(0, priorScale).logProb(beta).sum();
    var sign = y.times(2).minus(1);
    return prior.minus(log(exp(sign.unaryMinus().times(allX.matmul(beta))).plus(1)).sum());
}

// Many of them, batched by hand: every sum needs its axis, and the product needs two transpositions.
NDArray batchedLogJoint(NDArray beta) {
    var prior = new Normal(0, 1).logProb(beta).sum(-1);
    var sign = y.times(2).minus(1);
    return prior.minus(log(exp(sign.unaryMinus().times(allX.matmul(beta.transpose()).transpose())).plus(1)).sum(-1));
}

// The evidence lower bound of a normal approximation, estimated on given standard normal draws.
NDArray elbo(NDArray loc, NDArray logScale, NDArray epsilon) {
    var samples = loc.plus(exp(logScale).times(epsilon));
    Function<NDArray, NDArray> batched = vmap((NDArray beta) -> logJoint(beta, 10));
    return batched.apply(samples).mean().plus(logScale.minus(0.5 * Math.log(2 * Math.PI)).sum());
}

void program() {
    allX = read("x.csv");
    y = read("y.csv").squeeze();
    var beta = read("test_beta.csv").squeeze();
    var betas = read("batched_test_beta.csv");

    IO.println("not batched      " + logJoint(beta, 1));
    try {
        logJoint(betas, 1);
    } catch (ShapeException e) {
        IO.println("Caught expected exception\n" + e.getMessage());
    }
    IO.println("batched by hand  " + batchedLogJoint(betas));
    Function<NDArray, NDArray> mapped = vmap((NDArray b) -> logJoint(b, 1));
    IO.println("batched by vmap  " + mapped.apply(betas));

    var valueAndGrad = jit(valueAndGrad(this::elbo, 0, 1));
    var key = key(10003);
    var loc = zeros(10);
    var logScale = zeros(10);
    double stepSize = 0.01;
    IO.println("\nstep  ELBO");
    for (int i = 0; i < 1000; i++) {
        var keys = key.split();
        key = keys[0];
        var epsilon = keys[1].normal(128, 10);
        var result = valueAndGrad.apply(loc, logScale, epsilon);
        loc = loc.plus(result.grad().get(0).times(stepSize));
        logScale = logScale.plus(result.grad().get(1).times(stepSize));
        if (i % 10 == 0) {
            IO.println("%4d  %.5f".formatted(i, result.value().item()));
        }
    }

    IO.println("\n true beta   posterior mean ± 2 sd");
    var trueBeta = read("true_beta.csv").squeeze();
    for (int j = 0; j < 10; j++) {
        IO.println("%10.3f  %10.3f ± %.3f"
                .formatted(trueBeta.get(j).item(), loc.get(j).item(), 2 * exp(logScale.get(j)).item()));
    }
}

void main() {
    DType.withDefault(DType.FLOAT32, this::program); // JAX's default, so that the digits can be compared
}
