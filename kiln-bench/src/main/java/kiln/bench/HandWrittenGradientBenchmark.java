package kiln.bench;

import java.util.concurrent.TimeUnit;
import kiln.infer.LogDensity;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Nanoseconds per value-and-gradient of the hand-written densities.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class HandWrittenGradientBenchmark {
    private final LogDensity eightSchools = new HandWrittenEightSchools();
    private final LogDensity kidiq = new HandWrittenKidiq();

    // The first test points of posteriordb, on the unconstrained scale.
    private final double[] schoolsPosition = {0.5, 0.14, -0.14, 0.11, -0.22, -0.083, 0.53, 0.14, 4.4, Math.log(3.6)};
    private final double[] schoolsGradient = new double[10];
    private final double[] kidiqPosition = {25.8, 6.0, 0.563, Math.log(18.14)};
    private final double[] kidiqGradient = new double[4];

    /// {@return the value; the gradient is written to a field}
    @Benchmark
    public double eightSchools() {
        return eightSchools.valueAndGradient(schoolsPosition, schoolsGradient);
    }

    /// {@return the value; the gradient is written to a field}
    @Benchmark
    public double kidiq() {
        return kidiq.valueAndGradient(kidiqPosition, kidiqGradient);
    }
}
