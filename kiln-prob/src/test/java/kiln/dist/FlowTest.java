package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.stream.Stream;
import kiln.array.Linalg;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.transform.BlockNeuralAutoregressiveTransform;
import kiln.dist.transform.ComposeTransform;
import kiln.dist.transform.InverseAutoregressiveTransform;
import kiln.dist.transform.PermuteTransform;
import kiln.dist.transform.SplineCouplingTransform;
import kiln.dist.transform.SplineTransform;
import kiln.dist.transform.Transform;
import kiln.func.Functions;
import kiln.nn.Activation;
import kiln.nn.AutoregressiveNN;
import kiln.nn.BlockNeuralAutoregressiveNN;
import kiln.nn.BlockNeuralAutoregressiveNN.Residual;
import kiln.nn.DenseLayer;
import kiln.nn.Sequential;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Flows: the log determinant against the determinant of the dense matrix of derivatives, round trips, densities that integrate to 1.
class FlowTest {
    private static final PRNGKey KEY = PRNGKey.key(8);
    private static final int N = 4;

    /// @param inverts whether there is an inverse
    record Row(String name, Transform flow, boolean inverts) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> rows() {
        return Stream.concat(
                Stream.of(
                        new Row("IAF", iaf(new AutoregressiveNN(N, 8).nonlinearity(Activation.TANH)), true),
                        new Row("IAF permuted", iaf(new AutoregressiveNN(N, 8, 6).permutation(2, 0, 3, 1).skipConnections()), true),
                        new Row("spline", spline(KEY.split(3)), true),
                        new Row("spline coupling", coupling(), true),
                        new Row("spline couplings", ComposeTransform.of(
                                coupling(), new PermuteTransform(NDArray.of(3L, 2, 1, 0)), coupling()), true)),
                Stream.of(Residual.values()).map(r -> new Row("BNAF " + r, bnaf(new BlockNeuralAutoregressiveNN(N).residual(r)), false)));
    }

    private static Transform iaf(AutoregressiveNN net) {
        return new InverseAutoregressiveTransform(net, net.init(KEY, Shape.of(N)));
    }

    private static Transform bnaf(BlockNeuralAutoregressiveNN net) {
        return new BlockNeuralAutoregressiveTransform(net, net.init(KEY, Shape.of(N)));
    }

    private static Transform spline(PRNGKey[] keys) {
        return new SplineTransform(keys[0].normal(N, 5), keys[1].normal(N, 5), keys[2].normal(N, 4), 2.5);
    }

    private static Transform coupling() {
        var net = Sequential.of(
                new DenseLayer(6), Activation.TANH, new DenseLayer(SplineCouplingTransform.outputs(N, 2, 8)));
        return new SplineCouplingTransform(net, net.init(KEY, Shape.of(2)), 2);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theLogDeterminantIsThatOfTheDenseMatrix(Row row) {
        for (NDArray x : new NDArray[] {NDArray.of(0.4, -1.1, 0.2, 1.9), NDArray.of(-2.2, 0.3, 5, -7)}) {
            NDArray j = Functions.jacobian((NDArray p) -> row.flow().call(p)).apply(x);
            double want = Linalg.slogdet(j).logdet().item();
            NDArray y = row.flow().call(x);
            assertThat(row.flow().logAbsDetJacobian(x, y).sum().item()).isCloseTo(want, within(1e-11));
            // The derivative of the log determinant is right too: against a central difference.
            NDArray slope = Functions.grad((NDArray p) -> row.flow().logAbsDetJacobian(p, row.flow().call(p)).sum()).apply(x);
            for (int i = 0; i < N; i++) {
                NDArray step = Np.eye(N).get(i).times(1e-5);
                double difference = (logDet(row.flow(), x.plus(step)) - logDet(row.flow(), x.minus(step))) / 2e-5;
                assertThat(slope.get(i).item()).isCloseTo(difference, within(1e-6));
            }
        }
    }

    private static double logDet(Transform t, NDArray x) {
        return t.logAbsDetJacobian(x, t.call(x)).sum().item();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void batchesAndCompiledCodeChangeNothing(Row row) {
        NDArray x = KEY.normal(Shape.of(3, 2, N)).times(2.0);
        NDArray y = row.flow().call(x);
        assertThat(y.shape()).isEqualTo(x.shape());
        NDArray one = row.flow().call(x.get(1, 0));
        assertThat(y.get(1, 0).toDoubleArray()).containsExactly(one.toDoubleArray(), within(1e-14));
        NDArray compiled = Functions.jit((NDArray p) -> row.flow().call(p)).apply(x);
        assertThat(compiled.toDoubleArray()).containsExactly(y.toDoubleArray(), within(1e-13));
        if (row.inverts()) {
            assertThat(row.flow().inverse(y).toDoubleArray()).containsExactly(x.toDoubleArray(), within(1e-10));
        } else {
            assertThatThrownBy(() -> row.flow().inverse(y))
                    .hasMessageContaining("BlockNeuralAutoregressiveTransform: this transform has no inverse in closed form.")
                    .hasMessageContaining("d.sampleWithLogProb(key, shape).");
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void drawsComeWithTheirDensity(Row row) {
        var d = new TransformedDistribution(new Normal(Np.zeros(N), 1).toEvent(1), row.flow());
        var draw = d.sampleWithLogProb(KEY, Shape.of(20));
        assertThat(draw.value().toDoubleArray()).containsExactly(d.sample(KEY, Shape.of(20)).toDoubleArray());
        assertThat(draw.logProb().shape()).isEqualTo(Shape.of(20));
        if (row.inverts()) {
            assertThat(draw.logProb().toDoubleArray()).containsExactly(d.logProb(draw.value()).toDoubleArray(), within(1e-9));
        }
    }

    /// Free numbers of 0 make bins of equal size and slopes of 1.
    @Test
    void aSplineOfZerosIsTheIdentity() {
        var t = new SplineTransform(Np.zeros(6), Np.zeros(6), Np.zeros(5), 3);
        NDArray x = Np.linspace(-4, 4, 33);
        assertThat(t.call(x).toDoubleArray()).containsExactly(x.toDoubleArray(), within(1e-15));
        assertThat(t.logAbsDetJacobian(x, x).toDoubleArray()).usingComparatorWithPrecision(1e-14).containsOnly(0);
    }

    /// A spline increases, and its slope does not jump at the knots: steps of half the size make changes of half the size.
    @Test
    void aSplineIsIncreasingWithContinuousSlope() {
        double coarse = largestChange(10_001);
        assertThat(coarse).isLessThan(0.1);
        assertThat(largestChange(20_001)).isCloseTo(coarse / 2, within(coarse / 20));
    }

    private static double largestChange(int points) {
        Transform t = spline(KEY.split(3));
        NDArray x = Np.broadcastTo(Np.expandDims(Np.linspace(-2.49, 2.49, points), -1), Shape.of(points, N));
        NDArray y = t.call(x);
        assertThat(Np.all(Np.diff(y, 1, 0).gt(0)).isTrue()).isTrue();
        return Np.abs(Np.diff(Np.exp(t.logAbsDetJacobian(x, y)), 1, 0)).max().item();
    }

    /// Clipped scales pass their derivatives on, so that an optimiser comes back.
    @Test
    void clippedScalesKeepTheirDerivatives() {
        var net = new AutoregressiveNN(2, 3);
        var params = net.init(KEY, Shape.of(2));
        var low = new InverseAutoregressiveTransform(net, params, 10, 11);
        NDArray x = NDArray.of(0.3, -0.4);
        assertThat(low.logAbsDetJacobian(x, x).item()).isCloseTo(20, within(1e-12));
        Map<String, NDArray> slope = Functions.grad((Map<String, NDArray> p) ->
                new InverseAutoregressiveTransform(net, p, 10, 11).logAbsDetJacobian(x, x)).apply(params);
        NDArray bias = java.util.Objects.requireNonNull(slope.get("2.bias"));
        assertThat(bias.toDoubleArray()).containsExactly(0, 0, 1, 1);
    }
}
