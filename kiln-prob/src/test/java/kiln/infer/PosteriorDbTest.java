package kiln.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.func.Functions;
import kiln.model.LogDensities;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Twelve models against posteriordb's log joint densities, their Jacobians by hand, and their gradients against differences.
class PosteriorDbTest {
    private static final double LOG_2 = StrictMath.log(2);

    static Stream<PosteriorDbModels.Case> cases() {
        return PosteriorDbModels.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theLogJointIsThatOfPosteriordb(PosteriorDbModels.Case c) {
        for (PosteriorDb.Point point : new PosteriorDb(c.name()).points()) {
            double expected = point.logJoint() + c.halves() * LOG_2;
            double actual = LogDensities.logDensity(c.model(), point.params()).value().item();
            assertThat(actual).isCloseTo(expected, within(1e-9 * Math.abs(expected)));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theUnconstrainedLogJointHasTheJacobian(PosteriorDbModels.Case c) {
        var model = UnconstrainedModel.of(c.model(), PRNGKey.key(0));
        for (PosteriorDb.Point point : new PosteriorDb(c.name()).points()) {
            Map<String, NDArray> position = model.unconstrain(point.params());
            double expected = point.logJoint() + c.halves() * LOG_2 + c.logJacobian().at(point).item();
            assertThat(model.logJoint(position).item()).isCloseTo(expected, within(1e-9 * Math.abs(expected)));
            var back = model.constrain(position);
            point.params().forEach((name, value) -> assertThat(value(back, name).toDoubleArray())
                    .usingComparatorWithPrecision(1e-12)
                    .containsExactly(value.toDoubleArray()));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theTracedGradientIsTheDerivative(PosteriorDbModels.Case c) {
        var model = UnconstrainedModel.of(c.model(), PRNGKey.key(0));
        PosteriorDb.Point point = new PosteriorDb(c.name()).points().getFirst();
        NDArray at = model.flatten(model.unconstrain(point.params()));
        var both = Functions.valueAndGrad((NDArray q) -> model.logJoint(model.unflatten(q))).apply(at);
        assertThat(both.value().item()).isCloseTo(model.logJoint(model.unflatten(at)).item(), within(1e-9));
        double[] gradient = both.grad().toDoubleArray();
        double[] q = at.toDoubleArray();
        // Fourth-order differences: in the largest density (2000) rounding is about 2000 · 2⁻⁵³ / 1e-4 = 2e-9 per term of the sum.
        for (int i = 0; i < q.length; i += Math.max(1, q.length / 12)) {
            double h = 1e-4 * Math.max(1, Math.abs(q[i]));
            double near = at(model, q, i, h) - at(model, q, i, -h);
            double far = at(model, q, i, 2 * h) - at(model, q, i, -2 * h);
            double difference = (8 * near - far) / (12 * h);
            assertThat(gradient[i]).isCloseTo(difference, within(1e-6 * Math.max(1, Math.abs(difference))));
        }
    }

    private static double at(UnconstrainedModel model, double[] q, int i, double step) {
        double[] moved = q.clone();
        moved[i] += step;
        return model.logJoint(model.unflatten(NDArray.of(Shape.of(q.length), moved))).item();
    }

    private static NDArray value(Map<String, NDArray> map, String name) {
        return Objects.requireNonNull(map.get(name), name);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theLatentSitesAreTheParameters(PosteriorDbModels.Case c) {
        var model = UnconstrainedModel.of(c.model(), PRNGKey.key(0));
        List<String> names = model.sites().stream().map(LatentSite::name).toList();
        PosteriorDb.Point point = new PosteriorDb(c.name()).points().getFirst();
        assertThat(names).containsExactlyInAnyOrderElementsOf(point.params().keySet());
        for (LatentSite site : model.sites()) {
            assertThat(site.shape()).isEqualTo(value(point.params(), site.name()).shape());
        }
        assertThat(model.dimension())
                .isEqualTo(point.params().values().stream().mapToInt(NDArray::size).sum());
        assertThat(model.firstRun().warnings()).isEmpty();
    }
}
