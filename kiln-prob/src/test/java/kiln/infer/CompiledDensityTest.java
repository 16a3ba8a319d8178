package kiln.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.func.Functions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The compiled density of every model of posteriordb that is written here, against the interpreter.
class CompiledDensityTest {
    static Stream<PosteriorDbModels.Case> cases() {
        return PosteriorDbModels.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void compiledValueAndGradientAreTheInterpreters(PosteriorDbModels.Case c) {
        var model = UnconstrainedModel.of(c.model(), PRNGKey.key(0));
        var compiled = PosteriorDensity.of(c.model(), PRNGKey.key(0));
        double[] gradient = new double[compiled.dimension()];
        for (PosteriorDb.Point point : new PosteriorDb(c.name()).points()) {
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

    /// Sums over data that were collapsed, against the same sums over all observations.
    @ParameterizedTest
    @MethodSource("cases")
    void collapsedSumsAgreeWithSumsOverAllObservations(PosteriorDbModels.Case c) {
        var model = UnconstrainedModel.of(c.model(), PRNGKey.key(0));
        var collapsed = PosteriorDensity.of(c.model(), PRNGKey.key(0));
        var complete = PosteriorDensity.uncollapsed(c.model(), PRNGKey.key(0));
        double[] got = new double[collapsed.dimension()];
        double[] want = new double[collapsed.dimension()];
        for (PosteriorDb.Point point : new PosteriorDb(c.name()).points()) {
            double[] at = model.flatten(model.unconstrain(point.params())).toDoubleArray();
            double value = complete.valueAndGradient(at, want);
            assertThat(collapsed.valueAndGradient(at, got)).isCloseTo(value, within(1e-10 * Math.abs(value)));
            for (int i = 0; i < want.length; i++) {
                assertThat(got[i]).as("d/dq[%d]", i).isCloseTo(want[i], within(1e-10 * Math.max(Math.abs(value), Math.abs(want[i]))));
            }
        }
    }
}
