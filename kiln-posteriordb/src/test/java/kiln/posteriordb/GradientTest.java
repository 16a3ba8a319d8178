package kiln.posteriordb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.func.Functions;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;
import kiln.infer.UnconstrainedModel;
import kiln.posteriordb.Problem.TestPoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The compiled density and gradient of every posterior of the set: against the interpreter, and against differences of the values.
class GradientTest {
    static List<Problem> all() {
        return Posteriordb.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void compiledIsInterpreted(Problem problem) {
        var model = UnconstrainedModel.of(problem.model(), PRNGKey.key(0));
        var compiled = PosteriorDensity.of(problem.model(), PRNGKey.key(0));
        double[] gradient = new double[compiled.dimension()];
        for (TestPoint point : problem.testPoints()) {
            NDArray at = model.flatten(model.unconstrain(point.params()));
            var expected = Functions.valueAndGrad((NDArray q) -> model.logJoint(model.unflatten(q))).apply(at);
            double value = compiled.valueAndGradient(at.toDoubleArray(), gradient);
            assertThat(value).isCloseTo(expected.value().item(), within(1e-11 * Math.abs(value)));
            // The simplifier regroups products with scalars: terms of a sum are rounded differently, relative to the largest one.
            double[] want = expected.grad().toDoubleArray();
            double scale = Math.max(1, Math.abs(value));
            for (int i = 0; i < want.length; i++) {
                assertThat(gradient[i]).as("d/dq[%d]", i).isCloseTo(want[i], within(1e-11 * Math.max(scale, Math.abs(want[i]))));
            }
        }
    }

    /// Where no gradient is computed beside it, sums may be fused and terms regrouped in another way.
    @ParameterizedTest
    @MethodSource("all")
    void theValueAloneIsTheValue(Problem problem) {
        var model = UnconstrainedModel.of(problem.model(), PRNGKey.key(0));
        var density = PosteriorDensity.of(problem.model(), PRNGKey.key(0));
        double[] scratch = new double[density.dimension()];
        for (TestPoint point : problem.testPoints()) {
            double[] q = model.flatten(model.unconstrain(point.params())).toDoubleArray();
            double value = density.valueAndGradient(q, scratch);
            double alone = density.value(q, scratch);
            assertThat(alone).isCloseTo(value, within(1e-12 * Math.abs(value))).isEqualTo(density.value(q, scratch));
        }
    }

    /// Sums over data that were collapsed, against the same sums over all observations.
    @ParameterizedTest
    @MethodSource("all")
    void collapsedSumsAgreeWithSumsOverAllObservations(Problem problem) {
        var model = UnconstrainedModel.of(problem.model(), PRNGKey.key(0));
        var collapsed = PosteriorDensity.of(problem.model(), PRNGKey.key(0));
        var complete = PosteriorDensity.uncollapsed(problem.model(), PRNGKey.key(0));
        double[] got = new double[collapsed.dimension()];
        double[] want = new double[collapsed.dimension()];
        for (TestPoint point : problem.testPoints()) {
            double[] at = model.flatten(model.unconstrain(point.params())).toDoubleArray();
            double value = complete.valueAndGradient(at, want);
            assertThat(collapsed.valueAndGradient(at, got)).isCloseTo(value, within(1e-10 * Math.abs(value)));
            for (int i = 0; i < want.length; i++) {
                assertThat(got[i]).as("d/dq[%d]", i).isCloseTo(want[i], within(1e-10 * Math.max(Math.abs(value), Math.abs(want[i]))));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void theGradientIsTheDerivative(Problem problem) {
        var model = UnconstrainedModel.of(problem.model(), PRNGKey.key(0));
        var density = PosteriorDensity.of(problem.model(), PRNGKey.key(0));
        for (TestPoint point : problem.testPoints()) {
            double[] q = model.flatten(model.unconstrain(point.params())).toDoubleArray();
            double[] gradient = new double[q.length];
            double value = density.valueAndGradient(q, gradient);
            for (int i = 0; i < q.length; i++) {
                double step = 5e-3 * Math.max(1, Math.abs(q[i]));
                // What rounding makes of the differences: a recursion over n steps is off by about √n units in the last place, and n is
                // 416 at most; sums have pairwise lanes and are better.
                double rounding = 64 * Math.ulp(value) / step;
                assertThat(gradient[i]).as("d/dq[%d]", i)
                        .isCloseTo(derivative(density, q, i, step), within(1e-8 * Math.max(1, Math.abs(gradient[i])) + rounding));
            }
        }
    }

    /// Central differences at steps h, h/2 and h/4, extrapolated twice by Richardson's rule: the error is of order h⁶.
    private static double derivative(LogDensity density, double[] q, int i, double h) {
        double[] d = new double[3];
        for (int k = 0; k < 3; k++) {
            double step = h / (1 << k);
            d[k] = (at(density, q, i, step) - at(density, q, i, -step)) / (2 * step);
        }
        double first = (4 * d[1] - d[0]) / 3;
        double second = (4 * d[2] - d[1]) / 3;
        return (16 * second - first) / 15;
    }

    private static double at(LogDensity density, double[] q, int i, double shift) {
        double[] moved = q.clone();
        moved[i] += shift;
        return density.valueAndGradient(moved, new double[q.length]);
    }
}
