package kiln.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import org.junit.jupiter.api.Test;

/// What is found of `loc + scale · z` in functions of z = `x[0]` `[3]`, scalars `x[1]`, `x[2]`, and vectors `x[3]`, `x[4]` `[3]`.
class AffineUseTest {
    private static final NDArray INDEX = NDArray.of(0L, 2, 2, 1, 0);
    private static final NDArray DATA = NDArray.of(1.0, -2, 0.5, 3, 1);
    private static final NDArray Y = NDArray.of(0.3, 0.1, -4);
    private static final List<NDArray> AT = List.of(NDArray.of(0.5, -1, 2), NDArray.as(0.7), NDArray.as(-1.3), NDArray.of(2.0, 3, 5), NDArray.of(-1.0, 4, 0.25));

    private interface Model extends Function<List<NDArray>, List<NDArray>> {}

    private static NDArray picked(NDArray x) {
        return x.get(Index.at(INDEX));
    }

    private static java.util.Optional<AffineUse> use(Model f) {
        List<Aval> types = AT.stream().map(x -> new Aval(DType.FLOAT64, x.shape())).toList();
        Graph graph = Tracer.trace("test", types, f).graph();
        return new AffineUse.Asked(graph).use(0, graph.outputs());
    }

    private static void assertUse(Model f, UnaryOperator<List<NDArray>> parts) {
        List<NDArray> got = use(f).orElseThrow().parts().call(AT);
        List<NDArray> want = parts.apply(AT);
        for (int k = 0; k < 2; k++) {
            assertThat(got.get(k).shape()).isEqualTo(want.get(k).shape());
            assertThat(got.get(k).toDoubleArray()).containsExactly(want.get(k).toDoubleArray(), within(1e-15));
        }
    }

    private static List<NDArray> locScale(NDArray loc, NDArray scale) {
        return List.of(loc, scale);
    }

    private static final NDArray ZERO = NDArray.as(0.0);

    @Test
    void locationAndScaleAreFound() {
        assertUse(x -> List.of(Np.exp(x.get(1).plus(x.get(2).times(x.get(0))))), x -> locScale(x.get(1), x.get(2)));
        assertUse(x -> List.of(Np.exp(x.get(0).times(x.get(3)).plus(x.get(4)))), x -> locScale(x.get(4), x.get(3)));
        // Subtracted, divided, and with more than one factor and term, also where the whole is subtracted in the end.
        assertUse(x -> List.of(Np.exp(Np.subtract(x.get(4), x.get(0).times(x.get(3)).div(x.get(1))).minus(x.get(2)))),
                x -> locScale(x.get(2).minus(x.get(4)), x.get(3).div(x.get(1))));
        assertUse(x -> List.of(Np.exp(Np.negative(x.get(1).plus(x.get(2).times(x.get(0)))))), x -> locScale(x.get(1), x.get(2)));
        // Of the data that it is compared with it knows nothing.
        assertUse(x -> List.of(Np.square(Y.minus(x.get(1).plus(x.get(2).times(x.get(0)))).div(x.get(2)))), x -> locScale(x.get(1), x.get(2)));
    }

    @Test
    void wayThroughIndicesAndShapes() {
        assertUse(x -> List.of(Np.exp(picked(x.get(4).plus(x.get(3).times(x.get(0)))).plus(DATA.times(x.get(1))))), x -> locScale(x.get(4), x.get(3)));
        // Taken apart before: the same elements of location and scale.
        assertUse(x -> List.of(Np.exp(picked(x.get(0)).times(picked(x.get(3))).plus(picked(x.get(4))))), x -> locScale(x.get(4), x.get(3)));
        assertUse(x -> List.of(Np.exp(DATA.times(x.get(1)).plus(picked(x.get(0)).times(x.get(2))))), x -> locScale(ZERO, x.get(2)));
        assertUse(x -> List.of(Np.exp(Np.broadcastTo(x.get(0).reshape(3, 1), Shape.of(3, 2)).times(Np.broadcastTo(x.get(3).reshape(3, 1), Shape.of(3, 2))))),
                x -> locScale(ZERO, x.get(3)));
        // Of other elements.
        assertThat(use(x -> List.of(Np.exp(picked(x.get(0)).times(x.get(3).get(Index.at(NDArray.of(1L, 1, 1, 1, 1)))))))).isEmpty();
    }

    @Test
    void linearMapsKeepScalars() {
        NDArray matrix = NDArray.of(Shape.of(2, 3), 1, 2, 3, -1, 0, 1);
        assertUse(x -> List.of(Np.exp(matrix.matmul(x.get(0)).times(x.get(2)).plus(x.get(1)))), x -> locScale(ZERO, x.get(2)));
        assertUse(x -> List.of(Np.exp(matrix.matmul(x.get(0).times(x.get(3))))), x -> locScale(ZERO, x.get(3)));
        assertUse(x -> List.of(Np.exp(x.get(0).minus(x.get(0).mean()).times(x.get(2)))), x -> locScale(ZERO, x.get(2)));
        assertUse(x -> List.of(Np.exp(x.get(1).plus(Np.cumsum(x.get(0).times(x.get(2)), 0)))), x -> locScale(ZERO, x.get(2)));
        assertUse(x -> List.of(Np.exp(picked(x.get(0)).times(DATA).times(x.get(2)))), x -> locScale(ZERO, x.get(2)));
    }

    @Test
    void whatAllUsesShare() {
        assertUse(x -> {
            NDArray both = x.get(1).plus(x.get(0).times(x.get(2)));
            return List.of(Np.exp(both), Np.sin(both.plus(x.get(4))));
        }, x -> locScale(x.get(1), x.get(2)));
        assertUse(x -> List.of(Np.exp(x.get(0).times(x.get(2)).times(x.get(3))), Np.sin(x.get(0).times(x.get(2)).plus(x.get(1)))),
                x -> locScale(ZERO, x.get(2)));
        // Written twice is written once.
        assertUse(x -> List.of(Np.exp(x.get(0).times(Np.exp(x.get(2)))), Np.sin(x.get(0).times(Np.exp(x.get(2))))), x -> locScale(ZERO, Np.exp(x.get(2))));
        assertThat(use(x -> List.of(Np.exp(x.get(0).times(x.get(2))), Np.sin(x.get(0))))).isEmpty();
        assertThat(use(x -> List.of(Np.exp(x.get(0).times(x.get(2))), Np.sin(x.get(0).times(x.get(1)))))).isEmpty();
    }

    @Test
    void whatIsNoScale() {
        Stream.<Model>of(
                        x -> List.of(Np.exp(x.get(0))),
                        x -> List.of(Np.exp(x.get(0).plus(x.get(4)))),
                        x -> List.of(Np.exp(x.get(0).times(2).plus(x.get(1)))),
                        x -> List.of(x.get(1)),
                        // A residual's scale is none of z.
                        x -> List.of(Np.square(x.get(0).minus(x.get(1)).div(x.get(2)))),
                        x -> List.of(Np.exp(x.get(0).times(x.get(0).sum()))),
                        x -> List.of(Np.exp(x.get(0).times(Np.exp(x.get(0)).times(x.get(2))))),
                        x -> List.of(Np.divide(x.get(2), x.get(0))))
                .forEach(f -> assertThat(use(f)).isEmpty());
    }

    @Test
    void termsCanBeLeftOut() {
        AffineUse use = use(x -> List.of(Np.exp(x.get(0).times(x.get(3)).plus(x.get(1)).plus(x.get(4))))).orElseThrow();
        assertThat(use.scaleParameters().stream()).containsExactly(3);
        assertThat(use.locParameters().stream()).containsExactly(1, 4);
        AffineUse less = use.without(java.util.BitSet.valueOf(new long[] {1 << 4}));
        assertThat(less.locParameters().stream()).containsExactly(1);
        assertThat(less.parts().call(AT).getFirst().item()).isEqualTo(0.7);
    }
}
