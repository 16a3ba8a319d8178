package kiln.model;

import static kiln.array.Index.at;
import static kiln.array.Np.*;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Dirichlet;
import kiln.dist.Normal;
import kiln.func.Functions;
import kiln.func.ValueAndGrad;
import org.junit.jupiter.api.Test;

/// Plates choose axes, expand distributions and scale subsamples as NumPyro's do.
class PlateTest {
    private static Shape shape(Trace tr, String site) {
        return tr.value(site).shape();
    }

    @Test
    void theOuterPlateHasTheLastAxis() {
        Trace tr = trace(() -> {
            try (var outer = plate("outer", 3)) {
                sample("x", new Normal(0, 1));
                try (var inner = plate("inner", 4)) {
                    sample("y", new Normal(0, 1));
                    assertThat(List.of(outer.frame().dim(), inner.frame().dim())).containsExactly(-1, -2);
                }
                try (var again = plate("again", 5)) {
                    assertThat(again.frame().dim()).isEqualTo(-2);
                    sample("z", new Dirichlet(ones(2)));
                }
            }
            sample("w", new Normal(0, 1));
        }, seed(0));
        assertThat(shape(tr, "x")).isEqualTo(Shape.of(3));
        assertThat(shape(tr, "y")).isEqualTo(Shape.of(4, 3));
        assertThat(shape(tr, "z")).isEqualTo(Shape.of(5, 3, 2));
        assertThat(shape(tr, "w")).isEqualTo(Shape.SCALAR);
        assertThat(tr.sites().get("y")).isInstanceOfSatisfying(Message.Sample.class, s -> assertThat(
                        s.plates().stream().map(PlateFrame::toString))
                .containsExactly("inner[4]", "outer[3]"));
    }

    @Test
    void aPlateCanHaveAnAxisOfItsOwnChoice() {
        Trace tr = trace(() -> {
            try (var _ = plate("rows", 4, dim(-2))) {
                sample("row", new Normal(0, 1));
                try (var _ = plate("columns", 3)) {
                    sample("cell", new Normal(zeros(3), ones(4, 1)));
                }
            }
        }, seed(0));
        assertThat(shape(tr, "row")).isEqualTo(Shape.of(4, 1));
        assertThat(shape(tr, "cell")).isEqualTo(Shape.of(4, 3));
    }

    @Test
    void theDrawsOfAPlateAreThoseOfTheExpandedDistribution() {
        Trace tr = trace(() -> {
            try (var _ = plate("data", 5)) {
                sample("x", new Normal(0, 1));
            }
        }, seed(8));
        assertThat(tr.value("x").toDoubleArray())
                .containsExactly(PRNGKey.key(8).split()[1].normal(5).toDoubleArray());
    }

    @Test
    void aFullPlateSpendsNoKey() {
        Model with = () -> {
            try (var _ = plate("data", 5)) {
                sample("x", new Normal(0, 1));
            }
        };
        Model without = () -> sample("x", new Normal(0, 1).expand(5));
        assertThat(trace(with, seed(1)).value("x").toDoubleArray())
                .containsExactly(trace(without, seed(1)).value("x").toDoubleArray());
    }

    /// The estimate of the log joint from a subsample is unbiased; here all elements are equal, so it is exact.
    @Test
    void aSubsampleIsScaledUp() {
        NDArray y = full(Shape.of(100), 2);
        Model m = () -> {
            try (var data = plate("data", 100, subsampleSize(10))) {
                sample("y", new Normal(0, 1), y.get(at(data.indices())));
            }
        };
        Trace tr = trace(m, seed(0));
        double one = -2 - 0.5 * StrictMath.log(2 * Math.PI);
        assertThat(tr.logProb().item()).isCloseTo(100 * one, within(1e-10));
        assertThat(trace(m, seed(0), scale(3)).logProb().item()).isCloseTo(300 * one, within(1e-9));
        assertThat(trace(m, replay(tr)).value("data")).isSameAs(tr.value("data"));
        assertThat(trace(m, substitute(Map.of("data", arange(10)))).value("data").toLongArray())
                .containsExactly(arange(10).toLongArray());
    }

    /// The mean over all subsets is the full log joint, and the mean of their gradients its gradient.
    @Test
    void gradientsOfSubsamplesAreUnbiased() {
        NDArray data = NDArray.of(1.0, 5, 2, 4, -3);
        Function<PlateOption[], Model> model = options -> () -> {
            NDArray mu = sample("mu", new Normal(0, 2));
            try (var _ = plate("data", 5, options)) {
                sample("y", new Normal(mu.times(mu), 1.5), subsample(data, 0));
            }
        };
        Model part = model.apply(new PlateOption[] {subsampleSize(2)});
        Model full = model.apply(new PlateOption[0]);
        double value = 0;
        double gradient = 0;
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < i; j++) {
                Model chosen = handle(part, substitute(Map.of("data", NDArray.of(new long[] {i, j}))));
                ValueAndGrad<NDArray> one = Functions.<NDArray>valueAndGrad(mu -> LogDensities.logDensity(chosen, Map.of("mu", mu)).value())
                        .apply(Np.scalar(0.7));
                value += one.value().item() / 10;
                gradient += one.grad().item() / 10;
            }
        }
        ValueAndGrad<NDArray> all = Functions.<NDArray>valueAndGrad(mu -> LogDensities.logDensity(full, Map.of("mu", mu)).value())
                .apply(Np.scalar(0.7));
        assertThat(value).isCloseTo(all.value().item(), within(1e-12));
        assertThat(gradient).isCloseTo(all.grad().item(), within(1e-12));
    }

    /// Every element is chosen with the same frequency: 4000 subsamples of 3 of 10. A count is binomial with mean 1200 and standard
    /// deviation 29; the largest of ten deviations exceeds 4.5 of them with probability below 7e-5.
    @Test
    void subsamplesAreUniformAndWithoutReplacement() {
        int[] counts = new int[10];
        for (int i = 0; i < 4000; i++) {
            Trace tr = trace(() -> {
                try (var p = plate("data", 10, subsampleSize(3))) {
                    assertThat(p.indices().shape()).isEqualTo(Shape.of(3));
                }
            }, seed(i));
            long[] chosen = tr.value("data").toLongArray();
            assertThat(Arrays.stream(chosen).distinct().count()).isEqualTo(3);
            for (long c : chosen) {
                counts[(int) c]++;
            }
        }
        for (int count : counts) {
            assertThat(count).isCloseTo(1200, within((int) (4.5 * Math.sqrt(4000 * 0.3 * 0.7))));
        }
    }

    @Test
    void aLoopMayOpenAPlateAgain() {
        List<NDArray> values = new ArrayList<>();
        Trace tr = trace(() -> {
            for (int t = 0; t < 3; t++) {
                try (var _ = plate("unit", 2)) {
                    values.add(sample("x" + t, new Normal(0, 1)));
                }
            }
        }, seed(0));
        assertThat(tr.sites().keySet()).containsExactly("unit", "x0", "x1", "x2");
        assertThat(values).extracting(NDArray::shape).containsOnly(Shape.of(2));
    }

    @Test
    void anInnerRunIsInsideThePlatesOfTheOuterOne() {
        Model inner = () -> sample("x", new Normal(0, 1));
        Trace tr = trace(() -> {
            try (var _ = plate("data", 3)) {
                handle(inner, scale(2)).run();
            }
        }, seed(0));
        assertThat(shape(tr, "x")).isEqualTo(Shape.of(3));
    }
}
