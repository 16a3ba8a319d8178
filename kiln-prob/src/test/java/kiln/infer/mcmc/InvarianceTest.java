package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// One transition leaves the target invariant: exact draws, moved once, still follow it.
///
/// Kolmogorov–Smirnov on 20 000 independent draws; each statistic of each row fails by chance with probability 1e-6 (limit 2.693/√n).
class InvarianceTest {
    private static final int DRAWS = 20_000;
    private static final double LIMIT = Math.sqrt(-0.5 * StrictMath.log(1e-6 / 2) / DRAWS);

    /// Step sizes are in units of the target's smallest length scale.
    private static final List<AdaptiveSampler<?>> SAMPLERS = List.of(
            new NUTS().stepSize(0.2), new NUTS().stepSize(0.9), new NUTS().stepSize(1.7), new NUTS().stepSize(0.3).maxTreeDepth(2),
            new HMC().stepSize(1.5).numSteps(3), new HMC().stepSize(1.3).trajectoryLength(2),
            new BarkerMH().stepSize(1.5), new BarkerMH().stepSize(0.5), new RandomWalkMetropolis().stepSize(1.5));

    private static final Metric CORRELATED = Metric.dense(new double[][] {{1.5, 1.2}, {1.2, 1.1}});

    static Stream<Arguments> rows() {
        Stream<Arguments> plain = SAMPLERS.stream().flatMap(s -> ExactTarget.ALL.stream().map(t -> Arguments.of(s, t)));
        Stream<AdaptiveSampler<?>> scaled = Stream.of(
                new NUTS().stepSize(0.9).inverseMassMatrix(CORRELATED), new BarkerMH().stepSize(1.2).inverseMassMatrix(CORRELATED),
                new BarkerMH().stepSize(1.2).inverseMassMatrix(Metric.diagonal(2, 0.5)),
                new RandomWalkMetropolis().inverseMassMatrix(CORRELATED));
        return Stream.concat(plain, scaled.flatMap(
                s -> ExactTarget.ALL.stream().filter(t -> t.density().dimension() == 2).map(t -> Arguments.of(s, t))));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void exactDrawsStayExact(AdaptiveSampler<?> unscaled, ExactTarget target) {
        Sampler sampler = unscaled.stepSize(unscaled.settings().stepSize() * target.scale());
        ChainRandom random = new ChainRandom(20261121);
        double[][] uniforms = new double[target.uniforms().size()][DRAWS];
        double[] q = new double[target.density().dimension()];
        int changed = 0;
        for (int i = 0; i < DRAWS; i++) {
            target.draw().into(q, random);
            double before = q[0];
            sampler.start(target.density(), q, i, 0).next(q);
            for (int k = 0; k < uniforms.length; k++) {
                uniforms[k][i] = target.uniforms().get(k).applyAsDouble(q);
            }
            changed += q[0] == before ? 0 : 1;
        }
        assertThat(changed).isGreaterThan(DRAWS / 5);
        for (double[] u : uniforms) {
            assertThat(distance(u)).isLessThan(LIMIT);
        }
    }

    /// Largest distance of the empirical distribution function from that of the uniform distribution.
    private static double distance(double[] u) {
        Arrays.sort(u);
        double d = 0;
        for (int i = 0; i < u.length; i++) {
            d = Math.max(d, Math.max(u[i] - (double) i / u.length, (i + 1.0) / u.length - u[i]));
        }
        return d;
    }
}
