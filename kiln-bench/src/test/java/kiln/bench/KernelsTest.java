package kiln.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.Stream;
import kiln.bench.kernel.GaussianProcess;
import kiln.bench.kernel.Kernel;
import kiln.bench.kernel.Kernels;
import kiln.bench.kernel.NativeCode;
import kiln.infer.LogDensity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Param;

/// The three implementations of a kernel compute the same thing: otherwise their times say nothing about each other.
class KernelsTest {
    private static final double TOLERANCE = 1e-10;

    record Row(Kernel kernel) {
        @Override
        public String toString() {
            return kernel.name();
        }
    }

    static Stream<Row> rows() {
        return Kernels.all().stream().map(Row::new);
    }

    /// The benchmark's point and one beside it.
    private static List<double[]> points(Kernel kernel) {
        double[] beside = kernel.point();
        for (int i = 0; i < beside.length; i++) {
            beside[i] += 0.05 * Math.cos(i);
        }
        return List.of(kernel.point(), beside);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void kilnIsPlainJava(Row row) {
        assertSame(row.kernel(), row.kernel().kiln(), row.kernel().java());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void cIsPlainJava(Row row) {
        assumeFalse(NativeCode.compiler().isEmpty(), "there is no gcc");
        assertSame(row.kernel(), row.kernel().c(), row.kernel().java());
    }

    @Test
    void openBlasIsPlainJava() {
        assumeTrue(NativeCode.hasOpenBlas(), "there is no OpenBLAS");
        var kernel = new GaussianProcess();
        assertSame(kernel, kernel.openBlas(), kernel.java());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theGradientOfPlainJavaIsItsDifferenceQuotient(Row row) {
        LogDensity java = row.kernel().java();
        double[] q = row.kernel().point();
        double[] gradient = new double[q.length];
        java.valueAndGradient(q, gradient);
        for (int i = 0; i < Math.min(q.length, 20); i++) {
            // Values of a size of 1e5 leave 1e-11, so 1e-7 after the division; the five-point rule's own error is far below.
            double h = 1e-3;
            double quotient = (8 * (at(java, q, i, h) - at(java, q, i, -h)) - (at(java, q, i, 2 * h) - at(java, q, i, -2 * h))) / (12 * h);
            assertThat(gradient[i]).as("component %d", i).isCloseTo(quotient, within(1e-6 * Math.max(1, Math.abs(quotient))));
        }
    }

    private static double at(LogDensity density, double[] q, int moved, double shift) {
        double[] there = q.clone();
        there[moved] += shift;
        return density.valueAndGradient(there, new double[q.length]);
    }

    private static void assertSame(Kernel kernel, LogDensity got, LogDensity want) {
        assertThat(got.dimension()).isEqualTo(want.dimension()).isEqualTo(kernel.point().length);
        for (double[] q : points(kernel)) {
            double[] gotGradient = new double[q.length];
            double[] wantGradient = new double[q.length];
            double value = got.valueAndGradient(q, gotGradient);
            double expected = want.valueAndGradient(q, wantGradient);
            assertThat(got.value(q, new double[q.length])).as("value alone").isCloseTo(value, within(1e-12 * Math.max(1, Math.abs(value))));
            assertThat(value).as("value").isCloseTo(expected, within(TOLERANCE * Math.max(1, Math.abs(expected))));
            // Components are sums in which large terms may cancel: the largest is their scale.
            double scale = 1;
            for (double g : wantGradient) {
                scale = Math.max(scale, Math.abs(g));
            }
            assertThat(gotGradient).as("gradient").containsExactly(wantGradient, within(TOLERANCE * scale));
        }
    }

    @Test
    void jmhKnowsEveryKernel() throws NoSuchFieldException {
        String[] names = KernelBenchmark.class.getField("kernel").getAnnotation(Param.class).value();
        assertThat(names).containsExactlyElementsOf(Kernels.all().stream().map(Kernel::name).toList());
    }

    @Test
    void anUnknownKernelIsRefused() {
        assertThatThrownBy(() -> Kernels.named("nothing")).hasMessage("there is no kernel nothing");
    }
}
