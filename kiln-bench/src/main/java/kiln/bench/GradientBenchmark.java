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

/// Nanoseconds per value-and-gradient: densities that Kiln compiled from models, beside the same written by hand in plain Java.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class GradientBenchmark {
    private final LogDensity compiledSchools = Models.eightSchools();
    private final LogDensity compiledKidiq = Models.kidiq();
    private final LogDensity handWrittenSchools = new HandWrittenEightSchools();
    private final LogDensity handWrittenKidiq = new HandWrittenKidiq();

    // The first test points of posteriordb, on the unconstrained scale, in the order of each density's coordinates.
    private final double[] schools = {0.5, 0.14, -0.14, 0.11, -0.22, -0.083, 0.53, 0.14, 4.4, Math.log(3.6)};
    private final double[] modelSchools = {4.4, Math.log(3.6), 0.5, 0.14, -0.14, 0.11, -0.22, -0.083, 0.53, 0.14};
    private final double[] kidiq = {25.8, 6.0, 0.563, Math.log(18.14)};
    private final double[] schoolsGradient = new double[10];
    private final double[] kidiqGradient = new double[4];

    /// {@return the value; the gradient is written to a field}
    @Benchmark
    public double eightSchoolsCompiled() {
        return compiledSchools.valueAndGradient(modelSchools, schoolsGradient);
    }

    /// {@return the value; the gradient is written to a field}
    @Benchmark
    public double eightSchoolsHandWritten() {
        return handWrittenSchools.valueAndGradient(schools, schoolsGradient);
    }

    /// {@return the value; the gradient is written to a field}
    @Benchmark
    public double kidiqCompiled() {
        return compiledKidiq.valueAndGradient(kidiq, kidiqGradient);
    }

    /// {@return the value; the gradient is written to a field}
    @Benchmark
    public double kidiqHandWritten() {
        return handWrittenKidiq.valueAndGradient(kidiq, kidiqGradient);
    }
}
