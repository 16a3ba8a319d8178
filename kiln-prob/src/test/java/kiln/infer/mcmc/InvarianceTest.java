package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import kiln.infer.LogDensity;
import kiln.math.Erf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// One transition leaves the target invariant: exact draws, moved once, still follow it.
///
/// Kolmogorov–Smirnov on 20 000 independent draws; each of the 12 rows fails by chance with probability 1e-5 (limit 2.471/√n).
class InvarianceTest {
    private static final int DRAWS = 20_000;
    private static final double LIMIT = Math.sqrt(-0.5 * StrictMath.log(1e-5 / 2) / DRAWS);

    static Stream<Arguments> rows() {
        Stream<Sampler> samplers = Stream.of(
                new NUTS().stepSize(0.2), new NUTS().stepSize(0.9), new NUTS().stepSize(1.7), new NUTS().stepSize(0.3).maxTreeDepth(2),
                new HMC().stepSize(1.5).numSteps(3), new HMC().stepSize(1.3).trajectoryLength(2));
        return samplers.flatMap(s -> Stream.of(Arguments.of(s, "normal"), Arguments.of(s, "mixture")));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void exactDrawsStayExact(Sampler sampler, String target) {
        boolean isNormal = target.equals("normal");
        LogDensity density = isNormal ? Targets.gaussian(new double[1], new double[][] {{1}}) : Targets.mixture();
        DoubleUnaryOperator cdf = isNormal ? Erf::ndtr : x -> 0.5 * (Erf.ndtr(x + 2) + Erf.ndtr(x - 2));
        ChainRandom random = new ChainRandom(20261121);
        double[] moved = new double[DRAWS];
        double[] q = new double[1];
        int changed = 0;
        for (int i = 0; i < DRAWS; i++) {
            double centre = isNormal ? 0 : random.uniform() < 0.5 ? -2 : 2;
            q[0] = centre + random.normal();
            double before = q[0];
            sampler.start(density, q, i, 0).next(q);
            moved[i] = q[0];
            changed += q[0] == before ? 0 : 1;
        }
        assertThat(changed).isGreaterThan(DRAWS / 3);
        assertThat(distance(moved, cdf)).isLessThan(LIMIT);
    }

    private static double distance(double[] x, DoubleUnaryOperator cdf) {
        Arrays.sort(x);
        double d = 0;
        for (int i = 0; i < x.length; i++) {
            double f = cdf.applyAsDouble(x[i]);
            d = Math.max(d, Math.max(f - (double) i / x.length, (i + 1.0) / x.length - f));
        }
        return d;
    }
}
