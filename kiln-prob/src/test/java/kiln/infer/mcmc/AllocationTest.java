package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import kiln.infer.AllocatedBytes;
import kiln.infer.LogDensity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A transition allocates nothing once its workspace exists, counted by the JVM for this thread.
class AllocationTest {
    private static final int TRANSITIONS = 2000;

    static Stream<Sampler> samplers() {
        return Stream.of(new NUTS(), new NUTS().metricAdaptation(MetricAdaptation.FISHER_DIAGONAL), new WALNUTS(), new HMC().numSteps(10));
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void transitionsAllocateNothing(Sampler sampler) throws ReflectiveOperationException {
        LogDensity density = Targets.gaussian(new double[10], Targets.autoregressivePrecision(10, 0.5));
        Chain chain = sampler.start(density, new double[10], 1, 300);
        double[] q = new double[10];
        for (int i = 0; i < 3000; i++) {
            chain.next(q);
        }
        AllocatedBytes counter = new AllocatedBytes();
        counter.read();
        long before = counter.read();
        for (int i = 0; i < TRANSITIONS; i++) {
            chain.next(q);
        }
        long bytes = counter.read() - before;
        // The reflective counter itself costs some boxes; one array of 10 doubles per transition would be 192 000 bytes.
        assertThat(bytes).isLessThan(4096);
    }
}
