package kiln.bench;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleUnaryOperator;
import kiln.math.Elementary;
import kiln.math.Erf;
import kiln.math.Gamma;
import kiln.math.Tiles;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Nanoseconds per element of the array functions on 10,000 elements, beside a plain loop over the scalar function.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TilesBenchmark {
    private static final int N = 10_000;

    /// Both forms of a function, and where it is evaluated.
    private record Case(DoubleUnaryOperator scalar, Array array, double low, double high) {}

    /// `y[i] = f(x[i])` for `i < n`.
    private interface Array {
        void apply(double[] x, double[] y, int n);
    }

    private static final Map<String, Case> CASES = Map.ofEntries(
            Map.entry("exp", new Case(Elementary::exp, Tiles::exp, -5, 5)),
            Map.entry("expm1", new Case(Elementary::expm1, Tiles::expm1, -5, 5)),
            Map.entry("log", new Case(Elementary::log, Tiles::log, 0.1, 50)),
            Map.entry("log1p", new Case(Elementary::log1p, Tiles::log1p, 0, 10)),
            Map.entry("log1mexp", new Case(Elementary::log1mexp, Tiles::log1mexp, -5, -0.01)),
            Map.entry("tanh", new Case(Elementary::tanh, Tiles::tanh, -3, 3)),
            Map.entry("sigmoid", new Case(Elementary::sigmoid, Tiles::sigmoid, -5, 5)),
            Map.entry("softplus", new Case(Elementary::softplus, Tiles::softplus, -5, 5)),
            Map.entry("sin", new Case(Elementary::sin, Tiles::sin, -10, 10)),
            Map.entry("cos", new Case(Elementary::cos, Tiles::cos, -10, 10)),
            Map.entry("lgamma", new Case(Gamma::lgamma, Tiles::lgamma, 0.1, 50)),
            Map.entry("digamma", new Case(Gamma::digamma, Tiles::digamma, 0.1, 50)),
            Map.entry("trigamma", new Case(Gamma::trigamma, Tiles::trigamma, 0.1, 50)),
            Map.entry("erf", new Case(Erf::erf, Tiles::erf, -3, 3)),
            Map.entry("erfc", new Case(Erf::erfc, Tiles::erfc, -3, 3)),
            Map.entry("ndtr", new Case(Erf::ndtr, Tiles::ndtr, -8, 8)),
            Map.entry("logNdtr", new Case(Erf::logNdtr, Tiles::logNdtr, -5, 5)),
            Map.entry("logNdtrDerivative", new Case(Erf::logNdtrDerivative, Tiles::logNdtrDerivative, -5, 5)));

    @Param({
        "exp", "expm1", "log", "log1p", "log1mexp", "tanh", "sigmoid", "softplus", "sin", "cos", "lgamma", "digamma", "trigamma", "erf",
        "erfc", "ndtr", "logNdtr", "logNdtrDerivative"
    })
    private String function = "exp";

    private Case chosen = new Case(Elementary::exp, Tiles::exp, -5, 5);
    private final double[] x = new double[N];
    private final double[] y = new double[N];

    /// Draws the arguments, uniformly over the range of the function.
    @Setup
    public void arguments() {
        chosen = CASES.getOrDefault(function, chosen);
        var random = new SplittableRandom(1);
        for (int i = 0; i < N; i++) {
            x[i] = random.nextDouble(chosen.low, chosen.high);
        }
    }

    /// {@return the results of the array function}
    @Benchmark
    @OperationsPerInvocation(N)
    public double[] tiles() {
        chosen.array.apply(x, y, N);
        return y;
    }

    /// {@return the results of the scalar function}
    @Benchmark
    @OperationsPerInvocation(N)
    public double[] loop() {
        DoubleUnaryOperator f = chosen.scalar;
        for (int i = 0; i < N; i++) {
            y[i] = f.applyAsDouble(x[i]);
        }
        return y;
    }
}
