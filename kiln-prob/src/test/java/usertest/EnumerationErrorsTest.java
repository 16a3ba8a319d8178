package usertest;

import static kiln.model.Primitives.*;

import java.util.ArrayList;
import java.util.List;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Bernoulli;
import kiln.dist.Binomial;
import kiln.dist.Categorical;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.dist.Uniform;
import kiln.func.Carried;
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
    void aCopyInAPlateOfAScanThatReadsAnother() {
        Model m = () -> scan(
                (NDArray before, NDArray x) -> {
                    try (var _ = plate("unit", 3)) {
                        NDArray z = sample("z", new Bernoulli(before.times(0.5).plus(0.2)));
                        at.here(); sample("y", new Normal(Np.cumsum(z, 0), 1), x);
                        return Carried.of(z);
                    }
                },
                Np.zeros(3).astype(DType.INT64),
                Np.zeros(6, 3));
        fails(m, """
                sample("y"): a copy in a plate depends on the value of a discrete site in another copy of the plate.
                  Expected: copies that depend on their own values only: a plate says that they are independent
                  Got:      plates [unit[3]], discrete sites "z"
                  At:       in plate unit[3], EnumerationErrorsTest.java:%line
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

    @Test
    void aScanThatKeepsAllItsSites() {
        Model m = () -> scan(
                (NDArray sum, NDArray y) -> {
                    at.here(); NDArray z = sample("z", new Bernoulli(0.5));
                    sample("y", new Normal(sum.plus(z), 1), y);
                    return Carried.of(sum.plus(z));
                },
                Np.scalar(0L),
                Np.zeros(40));
        fails(m, """
                sample("z"): the steps of its scan depend on the values of too many earlier steps to sum them out.
                  Expected: at most 16777216 cells for the values of a step and of those that it depends on
                  Got:      40 steps that depend on more than 23 earlier ones
                  At:       EnumerationErrorsTest.java:%line
                  Fix:      keep the values of fewer earlier steps in the carry.""");
    }

    @Test
    void aScanWhoseSitesAreReadBehindIt() {
        NDArray mu = NDArray.of(-1.0, 1.0);
        Model m = () -> {
            NDArray all = scan(
                            (NDArray before) -> {
                                at.here(); NDArray z = sample("z", new Bernoulli(before.times(0.5).plus(0.2)));
                                return new Carried<>(z, z);
                            },
                            Np.scalar(0L),
                            40)
                    .output();
            try (var _ = plate("time", 40)) {
                sample("y", new Normal(mu.get(all), 1), Np.zeros(40));
            }
        };
        fails(m, """
                sample("z"): summing out its values needs too large a table.
                  Expected: at most 16777216 cells
                  Got:      the values that sample("z") depends on: "z" 2^40 × 40 copies
                  At:       EnumerationErrorsTest.java:%line
                  Fix:      move what reads the values behind the scan into the step that makes them: then they are summed out step by step.""");
    }

    @Test
    void aScanWhoseHistoryMakesTooLargeTables() {
        NDArray uniform = Np.full(Shape.of(30), 1 / 30.0);
        Model m = () -> scan(
                (List<NDArray> c, NDArray y) -> {
                    at.here(); NDArray z = sample("z", new Categorical(uniform));
                    sample("y", new Normal(c.get(0).plus(c.get(1)).plus(c.get(2)).plus(c.get(3)).plus(z), 1), y);
                    return Carried.of(List.of(z, c.get(0), c.get(1), c.get(2)));
                },
                List.of(Np.scalar(0L), Np.scalar(0L), Np.scalar(0L), Np.scalar(0L)),
                Np.zeros(40));
        fails(m, """
                sample("z"): the steps of its scan depend on the values of too many earlier steps to sum them out.
                  Expected: at most 16777216 cells for the values of a step and of those that it depends on
                  Got:      40 steps that depend on 4 earlier ones: "z" 30 values, 24300000 cells in the table of a step
                  At:       EnumerationErrorsTest.java:%line
                  Fix:      keep the values of fewer earlier steps in the carry.""");
    }

    @Test
    void aScanWhoseSitesAreInDifferentPlates() {
        Model m = () -> scan(
                (List<NDArray> c, NDArray y) -> {
                    at.here(); NDArray w = sample("w", new Bernoulli(c.get(0).times(0.5).plus(0.2)));
                    try (var _ = plate("unit", 2)) {
                        NDArray z = sample("z", new Bernoulli(c.get(1).times(0.5).plus(0.2)));
                        sample("y", new Normal(z.plus(w), 1), y);
                        return Carried.of(List.of(w, z));
                    }
                },
                List.of(Np.scalar(0L), Np.zeros(2).astype(DType.INT64)),
                Np.zeros(6, 2));
        fails(m, """
                sample("w"): the discrete sites that go from step to step of a scan are not in the same plates.
                  Expected: all of them in the same plates, so that a plate has a chain for each of its copies
                  Got:      "w" in no plate, "z" in [unit[2]]
                  At:       EnumerationErrorsTest.java:%line
                  Fix:      put the sites into the same plates, or write the loop as a Java for, if it is short.""");
    }

    @Test
    void aScanWhoseValuesDifferFromStepToStep() {
        Model m = () -> scan(
                (NDArray before, NDArray n) -> {
                    at.here(); NDArray z = sample("z", new Binomial(n, 0.5));
                    sample("y", new Normal(z.plus(before), 1), 0.3);
                    return Carried.of(z);
                },
                Np.scalar(0L),
                NDArray.of(2L, 3L, 4L));
        fails(m, """
                sample("z"): its values differ from step to step of its scan, so they cannot be summed out.
                  Expected: the same known values in every step
                  Got:      Binomial in 3 steps
                  At:       EnumerationErrorsTest.java:%line
                  Fix:      give the distribution a fixed set of values and forbid some of them with factor(…, −∞).""");
    }
}
