package kiln.model;

import static kiln.array.Np.*;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Dirichlet;
import kiln.dist.LogNormal;
import kiln.dist.Normal;
import kiln.dist.constraint.Constraints;
import kiln.func.Functions;
import org.junit.jupiter.api.Test;

/// What statements can be told beyond the obvious, and statements that ask the handlers around.
class StatementOptionsTest {
    private static double normal(double x) {
        return -0.5 * x * x - 0.5 * StrictMath.log(2 * Math.PI);
    }

    @Test
    void aPartlyObservedSiteBecomesThree() {
        NDArray y = array(1, Double.NaN, 3);
        Trace tr = trace(() -> {
            try (var _ = plate("N", 3)) {
                NDArray value = sample("y", new Normal(0, 1), y, obsMask(NDArray.of(true, false, true)));
                deterministic("twice", value.times(2));
            }
        }, seed(4));
        assertThat(tr.sites().keySet()).containsExactly("N", "y_observed", "y_unobserved", "y", "twice");
        double drawn = tr.value("y_unobserved").get(1).item();
        assertThat(tr.value("y").toDoubleArray()).containsExactly(1, drawn, 3);
        assertThat(tr.value("twice").toDoubleArray()).containsExactly(2, 2 * drawn, 6);
        assertThat(tr.logProb("y_observed").item()).isCloseTo(normal(1) + normal(3), within(1e-12));
        assertThat(tr.logProb("y_unobserved").item()).isCloseTo(normal(drawn), within(1e-12));
    }

    @Test
    void theMaskOfAnEventCountsPerElementOfTheBatch() {
        NDArray y = NDArray.of(new double[][] {{0.2, 0.8}, {0.5, 0.5}});
        Trace tr = trace(() -> sample("p", new Dirichlet(ones(2, 2)), y, obsMask(NDArray.of(true, false))), seed(4));
        assertThat(tr.value("p").get(0).toDoubleArray()).containsExactly(0.2, 0.8);
        assertThat(tr.value("p").get(1).toDoubleArray())
                .containsExactly(tr.value("p_unobserved").get(1).toDoubleArray());
    }

    @Test
    void sampleShapeAndKey() {
        PRNGKey own = PRNGKey.key(9);
        Trace tr = trace(() -> {
            sample("x", new Normal(zeros(2), 1), null, sampleShape(3), rngKey(own));
            sample("y", new Normal(0, 1));
        }, seed(0));
        assertThat(tr.value("x").toDoubleArray()).containsExactly(own.normal(3, 2).toDoubleArray());
        assertThat(tr.value("y").item()).isEqualTo(PRNGKey.key(0).split()[1].normal().item());
    }

    @Test
    void aBlockedPlateNeitherRepeatsNorScales() {
        Trace tr = trace(() -> {
            try (var _ = plate("N", 10, subsampleSize(5)); var _ = plate("M", 3)) {
                sample("x", new Normal(0, 1), null, infer(Infer.NONE.blockPlates("N")));
            }
        }, substitute(Map.of("x", zeros(3, 1))), seed(0));
        assertThat(tr.logProb("x").item()).isCloseTo(3 * normal(0), within(1e-12));
    }

    @Test
    void aParameterMayBeDrawnAtTheStart() {
        Model m = () -> param("w", key -> exp(key.normal(2)), Constraints.positive);
        NDArray drawn = exp(PRNGKey.key(0).split()[1].normal(2));
        assertThat(trace(m, seed(0)).value("w").toDoubleArray()).containsExactly(drawn.toDoubleArray());
        assertThat(trace(m, substitute(Map.of("w", array(1, 2)))).value("w").toDoubleArray()).containsExactly(1, 2);
    }

    /// The trace keeps the whole parameter, the model gets the rows of its subsample.
    @Test
    void aParameterInAPlateIsSubsampledWithIt() {
        NDArray table = arange(12).astype(kiln.array.DType.FLOAT64).reshape(6, 2);
        List<NDArray> seen = new ArrayList<>();
        Trace tr = trace(() -> {
            try (var _ = plate("N", 6, subsampleSize(2))) {
                seen.add(param("w", table, Constraints.real, eventDim(1)));
                seen.add(param("v", table, Constraints.real));
            }
        }, substitute(Map.of("N", NDArray.of(new long[] {4, 1}))));
        assertThat(seen.get(0).toDoubleArray()).containsExactly(8, 9, 2, 3);
        assertThat(seen.get(1).shape()).isEqualTo(Shape.of(6, 2));
        assertThat(tr.value("w").shape()).isEqualTo(Shape.of(6, 2));
    }

    @Test
    void aModelKeepsAMutableValue() {
        Model m = () -> {
            MutableState count = mutable("count", 0);
            for (int i = 0; i < 3; i++) {
                count.set(count.get().plus(1));
            }
        };
        Trace first = trace(m);
        assertThat(first.value("count").item()).isEqualTo(3);
        assertThat(trace(m, substitute(Map.of("count", first.value("count")))).value("count").item()).isEqualTo(6);
        assertThat(trace(m).value("count").item()).isEqualTo(3);
    }

    @Test
    void aModelAsksForTheMaskInForce() {
        List<String> seen = new ArrayList<>();
        Model m = () -> seen.add(getMask().map(x -> x.toString()).orElse("none"));
        trace(m);
        trace(m, mask(false), block());
        trace(m, mask(NDArray.of(true, true)), mask(NDArray.of(false, true)));
        assertThat(seen).containsExactly("none", "False", "[False  True]");
    }

    @Test
    void plateStacksNestFromTheRight() {
        Trace tr = trace(() -> {
            try (var _ = plateStack("p", 2, 3, 4)) {
                sample("x", new Normal(0, 1));
            }
            try (var _ = plateStack("q", new int[] {2, 3}, -2)) {
                sample("y", new Normal(0, 1));
            }
        }, seed(0));
        assertThat(tr.value("x").shape()).isEqualTo(Shape.of(2, 3, 4));
        assertThat(tr.site("x").plates()).extracting(PlateFrame::name).containsExactly("p_2", "p_1", "p_0");
        assertThat(tr.value("y").shape()).isEqualTo(Shape.of(2, 3, 1));
    }

    @Test
    void aPlateThatIsOpenedAgainLooksAtTheSameCopies() {
        List<NDArray> seen = new ArrayList<>();
        trace(() -> {
            for (int i = 0; i < 2; i++) {
                try (var p = plate("N", 100, subsampleSize(5))) {
                    seen.add(p.indices());
                    sample("x" + i, new Normal(0, 1));
                }
            }
        }, seed(0));
        assertThat(seen.get(0).toLongArray()).containsExactly(seen.get(1).toLongArray());
    }

    @Test
    void subsampleTakesTheRowsOfEveryPlateAround() {
        NDArray data = arange(24).reshape(4, 3, 2);
        List<NDArray> seen = new ArrayList<>();
        Map<String, NDArray> chosen = Map.of("rows", NDArray.of(new long[] {3, 0}), "columns", NDArray.of(new long[] {1}));
        trace(() -> {
            try (var _ = plate("columns", 3, subsampleSize(1)); var _ = plate("rows", 4, subsampleSize(2))) {
                seen.add(subsample(data, 1));
                seen.add(subsample(zeros(4, 1, 7), 1));
                handle(() -> seen.add(subsample(data, 1)), block()).run();
            }
            seen.add(subsample(data, 1));
        }, substitute(chosen));
        assertThat(seen.get(0).toLongArray()).containsExactly(20, 21, 2, 3);
        assertThat(seen.get(1).shape()).isEqualTo(Shape.of(2, 1, 7));
        assertThat(seen.get(2).toLongArray()).containsExactly(20, 21, 2, 3);
        assertThat(seen.get(3)).isSameAs(data);
    }

    /// The estimate from a subsample has the right mean: over all 6 · 3 pairs of subsets the mean of the gradient is the full gradient.
    @Test
    void gradientsOfSubsamplesAreUnbiased() {
        NDArray y = PRNGKey.key(1).normal(4, 3);
        NDArray at = array(0.3, 0.7);
        Model full = () -> crossed(y, 4, 3);
        double[] exact = gradient(full, at, Map.of());
        double[] sum = new double[2];
        int count = 0;
        for (int[] rows : List.of(new int[] {0, 1}, new int[] {0, 2}, new int[] {0, 3}, new int[] {1, 2}, new int[] {1, 3}, new int[] {2, 3})) {
            for (int[] columns : List.of(new int[] {0, 1}, new int[] {0, 2}, new int[] {1, 2})) {
                var chosen = Map.of(
                        "rows", NDArray.of(new long[] {rows[0], rows[1]}), "columns", NDArray.of(new long[] {columns[0], columns[1]}));
                double[] g = gradient(() -> crossed(y, 2, 2), at, chosen);
                sum[0] += g[0];
                sum[1] += g[1];
                count++;
            }
        }
        assertThat(count).isEqualTo(18);
        assertThat(sum[0] / count).isCloseTo(exact[0], within(1e-12 * Math.abs(exact[0])));
        assertThat(sum[1] / count).isCloseTo(exact[1], within(1e-12 * Math.abs(exact[1])));
    }

    private static void crossed(NDArray y, int rows, int columns) {
        NDArray mu = sample("mu", new Normal(0, 1));
        NDArray tau = sample("tau", new LogNormal(0, 1));
        try (var _ = plate("columns", 3, subsampleSize(columns))) {
            sample("c", new Normal(mu, 2), subsample(array(1, 2, 3), 0));
            try (var _ = plate("rows", 4, subsampleSize(rows))) {
                sample("y", new Normal(mu, tau), subsample(y, 0));
            }
        }
    }

    private static double[] gradient(Model m, NDArray at, Map<String, NDArray> chosen) {
        return Functions.grad((NDArray x) -> trace(m, substitute(Map.of("mu", x.get(0), "tau", x.get(1))), substitute(chosen)).logProb())
                .apply(at)
                .toDoubleArray();
    }
}
