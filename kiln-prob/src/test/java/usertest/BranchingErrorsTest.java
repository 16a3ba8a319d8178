package usertest;

import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;

import kiln.array.NDArray;
import kiln.array.TracedValueException;
import kiln.dist.Bernoulli;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.infer.PosteriorDensity;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import kiln.infer.program.Importance;
import kiln.infer.program.PathEnumeration;
import kiln.infer.program.SMC;
import kiln.infer.program.SingleSiteMH;
import kiln.model.HandlerException;
import kiln.model.Model;
import org.junit.jupiter.api.Test;

/// What a user reads whose model branches on its values, word for word.
class BranchingErrorsTest {
    private final UserLine at = new UserLine();

    private static void run(Model model) {
        new MCMC(new NUTS(model)).numWarmup(200).numSamples(200).progress(ProgressListener.NONE).run(key(0));
    }

    @Test
    void explainShowsThePathsWithTheirGuards() {
        PosteriorDensity d = PosteriorDensity.of(() -> {
            var x = sample("x", new Normal(0, 1));
            at.here(); var level = x.gt(0).isTrue() ? x : x.div(2);
            sample("y", new Normal(level, 1), 0.5);
        }, key(0));
        d.valueAndGradient(new double[] {1}, new double[1]);
        assertThat(d.explain())
                .contains("Path 1 of the 2 found so far\n", "Path 2 of the 2 found so far\n")
                .contains(at.filled(
                        "  guard: bool[] made by gt, BranchingErrorsTest.java:%line, read at BranchingErrorsTest.java:%line: False\n"))
                .contains(at.filled(
                        "  guard: bool[] made by gt, BranchingErrorsTest.java:%line, read at BranchingErrorsTest.java:%line: True\n"));
    }

    @Test
    void aContinuousValueIsRead() {
        Model m = () -> {
            var x = sample("x", new Normal(0, 1));
            at.here(); sample("y", new Normal(x.item() > 0 ? 1 : -1, 1), 0.5);
        };
        at.fails(() -> run(m), TracedValueException.class, "(?<=\"x\"\\), BranchingErrorsTest.java:)\\d+", """
                reading a traced value: it is continuous, and MCMC can follow a branch only on a condition.
                  Got:      float64[] made by sample("x"), BranchingErrorsTest.java:#
                  At:       BranchingErrorsTest.java:%line
                  Fix:      branch on the condition, if (x.gt(0).isTrue()), or choose both ways with where(condition, a, b).""");
    }

    @Test
    void tooManyPaths() {
        Model m = () -> {
            NDArray x = sample("x", new Normal(0, 1).expand(10));
            for (int i = 0; i < 10; i++) {
                at.here(); sample("y" + i, new Normal(x.get(i).gt(0).isTrue() ? 1 : -1, 1), 0.5);
            }
        };
        at.fails(() -> run(m), TracedValueException.class, "(?<=\"x\"\\), BranchingErrorsTest.java:)\\d+", """
                branching: the function that MCMC compiles takes too many paths.
                  Expected: at most 128, one for each combination of the values that it branches on
                  Got:      traced bool[] made by gt, BranchingErrorsTest.java:%line
                            computed from sample("x"), BranchingErrorsTest.java:#
                  At:       BranchingErrorsTest.java:%line
                  Fix:      choose both ways with where(condition, a, b), which needs one path only, or observe what is branched on.""");
    }

    @Test
    void aSiteOnOneBranchOnly() {
        Model m = () -> {
            var x = sample("x", new Normal(0, 1));
            if (x.gt(100).isTrue()) {
                at.here(); sample("y", new Normal(0, 1));
            }
        };
        PosteriorDensity d = PosteriorDensity.of(m, key(0));
        at.fails(() -> d.valueAndGradient(new double[] {101}, new double[1]), HandlerException.class, """
                sample("y"): the first run of the model did not reach this site.
                  Expected: the same latent sites in every run
                  Got:      Normal with batch [] and event []
                  At:       BranchingErrorsTest.java:%line
                  Fix:      observe the value that is branched on, or use Importance, SMC or SingleSiteMH, whose runs may reach different sites.""");
    }

    @Test
    void aDeterministicSiteOnOneBranchOnly() {
        Model m = () -> {
            var x = sample("x", new Normal(0, 1));
            if (x.gt(0).isTrue()) {
                deterministic("excess", x);
            }
        };
        at.fails(() -> run(m), HandlerException.class, """
                MCMC: a deterministic site differs between the branches of the model.
                  Expected: the same deterministic sites, each of one type, on every path: draws become arrays
                  Got:      "excess"
                  Fix:      name the value behind the branch, where both ways have it.""");
    }

    // ---- inference on executions

    @Test
    void pathEnumerationNeedsTheValueOfACount() {
        Model m = () -> {
            at.here(); var n = sample("n", new Poisson(3)); for (int i = 0; i < n.item(); i++) {
                sample("coin_" + i, new Bernoulli(0.5));
            }
        };
        at.fails(() -> new PathEnumeration(m).run(), HandlerException.class, """
                PathEnumeration: the model depends on the value of a site that has infinitely many.
                  Expected: finitely many values at every latent site that others depend on
                  Got:      sample("n"), Poisson, BranchingErrorsTest.java:%line
                            needed by a branch on its value, int64[] made by sample("n"), BranchingErrorsTest.java:%line
                  At:       BranchingErrorsTest.java:%line
                  Fix:      observe the site with condition, or use Importance, SingleSiteMH or SMC.""");
    }

    @Test
    void pathEnumerationNeedsTheValueOfAContinuousSite() {
        Model m = () -> {
            at.here(); var x = sample("x", new Normal(0, 1)); sample("y", new Normal(x, 1), 2);
        };
        at.fails(() -> new PathEnumeration(m).run(), HandlerException.class, """
                PathEnumeration: the model depends on the value of a site that has infinitely many.
                  Expected: finitely many values at every latent site that others depend on
                  Got:      sample("x"), Normal, BranchingErrorsTest.java:%line
                            needed by the density of sample("y")
                  At:       BranchingErrorsTest.java:%line
                  Fix:      observe the site with condition, or use Importance, SingleSiteMH or SMC.""");
    }

    private int flips(int i) {
        at.here(); return sample("flip_" + i, new Bernoulli(0.5)).isTrue() ? 1 + flips(i + 1) : 0;
    }

    @Test
    void tooManyPathsToEnumerate() {
        at.fails(() -> new PathEnumeration(() -> flips(0)).maxPaths(3).run(), HandlerException.class, """
                PathEnumeration: the model has too many paths.
                  Expected: at most 3
                  Got:      among others one of 3 choices, with the number of values: flip_0 (2), flip_1 (2), flip_2 (2)
                  At:       BranchingErrorsTest.java:%line
                  Fix:      raise maxPaths, end the recursion at some depth, or use Importance, SingleSiteMH or SMC.""");
    }

    private int endless(int i) {
        at.here(); return sample("stop_" + i, new Bernoulli(0.5)).isTrue() ? i : endless(i + 1);
    }

    @Test
    void aRunWithoutAnEnd() {
        at.fails(() -> new PathEnumeration(() -> endless(0)).run(), HandlerException.class, """
                PathEnumeration: a run of the model does not come to an end.
                  Expected: at most 1000 choices in one run
                  Got:      "stop_0", "stop_1", "stop_2", "stop_3", …, "stop_1000"
                  At:       BranchingErrorsTest.java:%line
                  Fix:      end the recursion at some depth, or use Importance, SingleSiteMH or SMC.""");
    }

    @Test
    void tooManyValuesInAPlate() {
        Model m = () -> {
            try (var _ = plate("unit", 40)) {
                at.here(); sample("z", new Bernoulli(0.5));
            }
        };
        at.fails(() -> new PathEnumeration(m).run(), HandlerException.class, """
                sample("z"): the values of this site alone are too many paths.
                  Expected: at most 100000
                  Got:      2 values for each of 40 copies: 2^40
                  At:       in plate unit[40], BranchingErrorsTest.java:%line
                  Fix:      raise maxPaths, or sum over the site by itself instead of enumerating it.""");
    }

    @Test
    void aGuideWithASiteThatTheModelLacks() {
        Model m = () -> sample("y", new Normal(sample("slope", new Normal(0, 1)), 1), 2);
        Model guide = () -> sample("slpoe", new Normal(1, 1));
        at.fails(() -> new Importance(m).guide(guide).run(key(0)), HandlerException.class, """
                Importance: the guide draws what no run of the model has as a latent site.
                  Expected: names among "slope"
                  Got:      "slpoe"
                  Fix:      write "slope" instead of "slpoe".""");
    }

    @Test
    void anImpossibleObservation() {
        Model m = () -> {
            sample("x", new Normal(0, 1));
            at.here(); sample("y", new Bernoulli(0.0), 1);
        };
        at.fails(() -> new Importance(m).numSamples(5).run(key(0)), HandlerException.class, "BranchingErrorsTest.java:\\d+", """
                Importance: every run of the model contradicts its observations.
                  Expected: a run in which all observations are possible
                  Got:      log weight -inf of 5 runs
                  At:       #
                  Fix:      check the data against the supports, print trace(model, seed(0)); or raise the number of runs.""");
        at.fails(() -> new SMC(m).numParticles(5).run(key(0)), HandlerException.class, """
                sample("y"): every particle of SMC contradicts this observation.
                  Expected: a log density above -inf in one of 5 runs
                  At:       BranchingErrorsTest.java:%line
                  Fix:      raise numParticles, or observe with noise what the model fixes exactly.""");
        at.fails(() -> new SingleSiteMH(m).run(key(0)), HandlerException.class, """
                SingleSiteMH: no run of the model to start from agrees with its observations.
                  Expected: a run in which all observations are possible
                  Got:      10000 runs with log density -inf or NaN
                  Fix:      observe with noise what the model fixes exactly, or check the data against the supports.""");
    }

    @Test
    void nothingToChange() {
        Model m = () -> sample("y", new Normal(0, 1), 1);
        at.fails(() -> new SingleSiteMH(m).run(key(0)), HandlerException.class, """
                SingleSiteMH: a run of the model has no random choice that could be changed.
                  Got:      sites [y], all of them observed or deterministic
                  Fix:      leave one sample site without an observed value.""");
    }

    @Test
    void aSubsampledPlate() {
        Model m = () -> {
            at.here(); try (var _ = plate("data", 10, subsampleSize(2))) {
                sample("z", new Bernoulli(0.5));
            }
        };
        at.fails(() -> new Importance(m).run(key(0)), HandlerException.class, """
                plate("data"): runs can be weighed only on all the data, but the plate is subsampled.
                  Expected: all 10 copies
                  Got:      subsample size 2
                  At:       BranchingErrorsTest.java:%line
                  Fix:      leave subsampleSize out.""");
    }

    @Test
    void anExecutionWithoutTheSite() {
        var posterior = new PathEnumeration(() -> sample("coin", new Bernoulli(0.5))).run();
        at.fails(() -> { at.here(); posterior.executions().getFirst().value("con"); }, IllegalArgumentException.class, """
                Execution: this run did not reach the site.
                  Expected: one of "coin"
                  Got:      "con"
                  At:       BranchingErrorsTest.java:%line
                  Fix:      ask execution.contains("con") first.""");
        at.fails(() -> { at.here(); posterior.marginal("con"); }, IllegalArgumentException.class, """
                marginal: no execution reached the site.
                  Expected: one of "coin"
                  Got:      "con"
                  At:       BranchingErrorsTest.java:%line
                  Fix:      write "coin" instead of "con".""");
    }
}
