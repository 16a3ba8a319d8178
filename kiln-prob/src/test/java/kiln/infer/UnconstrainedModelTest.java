package kiln.infer;

import static kiln.array.Np.*;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Dirichlet;
import kiln.dist.HalfNormal;
import kiln.dist.LogNormal;
import kiln.dist.Normal;
import kiln.dist.Uniform;
import kiln.func.Functions;
import kiln.model.Model;
import org.junit.jupiter.api.Test;

/// Models on unconstrained space: Jacobians, supports that depend on other sites, observed data outside the support.
class UnconstrainedModelTest {
    private static final double HALF_LOG_2PI = 0.5 * StrictMath.log(2 * Math.PI);

    private static UnconstrainedModel of(Model m) {
        return UnconstrainedModel.of(m, PRNGKey.key(0));
    }

    @Test
    void aChangeOfVariablesMakesALogNormalNormal() {
        var m = of(() -> sample("s", new LogNormal(0, 1)));
        for (double u : new double[] {-3, 0, 0.7}) {
            assertThat(m.logJoint(Map.of("s", scalar(u))).item()).isCloseTo(-0.5 * u * u - HALF_LOG_2PI, within(1e-14));
        }
    }

    @Test
    void aSupportMayDependOnAnotherSite() {
        var m = of(() -> {
            NDArray top = sample("top", new HalfNormal(1));
            sample("x", new Uniform(0, top));
        });
        Map<String, NDArray> q = Map.of("top", scalar(0.5), "x", scalar(-1.2));
        double top = StrictMath.exp(0.5);
        double x = top / (1 + StrictMath.exp(1.2));
        double prior = StrictMath.log(2) - HALF_LOG_2PI - top * top / 2 - StrictMath.log(top);
        double jacobian = 0.5 + StrictMath.log(x * (top - x) / top);
        assertThat(m.logJoint(q).item()).isCloseTo(prior + jacobian, within(1e-13));
        assertThat(m.constrain(q).get("x")).satisfies(v -> assertThat(v.item()).isCloseTo(x, within(1e-14)));
        assertThat(m.unconstrain(Map.of("top", top, "x", x)).get("x"))
                .satisfies(v -> assertThat(v.item()).isCloseTo(-1.2, within(1e-13)));
    }

    @Test
    void scaleAndMaskCoverTheJacobian() {
        Model prior = () -> sample("s", new LogNormal(0, 1));
        Map<String, NDArray> q = Map.of("s", scalar(0.7));
        double density = -0.5 * 0.49 - HALF_LOG_2PI;
        assertThat(of(handle(prior, scale(2))).logJoint(q).item()).isCloseTo(2 * density, within(1e-14));
        assertThat(of(handle(prior, mask(false))).logJoint(q).item()).isEqualTo(0);
        // A masked distribution has no density, but its value still comes from a change of variables.
        assertThat(of(() -> sample("s", new LogNormal(0, 1).mask(false))).logJoint(q).item()).isCloseTo(0.7, within(1e-15));
    }

    @Test
    void positionsHaveTheShapesOfTheFreeNumbers() {
        var m = of(() -> {
            sample("p", new Dirichlet(ones(4)));
            try (var _ = plate("group", 3)) {
                sample("s", new HalfNormal(1));
            }
        });
        assertThat(m.sites()).extracting(LatentSite::unconstrainedShape).containsExactly(Shape.of(3), Shape.of(3));
        assertThat(m.sites()).extracting(LatentSite::shape).containsExactly(Shape.of(4), Shape.of(3));
        assertThat(m.dimension()).isEqualTo(6);
        NDArray vector = array(1, 2, 3, 4, 5, 6);
        assertThat(m.flatten(m.unflatten(vector)).toDoubleArray()).containsExactly(vector.toDoubleArray());
        assertThat(sum(m.constrain(m.unflatten(vector)).values().iterator().next()).item()).isCloseTo(1, within(1e-15));
    }

    /// The data lies inside the support for some positions only: the density is −∞ at the others, and the gradient no NaN.
    @Test
    void observedDataKeepsTheCheckOfItsSupport() {
        var m = of(() -> {
            NDArray top = sample("top", new HalfNormal(10));
            try (var _ = plate("data", 2)) {
                sample("y", new Uniform(0, top), array(1, 2));
            }
        });
        assertThat(m.logJoint(Map.of("top", scalar(StrictMath.log(1.5)))).item()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(m.logJoint(Map.of("top", scalar(1.0))).item()).isFinite();
        var both = Functions.valueAndGrad((NDArray q) -> m.logJoint(m.unflatten(q))).apply(array(StrictMath.log(1.5)));
        assertThat(both.value().item()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(both.grad().item()).isFinite();
    }

    @Test
    void termsAreReportedBySite() {
        var m = of(() -> {
            NDArray s = sample("s", new LogNormal(0, 1));
            sample("y", new Normal(0, s), 1);
        });
        var terms = m.logDensities(Map.of("s", scalar(0.0)));
        assertThat(terms.keySet()).containsExactly("s", "y");
        assertThat(terms.values().stream().mapToDouble(NDArray::item).toArray())
                .usingComparatorWithPrecision(1e-15)
                .containsExactly(-HALF_LOG_2PI, -0.5 - HALF_LOG_2PI);
    }

    @Test
    void constrainedValuesCanBeTraced() {
        var m = of(() -> {
            NDArray s = sample("s", new HalfNormal(1));
            deterministic("square", square(s));
        });
        NDArray squares = Functions.<NDArray, NDArray>vmap(q -> java.util.Objects.requireNonNull(m.constrain(Map.of("s", q)).get("square")))
                .apply(array(0, 1));
        assertThat(squares.get(0).item()).isEqualTo(1);
        assertThat(squares.get(1).item()).isCloseTo(StrictMath.exp(2), within(1e-14));
    }

    /// Locations and scales are looked at while the model is traced: no numbers of a second run are needed, unless it branches on its values.
    @Test
    void aHierarchyIsFoundByOneRun() {
        var runs = new AtomicInteger();
        var m = of(() -> {
            runs.incrementAndGet();
            var tau = sample("tau", new HalfNormal(1));
            sample("around zero", new Normal(tau.times(0), 1));
            sample("scaled", new Normal(0, tau));
            sample("free", new Normal(0, 1));
        });
        int found = runs.get();
        assertThat(m.hierarchy().located()).extracting(LatentSite::name).containsExactly("around zero", "scaled");
        assertThat(runs.get()).isEqualTo(found + 1);
    }

    @Test
    void aHierarchyThatBranchesIsFoundByAnotherRun() {
        var m = of(() -> {
            var tau = sample("tau", new HalfNormal(1));
            sample("scaled", new Normal(0, tau.item() > 0 ? tau : tau.times(2)));
            sample("free", new Normal(0, 1));
        });
        assertThat(m.hierarchy().located()).extracting(LatentSite::name).containsExactly("scaled");
    }
}
