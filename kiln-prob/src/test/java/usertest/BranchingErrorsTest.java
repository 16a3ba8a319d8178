package usertest;

import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;

import kiln.array.NDArray;
import kiln.array.TracedValueException;
import kiln.dist.Normal;
import kiln.infer.PosteriorDensity;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
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
                  Fix:      keep the latent sites independent of drawn values, or observe the value that is branched on.""");
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
}
