package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kiln.infer.store.ChainState;
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
            new WALNUTS().stepSize(0.9).maxError(0.05), new WALNUTS().stepSize(1.7), new WALNUTS().stepSize(1.2).maxError(0.2).maxHalvings(1),
            new BarkerMH().stepSize(1.5), new BarkerMH().stepSize(0.5), new RandomWalkMetropolis().stepSize(1.5));

    /// Momenta that are not normal, those of relativistic particles about as fast as light.
    private static final List<KineticEnergy> ENERGIES =
            List.of(KineticEnergy.relativistic(1), KineticEnergy.studentT(4), KineticEnergy.logistic());

    private static final Metric CORRELATED = Metric.dense(new double[][] {{1.5, 1.2}, {1.2, 1.1}});

    static Stream<Arguments> rows() {
        Stream<Arguments> plain = SAMPLERS.stream().flatMap(s -> ExactTarget.ALL.stream().map(t -> Arguments.of(s, t)));
        Stream<AdaptiveSampler<?>> scaled = Stream.of(
                new NUTS().stepSize(0.9).inverseMassMatrix(CORRELATED), new BarkerMH().stepSize(1.2).inverseMassMatrix(CORRELATED),
                new BarkerMH().stepSize(1.2).inverseMassMatrix(Metric.diagonal(2, 0.5)),
                new RandomWalkMetropolis().inverseMassMatrix(CORRELATED));
        Stream<Arguments> kinetic = ENERGIES.stream().flatMap(k -> Stream.of(new NUTS().stepSize(0.9).kineticFn(k), new HMC().stepSize(1.2).numSteps(3).kineticFn(k)))
                .flatMap(s -> ExactTarget.ALL.stream().map(t -> Arguments.of(s, t)));
        Stream<AdaptiveSampler<?>> both = Stream.concat(scaled,
                ENERGIES.stream().map(k -> new NUTS().stepSize(0.9).kineticFn(k).inverseMassMatrix(CORRELATED)));
        return Stream.of(plain, kinetic, both.flatMap(
                s -> ExactTarget.ALL.stream().filter(t -> t.density().dimension() == 2).map(t -> Arguments.of(s, t)))).flatMap(s -> s);
    }

    @ParameterizedTest
    @MethodSource("rows")
    @Checks(SamplerCheck.STATIONARITY)
    void exactDrawsStayExact(AdaptiveSampler<?> unscaled, ExactTarget target) {
        Sampler sampler = unscaled.stepSize(unscaled.settings().stepSize() * target.scale());
        double[] before = new double[target.density().dimension()];
        check(target, (q, seed, random) -> {
            target.draw().into(q, random);
            System.arraycopy(q, 0, before, 0, q.length);
            sampler.start(target.density(), q, seed, 0).next(q);
            return q[0] != before[0];
        });
    }

    static Stream<Arguments> ensembles() {
        var moves = List.<EnsembleSampler>of(
                new AIES(), new AIES().moves(Map.of(new AIES.StretchMove(), 1.0)).randomizeSplit(true), new ESS(),
                new ESS().moves(Map.of(new ESS.RandomMove(), 1.0, new ESS.GaussianMove(), 1.0)), new ESS().moves(Map.of(new ESS.KDEMove(), 1.0)),
                new ESS().maxSteps(2).initMu(0.3));
        return moves.stream().flatMap(s -> ExactTarget.ALL.stream().map(t -> Arguments.of(s, t)));
    }

    /// Six walkers drawn exactly; one of them, another one every time, is looked at.
    @ParameterizedTest
    @MethodSource("ensembles")
    @Checks(SamplerCheck.STATIONARITY)
    void exactEnsemblesStayExact(EnsembleSampler sampler, ExactTarget target) {
        int n = 6;
        double[][] walkers = new double[n][target.density().dimension()];
        check(target, (q, seed, random) -> {
            for (double[] walker : walkers) {
                target.draw().into(walker, random);
            }
            int walker = seed % n;
            double before = walkers[walker][0];
            sampler.start(target.density(), walkers, seed, 0).next(walkers);
            System.arraycopy(walkers[walker], 0, q, 0, q.length);
            return q[0] != before;
        });
    }

    static Stream<Arguments> populations() {
        return Stream.of(new SA().adaptStateSize(6), new SA().adaptStateSize(6).denseMass(false))
                .flatMap(s -> ExactTarget.ALL.stream().map(t -> Arguments.of(s, t)));
    }

    /// Six points drawn exactly; one of them at random is the draw.
    @ParameterizedTest
    @MethodSource("populations")
    @Checks(SamplerCheck.STATIONARITY)
    void exactPopulationsStayExact(SA sampler, ExactTarget target) {
        int n = 6;
        int d = target.density().dimension();
        double[] unused = new double[d];
        check(target, (q, seed, random) -> {
            double[] population = new double[n * d];
            double[] values = new double[n];
            for (int i = 0; i < n; i++) {
                target.draw().into(q, random);
                System.arraycopy(q, 0, population, i * d, d);
                values[i] = target.density().valueAndGradient(q, unused);
            }
            Chain chain = sampler.resume(target.density(), new ChainState.Builder("SA")
                    .put("position", q).put("population", population).put("values", values).put("random", new ChainRandom(seed).words())
                    .put("iteration", 0L).put("drawn", 0L).put("numWarmup", 0L).build());
            chain.next(q);
            chain.next(q);
            return chain.acceptProb() > 0.05;
        });
    }

    /// One exact draw, moved once.
    private interface Transition {
        /// {@return whether it moved}
        boolean into(double[] q, int seed, ChainRandom random);
    }

    private static void check(ExactTarget target, Transition transition) {
        ChainRandom random = new ChainRandom(20261121);
        double[][] uniforms = new double[target.uniforms().size()][DRAWS];
        double[] q = new double[target.density().dimension()];
        int changed = 0;
        for (int i = 0; i < DRAWS; i++) {
            changed += transition.into(q, i, random) ? 1 : 0;
            for (int k = 0; k < uniforms.length; k++) {
                uniforms[k][i] = target.uniforms().get(k).applyAsDouble(q);
            }
        }
        assertThat(changed).isGreaterThan(DRAWS / 5);
        for (double[] u : uniforms) {
            assertThat(distance(u)).isLessThan(LIMIT);
        }
    }

    /// Largest distance of the empirical distribution function from that of the uniform distribution.
    static double distance(double[] u) {
        Arrays.sort(u);
        double d = 0;
        for (int i = 0; i < u.length; i++) {
            d = Math.max(d, Math.max(u[i] - (double) i / u.length, (i + 1.0) / u.length - u[i]));
        }
        return d;
    }
}
