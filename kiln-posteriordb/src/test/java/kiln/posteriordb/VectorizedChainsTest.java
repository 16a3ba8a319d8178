package kiln.posteriordb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import kiln.array.PRNGKey;
import kiln.infer.LaneDensity;
import kiln.infer.PosteriorDensity;
import kiln.infer.mcmc.ChainDraws;
import kiln.infer.mcmc.ChainMethod;
import kiln.infer.mcmc.ChainRandom;
import kiln.infer.mcmc.ChainStart;
import kiln.infer.mcmc.HMC;
import kiln.infer.mcmc.Initialisation;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ParallelChains;
import kiln.infer.mcmc.Sampler;
import kiln.infer.mcmc.Statistic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Vectorized chains on every posterior of the set: densities and draws have the bits of chains on their own.
class VectorizedChainsTest {
    static List<Problem> all() {
        return Posteriordb.all();
    }

    /// All but those whose gradient takes so long that chains of a few draws would take seconds.
    static List<Problem> small() {
        List<String> large = List.of("low_dim_gauss_mix-low_dim_gauss_mix", "bball_drive_event_0-hmm_drive_0", "one_comp_mm_elim_abs-one_comp_mm_elim_abs",
                "radon_mn-radon_hierarchical_intercept_noncentered", "irt_2pl-irt_2pl", "election88-election88_full");
        return all().stream().filter(p -> !large.contains(p.name())).toList();
    }

    @ParameterizedTest
    @MethodSource("all")
    void lanesHaveTheBitsOfOneDensity(Problem problem) {
        PosteriorDensity density = PosteriorDensity.of(problem.model(), PRNGKey.key(0));
        int d = density.dimension();
        for (int lanes : new int[] {2, 4, 8}) {
            Optional<LaneDensity> found = density.lanes(lanes);
            if (found.isEmpty()) {
                continue;
            }
            double[][] positions = new double[lanes][];
            double[][] gradients = new double[lanes][d];
            double[] values = new double[lanes];
            double[] gradient = new double[d];
            Random random = new Random(lanes);
            // Up to places where densities are infinite or no number.
            for (double range = 0.5; range < 1000; range *= 2) {
                for (int k = 0; k < lanes; k++) {
                    positions[k] = random.doubles(d, -range, range).toArray();
                }
                found.get().valuesAndGradients(positions, values, gradients);
                for (int k = 0; k < lanes; k++) {
                    double value = density.valueAndGradient(positions[k], gradient);
                    assertThat(Double.doubleToLongBits(values[k])).isEqualTo(Double.doubleToLongBits(value));
                    assertThat(gradients[k]).isEqualTo(gradient);
                }
            }
        }
    }

    @Test
    void recursionsHaveLanes() {
        assertThat(all().stream().filter(p -> PosteriorDensity.of(p.model(), PRNGKey.key(0)).lanes(2).isPresent()).map(Problem::name))
                .containsExactly("arma-arma11", "garch-garch11", "hmm_example-hmm_example", "bball_drive_event_0-hmm_drive_0");
    }

    @ParameterizedTest
    @MethodSource("small")
    void drawsAreThoseOfParallelChains(Problem problem) {
        PosteriorDensity density = PosteriorDensity.of(problem.model(), PRNGKey.key(0));
        boolean hasLanes = density.lanes(2).isPresent();
        for (int chains : hasLanes ? new int[] {1, 3, 8, 64} : new int[] {3}) {
            double[][] starts = starts(density, chains);
            for (Sampler sampler : List.of(new NUTS().maxTreeDepth(3), new HMC().numSteps(3))) {
                ChainDraws want = run(sampler, density, starts, new ParallelChains());
                for (int threads : new int[] {1, 2}) {
                    ChainDraws got = run(sampler, density, starts, new ParallelChains().threads(threads).method(ChainMethod.VECTORIZED));
                    for (int c = 0; c < chains; c++) {
                        for (int i = 0; i < want.draws(); i++) {
                            assertThat(got.position(c, i)).isEqualTo(want.position(c, i));
                        }
                    }
                    for (Statistic s : want.statistics()) {
                        assertThat(got.statistic(s)).isDeepEqualTo(want.statistic(s));
                    }
                    assertThat(got.states()).isEqualTo(want.states());
                }
            }
        }
    }

    private static double[][] starts(PosteriorDensity density, int chains) {
        double[][] starts = new double[chains][];
        for (int c = 0; c < chains; c++) {
            starts[c] = ((Initialisation.Found) new ChainStart.Uniform().find(density, new ChainRandom(c))).position();
        }
        return starts;
    }

    private static ChainDraws run(Sampler sampler, PosteriorDensity density, double[][] starts, ParallelChains chains) {
        long[] seeds = new Random(3).longs(starts.length).toArray();
        return chains.numChains(starts.length).numSamples(5).keep(EnumSet.allOf(Statistic.class)).run(sampler, density, starts, seeds, 15);
    }
}
