package kiln.posteriordb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.infer.LatentSite;
import kiln.infer.UnconstrainedModel;
import kiln.model.LogDensities;
import kiln.posteriordb.Problem.TestPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every posterior of the set against posteriordb's log joint densities (those of Stan's model code), with Jacobians by hand.
class PosteriordbTest {
    static List<Problem> all() {
        return Posteriordb.all();
    }

    @Test
    void everyPosteriorOfTheSetIsHereOnce() throws IOException {
        try (InputStream in = Objects.requireNonNull(Resources.class.getResourceAsStream("names.txt"))) {
            List<String> names = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            assertThat(names).hasSize(22);
            assertThat(Posteriordb.all()).extracting(Problem::name).containsExactlyInAnyOrderElementsOf(names);
        }
    }

    @Test
    void aPosteriorIsFoundByItsName() {
        assertThat(Posteriordb.named("arK-arK").name()).isEqualTo("arK-arK");
        assertThatThrownBy(() -> Posteriordb.named("arK"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("there is no posterior arK among [eight_schools-eight_schools_noncentered, ");
    }

    @ParameterizedTest
    @MethodSource("all")
    void theLogJointIsThatOfPosteriordb(Problem problem) {
        for (TestPoint point : problem.testPoints()) {
            double expected = point.logJoint() + problem.logConstant();
            double actual = LogDensities.logDensity(problem.model(), point.params()).value().item();
            assertThat(actual).isCloseTo(expected, within(1e-9 * Math.abs(expected)));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void theUnconstrainedLogJointHasTheJacobian(Problem problem) {
        var model = UnconstrainedModel.of(problem.model(), PRNGKey.key(0));
        for (TestPoint point : problem.testPoints()) {
            Map<String, NDArray> position = model.unconstrain(point.params());
            double expected = point.logJoint() + problem.logConstant() + Jacobians.of(problem, point);
            assertThat(model.logJoint(position).item()).isCloseTo(expected, within(1e-9 * Math.abs(expected)));
            var back = model.constrain(position);
            point.params().forEach((name, value) -> {
                double[] got = value(back, name).toDoubleArray();
                double[] want = value.toDoubleArray();
                assertThat(got).hasSameSizeAs(want);
                for (int i = 0; i < want.length; i++) {
                    assertThat(got[i]).as("%s %d", name, i).isCloseTo(want[i], within(1e-12 * Math.max(1, Math.abs(want[i]))));
                }
            });
        }
    }

    private static NDArray value(Map<String, NDArray> map, String name) {
        return Objects.requireNonNull(map.get(name), name);
    }

    @ParameterizedTest
    @MethodSource("all")
    void theLatentSitesAreTheParameters(Problem problem) {
        var model = UnconstrainedModel.of(problem.model(), PRNGKey.key(0));
        List<String> names = model.sites().stream().map(LatentSite::name).toList();
        TestPoint point = problem.testPoints().getFirst();
        assertThat(names).containsExactlyInAnyOrderElementsOf(point.params().keySet());
        for (LatentSite site : model.sites()) {
            assertThat(site.shape()).isEqualTo(point.get(site.name()).shape());
        }
        assertThat(model.firstRun().warnings()).isEmpty();
    }
}
