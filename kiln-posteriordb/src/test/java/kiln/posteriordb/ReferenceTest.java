package kiln.posteriordb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import kiln.array.PRNGKey;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// NUTS, 4 × (1000 + 1000), against posteriordb's reference draws: every mean and standard deviation within four combined Monte Carlo
/// standard errors, R̂ below 1.01; then its defaults on several keys.
///
/// Chains that sample the same distribution exceed 1.01 by chance, the more often the fewer their effective draws are ([kiln.diagnostics.Rhat#falseAlarm(double, double\[\]\[\])]: 0.8% for a
/// scalar with 1000 of them, 9% with 650): a failure says how often for this scalar. For all scalars of a posterior docs/performance.md has the probability.
///
/// A correct sampler exceeds four standard errors with probability 6e-5 per comparison.
class ReferenceTest {
    private static final List<String> QUICK = List.of("eight_schools-eight_schools_noncentered", "kidiq-kidscore_momhsiq");

    /// Those whose run takes a second or more.
    private static final List<String> LONG = List.of(
            "low_dim_gauss_mix-low_dim_gauss_mix", "bball_drive_event_0-hmm_drive_0", "one_comp_mm_elim_abs-one_comp_mm_elim_abs", "irt_2pl-irt_2pl");

    static Stream<Problem> quick() {
        return QUICK.stream().map(Posteriordb::named);
    }

    static Stream<Problem> others() {
        return Posteriordb.all().stream().filter(Problem::hasReference).filter(p -> !QUICK.contains(p.name()));
    }

    static Stream<Problem> cheap() {
        return Posteriordb.all().stream().filter(p -> !LONG.contains(p.name()) && !p.name().startsWith("election88"));
    }

    static Stream<Problem> dear() {
        return LONG.stream().map(Posteriordb::named);
    }

    @ParameterizedTest
    @MethodSource
    void quick(Problem problem) {
        check(problem);
    }

    @ParameterizedTest
    @MethodSource
    @Tag("slow")
    void others(Problem problem) {
        check(problem);
    }

    private static void check(Problem problem) {
        ReferenceComparison run = run(problem, new NUTS(problem.model()).targetAcceptProb(0.9), 2026);
        assertThat(run.estimates()).filteredOn(e -> !(Math.abs(e.distance()) < 4)).isEmpty();
        assertThat(run.agreements()).filteredOn(a -> !(a.rhat() < 1.01)).isEmpty();
    }

    /// Four keys, about 1500 comparisons by key and 400 of all keys together. A correct sampler exceeds five standard errors with probability 6e-7 per comparison, 1e-3 in all;
    /// for what all keys say together it is four, 2% in all. A divergence is no failure: [#cheap] has posteriors with some.
    @ParameterizedTest
    @MethodSource("cheap")
    @Tag("slow")
    void onSeveralKeys(Problem problem) {
        severalKeys(problem, 1, 4);
    }

    /// The same on ten keys, where a run takes seconds.
    ///
    /// `one_comp_mm_elim_abs` is the hardest: K_m and V_m grow together along a limb that chains visit rarely and leave late (docs/performance.md). What is expected by chance of so few
    /// effective draws there is about two runs of ten above R̂ 1.01, which the count below allows for by its own rule; and the far quantiles are compared by what the 40 chains say of them together,
    /// as the error of a single run does not know of the limb if the run was not in it. That rule was made after a look at keys 1 to 10 (key 6: 5.3 and 6.1 of its standard errors below the reference); these are others.
    @ParameterizedTest
    @MethodSource("dear")
    @Tag("very-slow")
    void onTenKeys(Problem problem) {
        severalKeys(problem, 11, 20);
    }

    private static void severalKeys(Problem problem, long first, long last) {
        NUTS nuts = new NUTS(problem.model());
        List<ReferenceComparison> runs = LongStream.rangeClosed(first, last).mapToObj(key -> run(problem, nuts, key)).toList();
        for (ReferenceComparison run : runs) {
            assertThat(run.estimates()).filteredOn(e -> !e.isFar() && !(Math.abs(e.distance()) < 5)).isEmpty();
        }
        assertThat(ReferenceComparison.together(runs)).filteredOn(e -> !e.isFar() && !(Math.abs(e.distance()) < 4)).isEmpty();
        assertThat(ReferenceComparison.far(runs)).filteredOn(e -> !(Math.abs(e.distance()) < 4.5)).isEmpty();
        long above = runs.stream().filter(run -> !(run.rhat() < 1.01)).count();
        double expected = runs.stream().mapToDouble(ReferenceComparison::byChance).sum();
        assertThat(atLeast(above, expected)).as("%d of %d runs have an R̂ above 1.01, %.2g expected by chance", above, runs.size(), expected).isGreaterThan(1e-4);
    }

    /// The chance of so many of rare events, when so many are expected: Poisson's, an upper bound near enough for events that are not equally rare.
    private static double atLeast(long count, double expected) {
        double term = Math.exp(-expected);
        double below = 0;
        for (long k = 0; k < count; k++) {
            below += term;
            term *= expected / (k + 1);
        }
        return count == 0 ? 1 : 1 - below;
    }

    private static ReferenceComparison run(Problem problem, NUTS nuts, long key) {
        return ReferenceComparison.of(problem, new MCMC(nuts).progress(ProgressListener.NONE).run(PRNGKey.key(key)));
    }
}
