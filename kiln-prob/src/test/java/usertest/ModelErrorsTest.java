package usertest;

import static kiln.array.Np.*;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.TracedValueException;
import kiln.dist.Bernoulli;
import kiln.dist.Exponential;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.dist.constraint.Constraints;
import kiln.func.Functions;
import kiln.model.HandlerException;
import kiln.model.Model;
import kiln.model.Plate;
import org.junit.jupiter.api.Test;

/// What a user reads when a model is wrong, word for word.
class ModelErrorsTest {
    private final UserLine at = new UserLine();

    private static final Model REGRESSION = () -> {
        NDArray mu = sample("mu", new Normal(0, 1));
        NDArray sigma = deterministic("sigma", 2);
        sample("y", new Normal(mu, sigma));
    };

    // ---- names

    @Test
    void aConditionNamesASiteThatIsNotThere() {
        at.fails(() -> {
            at.here(); trace(REGRESSION, condition(Map.of("nu", 1)), seed(0));
        }, HandlerException.class, """
                condition: 1 name matches no site that takes a value here.
                  Expected: names among "mu", "y"
                  Got:      "nu"
                  At:       ModelErrorsTest.java:%line
                  Fix:      write "mu" instead of "nu"; condition(data).allowUnused() allows names that a run does not reach.""");
    }

    @Test
    void aConditionNamesASiteThatIsNotRandom() {
        at.fails(() -> {
            at.here(); trace(REGRESSION, condition(Map.of("sigma", 1)), seed(0));
        }, HandlerException.class, """
                condition: 1 name matches no site that takes a value here.
                  Expected: names among "mu", "y"
                  Got:      "sigma"; "sigma" is not a random variable
                  At:       ModelErrorsTest.java:%line
                  Fix:      leave the name out; condition(data).allowUnused() allows names that a run does not reach.""");
    }

    @Test
    void aSubstitutionNamesSitesThatAreNotThere() {
        at.fails(() -> {
            at.here(); trace(REGRESSION, substitute(new java.util.TreeMap<>(Map.of("mu", 1, "sgima", 1, "tau", 1))), seed(0));
        }, HandlerException.class, """
                substitute: 2 names match no site that takes a value here.
                  Expected: names among "mu", "sigma", "y"
                  Got:      "sgima", "tau"
                  At:       ModelErrorsTest.java:%line
                  Fix:      write "sigma" instead of "sgima"; substitute(data).allowUnused() allows names that a run does not reach.""");
    }

    @Test
    void aNameIsUsedTwice() {
        at.fails(() -> trace(() -> {
            for (int i = 0; i < 2; i++) {
                at.here(); sample("x", new Normal(zeros(3), 1));
            }
        }, seed(0)), HandlerException.class, """
                sample("x"): there is a site of this name already.
                  Expected: every name once in a run of the model
                  Got:      first sample("x") of shape [3] at ModelErrorsTest.java:%line; again sample("x") of shape [3] at ModelErrorsTest.java:%line
                  At:       ModelErrorsTest.java:%line
                  Fix:      give each its own name, in a loop for instance "x_" + i.""");
    }

    @Test
    void aTraceIsAskedForASiteThatIsNotThere() {
        var tr = trace(REGRESSION, seed(0));
        at.fails(() -> {
            at.here(); tr.value("sgima");
        }, IllegalArgumentException.class, """
                Trace: there is no such site.
                  Expected: one of "mu", "sigma", "y"
                  Got:      "sgima"
                  At:       ModelErrorsTest.java:%line
                  Fix:      write "sigma" instead of "sgima".""");
        at.fails(() -> {
            at.here(); tr.logProb("sigma");
        }, IllegalArgumentException.class, """
                Trace.logProb: the site is not a random variable.
                  Got:      deterministic("sigma")
                  At:       ModelErrorsTest.java:%line
                  Fix:      name one of "mu", "y".""");
    }

    // ---- shapes

    private void observe(NDArray y, String message) {
        at.fails(() -> trace(() -> {
            NDArray mu = sample("mu", new Normal(0, 1));
            try (var _ = plate("data", 50)) {
                at.here(); sample("y", new Normal(mu, 1), y);
            }
        }, seed(0)), ShapeException.class, message);
    }

    @Test
    void anObservedValueHasAnAxisTooMany() {
        observe(zeros(50, 1), """
                sample("y"): the observed value does not have the shape of the distribution.
                  Expected: [50]     batch [50] from plate data[50], event []
                  Got:      [50, 1]
                  At:       ModelErrorsTest.java:%line
                  Fix:      y.squeeze(-1), or make the last axis an event: new Normal(loc, scale).toEvent(1).""");
        observe(zeros(1, 50), """
                sample("y"): the observed value does not have the shape of the distribution.
                  Expected: [50]     batch [50] from plate data[50], event []
                  Got:      [1, 50]
                  At:       ModelErrorsTest.java:%line
                  Fix:      y.squeeze(0).""");
    }

    @Test
    void anObservedValueHasAnotherShape() {
        observe(zeros(5, 10), """
                sample("y"): the observed value does not have the shape of the distribution.
                  Expected: [50]     batch [50] from plate data[50], event []
                  Got:      [5, 10]
                  At:       ModelErrorsTest.java:%line
                  Fix:      y.reshape(50).""");
        observe(zeros(4, 50), """
                sample("y"): the observed value does not have the shape of the distribution.
                  Expected: [50]     batch [50] from plate data[50], event []
                  Got:      [4, 50]
                  At:       ModelErrorsTest.java:%line
                  Fix:      open a plate for the axes in front, or pass data of shape [50].""");
        observe(scalar(0.0), """
                sample("y"): the observed value does not have the shape of the distribution.
                  Expected: [50]     batch [50] from plate data[50], event []
                  Got:      []
                  At:       ModelErrorsTest.java:%line
                  Fix:      repeat the value: broadcastTo(y, Shape.of(50)).""");
        observe(zeros(49), """
                sample("y"): the observed value does not have the shape of the distribution.
                  Expected: [50]     batch [50] from plate data[50], event []
                  Got:      [49]
                  At:       ModelErrorsTest.java:%line
                  Fix:      pass a value of shape [50], or change the parameters of Normal.""");
    }

    @Test
    void aMatrixIsTransposed() {
        at.fails(() -> trace(() -> {
            at.here(); sample("y", new Normal(zeros(2, 3), 1), zeros(3, 2));
        }), ShapeException.class, """
                sample("y"): the observed value does not have the shape of the distribution.
                  Expected: [2, 3]     batch [2, 3], event []
                  Got:      [3, 2]
                  At:       ModelErrorsTest.java:%line
                  Fix:      y.transpose().""");
    }

    @Test
    void aSubstitutedValueHasSeveralDraws() {
        at.fails(() -> trace(() -> {
            at.here(); sample("beta", new Normal(0, 1).expand(3).toEvent());
        }, substitute(Map.of("beta", zeros(100, 3)))), ShapeException.class, """
                sample("beta"): the value it is given does not have the shape of the distribution.
                  Expected: [3]     batch [], event [3]
                  Got:      [100, 3]
                  At:       ModelErrorsTest.java:%line
                  Fix:      pass one value of shape [3] at a time: beta.get(i).""");
    }

    @Test
    void dataOutsidePlatesMayBeASampleOfTheDistribution() {
        assertThat(trace(() -> sample("y", new Normal(0, 1), zeros(50))).value("y").shape()).isEqualTo(Shape.of(50));
    }

    @Test
    void thePlateHasAnotherSizeThanTheParameters() {
        at.fails(() -> trace(() -> {
            try (var _ = plate("data", 50)) {
                at.here(); sample("y", new Normal(zeros(40), 1));
            }
        }, seed(0)), ShapeException.class, """
                sample("y"): the batch of the distribution does not fit the plate data[50].
                  Expected: size 50 or 1 on axis -1
                  Got:      Normal with batch [40]
                  At:       in plate data[50], ModelErrorsTest.java:%line
                  Fix:      give the plate the size of the parameters, plate("data", 40), or the parameters the size of the plate.""");
        at.fails(() -> trace(() -> {
            try (var _ = plate("data", 50)) {
                at.here(); sample("y", new Normal(zeros(50, 3), 1));
            }
        }, seed(0)), ShapeException.class, """
                sample("y"): the batch of the distribution does not fit the plate data[50].
                  Expected: size 50 or 1 on axis -1
                  Got:      Normal with batch [50, 3]
                  At:       in plate data[50], ModelErrorsTest.java:%line
                  Fix:      give the plate the axis where that size is, plate("data", 50, dim(-2)), or make the axes to its right one event with toEvent(1).""");
    }

    @Test
    void aMaskOrAScaleIsLargerThanTheSite() {
        at.fails(() -> trace(() -> {
            at.here(); sample("x", new Normal(0, 1));
        }, seed(0), mask(NDArray.of(true, false))), ShapeException.class, """
                sample("x"): the mask does not fit the log density of the site.
                  Expected: a shape that broadcasts to []
                  Got:      [2]
                  At:       ModelErrorsTest.java:%line
                  Fix:      open a plate for the axes of the mask, or reduce it to the shape of the batch.""");
    }

    // ---- domains

    @Test
    void aScaleIsNegativeInsideAModel() {
        at.fails(() -> trace(() -> {
            try (var _ = plate("data", 3)) {
                at.here(); sample("y", new Normal(0, array(1, -0.12, 2)));
            }
        }, seed(0)), DomainException.class, """
                Normal: scale must be > 0.
                  Got:      scale[1] = -0.12 (1 of 3 values), shape [3]
                  At:       ModelErrorsTest.java:%line
                  Fix:      keep scale positive: give it a HalfNormal prior, or pass exp(logScale).""");
    }

    @Test
    void aParameterStartsOutsideItsConstraint() {
        at.fails(() -> trace(() -> {
            at.here(); param("s", -1, Constraints.positive);
        }), DomainException.class, """
                param("s"): the initial value must be > 0.
                  Got:      -1
                  At:       ModelErrorsTest.java:%line
                  Fix:      start from a value inside the constraint, or leave the constraint out.""");
    }

    @Test
    void aLogDensityCannotBeScaledByZero() {
        at.fails(() -> {
            at.here(); scale(0);
        }, DomainException.class, """
                scale: the factor of a log density must be > 0.
                  Got:      0 is the smallest, shape []
                  At:       ModelErrorsTest.java:%line
                  Fix:      use mask(false) to switch sites off.""");
    }

    @Test
    void dataOutsideTheSupportIsAWarning() {
        var tr = trace(() -> {
            try (var _ = plate("data", 3)) {
                at.here(); sample("y", new Exponential(1), array(1, -0.5, -2));
            }
        });
        assertThat(tr.logProb().item()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(tr.warnings()).containsExactly(at.filled("""
                sample("y"): the observed value is outside the support, so the log density is -inf.
                  Expected: values that are > 0: the support of Exponential
                  Got:      y[1] = -0.5 (2 of 3 values), shape [3]
                  At:       in plate data[3], ModelErrorsTest.java:%line
                  Fix:      correct the data, or choose a distribution whose support has this value."""));
        var missing = trace(() -> {
            at.here(); sample("m", new Normal(0, 1), Double.NaN);
        });
        assertThat(missing.warnings()).containsExactly(at.filled("""
                sample("m"): the observed value is outside the support, so the log density is NaN.
                  Expected: values that are finite: the support of Normal
                  Got:      m = NaN
                  At:       ModelErrorsTest.java:%line
                  Fix:      correct the data, or choose a distribution whose support has this value."""));
        var count = trace(() -> {
            at.here(); sample("n", new Poisson(2), -1);
        });
        assertThat(count.warnings()).containsExactly(at.filled("""
                sample("n"): the observed value is outside the support, so the log density is -inf.
                  Expected: values that are an integer ≥ 0: the support of Poisson
                  Got:      n = -1
                  At:       ModelErrorsTest.java:%line
                  Fix:      correct the data, or choose a distribution whose support has this value."""));
    }

    @Test
    void aBatchAxisWithoutPlateIsAWarning() {
        var tr = trace(() -> {
            try (var _ = plate("data", 3)) {
                at.here(); sample("y", new Normal(zeros(2, 3), 1));
            }
        }, seed(0));
        assertThat(tr.warnings()).containsExactly(at.filled("""
                sample("y"): a batch axis belongs to no plate, so its elements are independent copies.
                  Got:      axis -2 of batch [2, 3]
                  At:       in plate data[3], ModelErrorsTest.java:%line
                  Fix:      open a plate for it, plate(…, 2, dim(-2)), or make it part of the event with toEvent."""));
    }

    // ---- handlers

    @Test
    void aModelRunsOutsideHandlers() {
        at.fails(() -> {
            at.here(); sample("mu", new Normal(0, 1));
        }, HandlerException.class, """
                sample("mu"): there is no handler around the model, so nothing says what to do.
                  At:       ModelErrorsTest.java:%line
                  Fix:      run the model under handlers, trace(model, seed(0)), or pass it to an algorithm, new NUTS(model).""");
        at.fails(() -> {
            at.here(); param("s", 1);
        }, HandlerException.class, """
                param("s"): there is no handler around the model, so nothing says what to do.
                  At:       ModelErrorsTest.java:%line
                  Fix:      run the model under handlers, trace(model, seed(0)), or pass it to an algorithm, new NUTS(model).""");
    }

    @Test
    void aSiteHasNeitherValueNorKey() {
        at.fails(() -> trace(() -> {
            at.here(); sample("mu", new Normal(zeros(3), 1));
        }), HandlerException.class, """
                sample("mu"): there is neither a value nor a random key to draw one with.
                  Got:      Normal with batch [3] and event []
                  At:       ModelErrorsTest.java:%line
                  Fix:      add seed(0) to the handlers, or give the value: condition(Map.of("mu", …)).""");
        at.fails(() -> trace(() -> {
            at.here(); prngKey();
        }), HandlerException.class, """
                prngKey(): no handler gives random keys.
                  At:       ModelErrorsTest.java:%line
                  Fix:      add seed(0) to the handlers: trace(model, seed(0)).""");
        at.fails(() -> trace(() -> {
            at.here(); try (var _ = plate("data", 10, subsampleSize(2))) {}
        }), HandlerException.class, """
                plate("data"): a subsampled plate needs a random key to draw its indices with.
                  Got:      subsample size 2 of 10
                  At:       ModelErrorsTest.java:%line
                  Fix:      add seed(0) to the handlers; NUTS and HMC need all the data, so leave subsampleSize out for them.""");
    }

    // ---- plates

    /// Error Prone refuses a plate without `try` where it can; a user without it gets the error below.
    @Test
    @SuppressWarnings({"MustBeClosedChecker", "resource"})
    void aPlateIsLeftOpen() {
        at.fails(() -> {
            at.here(); trace(() -> plate("data", 3));
        }, HandlerException.class, """
                the model: 1 plate was left open.
                  Got:      data[3] opened at ModelErrorsTest.java:%line
                  At:       ModelErrorsTest.java:%line
                  Fix:      open it for a block: try (var _ = plate("data", 3)) { … }.""");
        at.fails(() -> {
            at.here(); trace(() -> { plate("outer", 3); plate("inner", 4); });
        }, HandlerException.class, """
                the model: 2 plates were left open.
                  Got:      outer[3] opened at ModelErrorsTest.java:%line, inner[4] opened at ModelErrorsTest.java:%line
                  At:       ModelErrorsTest.java:%line
                  Fix:      open it for a block: try (var _ = plate("inner", 4)) { … }.""");
    }

    @Test
    @SuppressWarnings({"MustBeClosedChecker", "resource"})
    void platesAreClosedInTheWrongOrder() {
        at.fails(() -> trace(() -> {
            Plate outer = plate("outer", 3);
            plate("inner", 4);
            at.here(); outer.close();
        }), HandlerException.class, """
                plate("outer"): only the plate opened last can be closed.
                  Expected: plate inner[4] first
                  Got:      plate outer[3]
                  At:       ModelErrorsTest.java:%line
                  Fix:      open plates in try (var _ = plate(…)) { … }, which closes them in order.""");
    }

    @Test
    void aPlateWantsAnAxisThatIsTaken() {
        at.fails(() -> trace(() -> {
            try (var _ = plate("outer", 3)) {
                at.here(); try (var _ = plate("inner", 4, dim(-1))) {}
            }
        }), HandlerException.class, """
                plate("inner"): the plate outer[3] has this axis already.
                  Got:      dim(-1)
                  At:       in plate outer[3], ModelErrorsTest.java:%line
                  Fix:      choose another axis, or leave dim out to get the first free one.""");
    }

    @Test
    void aPlateHasImpossibleSizes() {
        at.fails(() -> trace(() -> {
            at.here(); try (var _ = plate("data", 10, subsampleSize(20))) {}
        }), DomainException.class, """
                plate("data"): a plate cannot have these sizes or this axis.
                  Expected: size ≥ 1, subsample size from 1 to size, dim ≤ -1
                  Got:      size 10, subsample size 20
                  At:       ModelErrorsTest.java:%line""");
        at.fails(() -> trace(() -> {
            at.here(); try (var _ = plate("data", 10, subsampleSize(2))) {}
        }, substitute(Map.of("data", arange(3)))), ShapeException.class, """
                plate("data"): the indices it is given do not have the length of the plate.
                  Expected: [2]
                  Got:      [3]
                  At:       ModelErrorsTest.java:%line
                  Fix:      give 2 indices from 0 to 9.""");
    }

    // ---- traced values

    @Test
    void aModelBranchesOnATracedValue() {
        Model weather = () -> {
            NDArray rain = sample("rain", new Bernoulli(0.3));
            if (rain.isTrue()) {
                sample("temperature", new Normal(12, 3));
            }
        };
        var f = Functions.<NDArray, NDArray>vmap(x -> trace(weather, substitute(Map.of("rain", x)), seed(0)).logProb());
        at.fails(() -> f.apply(array(1, 0)), TracedValueException.class, "(?<=java:)\\d+", """
                reading a traced value: its numbers are not known while vmap traces the function.
                  Got:      traced bool[] made by ne, ModelErrorsTest.java:#
                            computed from sample("rain"), ModelErrorsTest.java:#
                  At:       ModelErrorsTest.java:#
                  Fix:      choose both ways with where(condition, a, b), or run the function without vmap.""");
    }

    @Test
    void aModelBranchesOnAValueComputedFromTracedOnes() {
        Model model = () -> {
            NDArray a = sample("a", new Normal(0, 1));
            NDArray b = sample("b", new Normal(0, 1));
            sample("c", new Normal(0, 1));
            branch(a.plus(b));
        };
        var f = Functions.<NDArray, NDArray>jit(x -> trace(model, substitute(Map.of("a", x.times(2), "b", x)), seed(0)).logProb());
        at.fails(() -> f.apply(scalar(1.0)), TracedValueException.class, "(?<=java:)\\d+", """
                reading a traced value: it is continuous, and jit can follow a branch only on a condition.
                  Got:      traced float64[] made by add, ModelErrorsTest.java:#
                            computed from sample("a"), ModelErrorsTest.java:# and sample("b"), ModelErrorsTest.java:#
                  At:       ModelErrorsTest.java:#
                  Fix:      branch on the condition, if (x.gt(0).isTrue()), or choose both ways with where(condition, a, b).""");
    }

    private static void branch(NDArray x) {
        assertThat(x.item()).isNaN();
    }
}
