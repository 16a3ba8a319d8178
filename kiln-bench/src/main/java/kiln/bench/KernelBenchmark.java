package kiln.bench;

import java.util.concurrent.TimeUnit;
import kiln.bench.kernel.Kernel;
import kiln.bench.kernel.Kernels;
import kiln.infer.LogDensity;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Nanoseconds per value and gradient of one kernel in one implementation, for a closer look with JMH's profilers.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class KernelBenchmark {
    /// Name of the kernel.
    @Param({
        "eight-schools", "kidiq", "logistic", "logistic-100000", "poisson", "hierarchy", "normal", "softplus", "lgamma", "log-ndtr", "garch", "ar1", "ar5",
        "hmm", "gp", "linear-1000", "linear-100000"
    })
    public String kernel = "";

    /// Who wrote it: `kiln`, `java` or `c`.
    @Param({"kiln", "java", "c"})
    public String by = "";

    @SuppressWarnings("NullAway.Init") // JMH calls compile() first
    private LogDensity density;

    private double[] point = {};
    private double[] gradient = {};

    /// Compiles the density.
    @Setup
    public void compile() {
        Kernel chosen = Kernels.named(kernel);
        density = switch (by) {
            case "kiln" -> chosen.kiln();
            case "java" -> chosen.java();
            case "c" -> chosen.c();
            default -> throw new IllegalArgumentException("nobody is called " + by);
        };
        point = chosen.point();
        gradient = new double[point.length];
    }

    /// {@return the value; the gradient is written to a field}
    @Benchmark
    public double valueAndGradient() {
        return density.valueAndGradient(point, gradient);
    }
}
