package kiln.infer;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.dist.HalfCauchy;
import kiln.dist.Normal;
import kiln.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Workers of a compiled density: its bits, each by itself, without allocation.
class WorkerTest {
    private static final NDArray Y = NDArray.of(28.0, 8, -3, 7, -1, 1, 18, 12);
    private static final NDArray SIGMA = NDArray.of(15.0, 10, 16, 11, 9, 11, 10, 18);

    /// @param branches whether the model reads a value, so that its density has two paths
    private static PosteriorDensity density(boolean branches) {
        Model model = () -> {
            NDArray mu = sample("mu", new Normal(0, 5));
            NDArray tau = sample("tau", new HalfCauchy(5));
            NDArray loc = branches && mu.gt(0).isTrue() ? mu.times(2) : mu;
            try (var _ = plate("school", 8)) {
                sample("y", new Normal(sample("theta", new Normal(loc, tau)), SIGMA), Y);
            }
        };
        return PosteriorDensity.of(model, key(0));
    }

    private static double[][] points(int n) {
        var random = new Random(4);
        return IntStream.range(0, n).mapToObj(_ -> random.doubles(10, -3, 3).toArray()).toArray(double[][]::new);
    }

    /// Value, gradient and the value alone.
    private static double[] all(LogDensity density, double[] x) {
        double[] out = new double[12];
        double[] gradient = new double[10];
        out[10] = density.valueAndGradient(x, gradient);
        System.arraycopy(gradient, 0, out, 0, 10);
        out[11] = density.value(x, gradient);
        return out;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void workersHaveTheBitsOfTheirDensity(boolean branches) throws InterruptedException, ExecutionException {
        PosteriorDensity density = density(branches);
        double[][] points = points(2000);
        double[][] want = IntStream.range(0, points.length).mapToObj(i -> all(density, points[i])).toArray(double[][]::new);
        LogDensity first = density.worker();
        assertThat(first).isNotSameAs(density.worker()).isNotSameAs(first.worker());
        assertThat(first.dimension()).isEqualTo(10);
        try (var pool = Executors.newFixedThreadPool(4)) {
            // Four at a time, the paths of each in another order.
            List<Future<Integer>> runs = IntStream.range(0, 4).mapToObj(k -> pool.submit(() -> {
                LogDensity own = first.worker();
                int same = 0;
                for (int i = 0; i < points.length; i++) {
                    int at = (i * (2 * k + 1) + 7 * k) % points.length;
                    same += Arrays.equals(all(own, points[at]), want[at]) ? 1 : 0;
                }
                return same;
            })).toList();
            for (Future<Integer> run : runs) {
                assertThat(run.get()).isEqualTo(points.length);
            }
        }
    }

    @Test
    void aWorkerAllocatesNothing() throws ReflectiveOperationException {
        LogDensity own = density(false).worker();
        double[][] points = points(100);
        double[] gradient = new double[10];
        var bytes = new AllocatedBytes();
        double sum = 0;
        for (int round = 0; round < 200; round++) {
            for (double[] x : points) {
                sum += own.valueAndGradient(x, gradient) + own.value(x, gradient);
            }
        }
        bytes.read();
        long before = bytes.read();
        for (double[] x : points) {
            sum += own.valueAndGradient(x, gradient) + own.value(x, gradient);
        }
        // The counter's own boxes.
        assertThat(bytes.read() - before).isLessThan(200);
        assertThat(sum).isFinite();
    }

    @Test
    void whatKeepsNothingIsItsOwnWorker() {
        LogDensity plain = new LogDensity() {
            @Override
            public int dimension() {
                return 1;
            }

            @Override
            public double valueAndGradient(double[] position, double[] gradient) {
                gradient[0] = -position[0];
                return -0.5 * position[0] * position[0];
            }
        };
        assertThat(plain.worker()).isSameAs(plain);
    }
}
