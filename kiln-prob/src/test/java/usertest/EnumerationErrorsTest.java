package usertest;

import static kiln.model.Primitives.*;

import java.util.ArrayList;
import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.dist.Bernoulli;
import kiln.dist.Binomial;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.dist.Uniform;
import kiln.infer.UnconstrainedModel;
import kiln.model.HandlerException;
import kiln.model.Model;
import org.junit.jupiter.api.Test;

/// What a user reads when discrete sites cannot be summed out, word for word.
class EnumerationErrorsTest {
    private static final PRNGKey KEY = PRNGKey.key(0);

    private final UserLine at = new UserLine();

    private void fails(Model m, String text) {
        at.fails(() -> UnconstrainedModel.of(m, KEY), HandlerException.class, text);
    }

    @Test
    void infinitelyManyValues() {
        Model m = () -> {
            try (var _ = plate("unit", 3)) {
                at.here(); sample("n", new Poisson(2));
            }
        };
        fails(m, """
                sample("n"): the values of this discrete site cannot be listed, so they cannot be summed out.
                  Expected: finitely many values for each element, as of Bernoulli, Categorical, Binomial, DiscreteUniform
                  Got:      Poisson with batch [3] and event [], values that are an integer ≥ 0
                  At:       in plate unit[3], EnumerationErrorsTest.java:%line
                  Fix:      give it a value, condition(Map.of("n", …)), or a distribution with finitely many values.""");
    }

    @Test
    void valuesThatDifferWithinTheBatch() {
        Model m = () -> {
            at.here(); sample("k", new Binomial(NDArray.of(2L, 3L), 0.5));
        };
        fails(m, """
                sample("k"): its values differ within the batch, or depend on what is not known, so they cannot be summed out.
                  Expected: the same known values for every element
                  Got:      Binomial with batch [2]
                  At:       EnumerationErrorsTest.java:%line
                  Fix:      give the distribution a fixed set of values and forbid some of them with factor(…, −∞).""");
    }

    @Test
    void aTableThatIsTooLarge() {
        Model m = () -> {
            List<NDArray> flips = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                if (i == 0) {
                    at.here(); flips.add(sample("flip_0", new Bernoulli(0.5)));
                } else {
                    flips.add(sample("flip_" + i, new Bernoulli(0.5)));
                }
            }
            sample("y", new Normal(Np.stack(flips, 0).sum(), 1), 17);
        };
        fails(m, """
                sample("flip_0"): summing out its values needs too large a table.
                  Expected: at most 16777216 cells
                  Got:      the values that sample("y") depends on: "flip_0" 2 × "flip_1" 2 × "flip_2" 2 × "flip_3" 2 × "flip_4" 2 × "flip_5" 2 × … (30 sites)
                  At:       EnumerationErrorsTest.java:%line
                  Fix:      put independent elements into a plate, write a Markov chain as scan, or let factors depend on fewer sites at a time.""");
    }

    @Test
    void aPlateThatIsReadOutsideIsEnumeratedTogetherAsLongAsItFits() {
        Model m = () -> {
            NDArray z;
            try (var _ = plate("unit", 40)) {
                at.here(); z = sample("z", new Bernoulli(0.5));
            }
            sample("y", new Normal(z.sum(), 1), 17);
        };
        fails(m, """
                sample("z"): summing out its values needs too large a table.
                  Expected: at most 16777216 cells
                  Got:      the values that sample("z") depends on: "z" 2^40 × 40 copies
                  At:       in plate unit[40], EnumerationErrorsTest.java:%line
                  Fix:      put independent elements into a plate, write a Markov chain as scan, or let factors depend on fewer sites at a time.""");
    }

    @Test
    void aCopyInAPlateThatReadsAnother() {
        Model m = () -> {
            try (var _ = plate("unit", 5)) {
                NDArray z = sample("z", new Bernoulli(0.5));
                at.here(); sample("y", new Normal(Np.cumsum(z, 0), 1), NDArray.of(1.0, 1, 2, 3, 3));
            }
        };
        fails(m, """
                sample("y"): a copy in a plate depends on the value of a discrete site in another copy of the plate.
                  Expected: copies that depend on their own values only: a plate says that they are independent
                  Got:      plates [unit[5]], discrete sites "z"
                  At:       in plate unit[5], EnumerationErrorsTest.java:%line
                  Fix:      take the site out of the plate, then its elements are summed out together; or write a chain as scan.""");
    }

    @Test
    void aSupportThatDependsOnADiscreteSite() {
        Model m = () -> {
            NDArray z = sample("z", new Bernoulli(0.5));
            at.here(); sample("x", new Uniform(0, z.plus(1)));
        };
        fails(m, """
                sample("x"): its support depends on a discrete site that is summed out.
                  Expected: a support that is the same for all values of "z"
                  Got:      Uniform with batch [] and event []
                  At:       EnumerationErrorsTest.java:%line
                  Fix:      sample a variable with a fixed support, and compute this one from it.""");
    }
}
