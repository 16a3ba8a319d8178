package kiln.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.func.Functions;
import kiln.nn.BlockNeuralAutoregressiveNN.Residual;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Layers against arithmetic by hand, published constants, and the structure of the matrix of derivatives.
class NetworkTest {
    private static final PRNGKey KEY = PRNGKey.key(3);

    private static NDArray w(Map<String, NDArray> params, String name) {
        return Weights.get(params, name, NetworkTest.class);
    }

    @Test
    void denseIsAnAffineMap() {
        var params = Map.of("kernel", NDArray.of(new double[][] {{1, 2}, {3, 4}, {5, 6}}), "bias", NDArray.of(10.0, 20.0));
        assertThat(new DenseLayer(2).apply(params, NDArray.of(new double[][] {{1, 0, -1}, {2, 1, 0}})).toDoubleArray())
                .containsExactly(6, 16, 15, 28);
        var masked = new MaskedDense(NDArray.of(new double[][] {{1, 0}, {0, 1}, {1, 0}}), false);
        assertThat(masked.apply(params, NDArray.of(1.0, 2, 3)).toDoubleArray()).containsExactly(16, 8);
    }

    @Test
    void sequentialNamesTheWeightsOfItsLayers() {
        var net = Sequential.of(new DenseLayer(16), Activation.TANH, Sequential.of(new DenseLayer(5), Activation.RELU), new DenseLayer(1));
        var params = net.init(KEY, Shape.of(100, 3));
        assertThat(params.keySet())
                .containsExactlyInAnyOrder("0.kernel", "0.bias", "2.0.kernel", "2.0.bias", "3.kernel", "3.bias");
        assertThat(w(params, "2.0.kernel").shape()).isEqualTo(Shape.of(16, 5));
        assertThat(net.outputShape(Shape.of(100, 3))).isEqualTo(Shape.of(100, 1));
        NDArray x = KEY.normal(Shape.of(100, 3));
        NDArray hidden = Np.relu(Np.tanh(x.matmul(w(params, "0.kernel")).plus(w(params, "0.bias")))
                .matmul(w(params, "2.0.kernel")).plus(w(params, "2.0.bias")));
        NDArray want = hidden.matmul(w(params, "3.kernel")).plus(w(params, "3.bias"));
        assertThat(net.apply(params, x).toDoubleArray()).containsExactly(want.toDoubleArray());
        // Weights are a structure: they can be differentiated and compiled over.
        var slope = Functions.jit(Functions.grad((Map<String, NDArray> p) -> net.apply(p, x).sum())).apply(params);
        assertThat(w(slope, "3.bias").item()).isCloseTo(100, within(1e-9));
    }

    @Test
    void headsShareABody() {
        var net = FanOut.of(
                Sequential.of(new DenseLayer(4), Activation.SOFTPLUS), new DenseLayer(2), Sequential.of(new DenseLayer(2), Activation.EXP));
        var params = net.init(KEY, Shape.of(3));
        assertThat(params).containsOnlyKeys("body.0.kernel", "body.0.bias", "0.kernel", "0.bias", "1.0.kernel", "1.0.bias");
        var out = net.apply(params, NDArray.of(1.0, 2, 3));
        assertThat(out).hasSize(2).allMatch(y -> y.shape().equals(Shape.of(2)));
        assertThat(Np.all(out.get(1).gt(0)).isTrue()).isTrue();
    }

    /// Values at −1.5 and 2 of the formulas that `jax.nn` documents, by Python's math module.
    @ParameterizedTest
    @CsvSource({
        "RELU, 0, 2",
        "TANH, -0.9051482536448664, 0.9640275800758169",
        "SIGMOID, 0.18242552380635635, 0.8807970779778823",
        "SOFTPLUS, 0.2014132779827524, 2.1269280110429727",
        "EXP, 0.22313016014842982, 7.38905609893065",
        "ELU, -0.7768698398515702, 2",
        "LEAKY_RELU, -0.015, 2",
        "SELU, -1.3658143533672527, 2.101401974710961",
        "GELU, -0.10042842301976707, 1.954597694087775",
    })
    void activationsHaveTheirFormula(Activation a, double below, double above) {
        assertThat(a.apply(NDArray.of(-1.5, 2)).toDoubleArray()).containsExactly(new double[] {below, above}, within(1e-14));
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void activationsAndTheirSlopesAreFiniteFarOut(Activation a) {
        NDArray far = a == Activation.EXP ? NDArray.of(-1e5, 700) : NDArray.of(-1e5, 1e5);
        assertThat(Np.all(Np.isfinite(a.apply(far))).isTrue()).isTrue();
        NDArray slope = Functions.grad((NDArray x) -> a.apply(x).sum()).apply(far);
        assertThat(Np.all(Np.isfinite(slope)).isTrue()).isTrue();
    }

    /// The means of 40,000 squares: each is within 5 standard deviations under another key but for 6e-7.
    @Test
    void initialWeightsHaveTheVarianceOfTheirRule() {
        Shape shape = Shape.of(250, 160);
        variance(Initializer.glorotNormal().draw(KEY, shape), 2.0 / 410);
        variance(Initializer.glorotUniform().draw(KEY, shape), 2.0 / 410);
        variance(Initializer.heNormal().draw(KEY, shape), 2.0 / 250);
        variance(Initializer.normal(0.3).draw(KEY, shape), 0.09);
        assertThat(Np.max(Np.abs(Initializer.glorotNormal().draw(KEY, shape))).item())
                .isLessThanOrEqualTo(2 * Math.sqrt(2.0 / 410) / 0.8796256610342398);
    }

    private static void variance(NDArray w, double want) {
        NDArray squares = Np.square(w);
        double error = Np.std(squares).item() / Math.sqrt(w.size());
        assertThat(squares.mean().item()).isCloseTo(want, within(5 * error));
    }

    @ParameterizedTest
    @CsvSource({"'0,1,2,3', false", "'2,0,3,1', false", "'2,0,3,1', true"})
    void anOutputDependsOnTheInputsBeforeItAndOnNoOther(String order, boolean skip) {
        int[] permutation = java.util.Arrays.stream(order.split(",")).mapToInt(Integer::parseInt).toArray();
        var net = new AutoregressiveNN(4, 9, 7).permutation(permutation).nonlinearity(Activation.TANH);
        var n = skip ? net.skipConnections() : net;
        var params = n.init(KEY, Shape.of(4));
        for (int parameter : new int[] {0, 1}) {
            NDArray j = Functions.jacobian((NDArray x) -> n.apply(params, x).get(parameter)).apply(NDArray.of(0.3, -0.2, 0.1, 0.7));
            for (int to = 0; to < 4; to++) {
                for (int from = 0; from < 4; from++) {
                    boolean sees = j.get(permutation[to], permutation[from]).item() != 0;
                    assertThat(sees).as("position %d sees position %d", to, from).isEqualTo(from < to);
                }
            }
        }
    }

    @Test
    void parametersOfSeveralRowsComeTogether() {
        var net = new AutoregressiveNN(3, 5).paramDims(1, 4, 2);
        var out = net.apply(net.init(KEY, Shape.of(3)), KEY.normal(Shape.of(6, 3)));
        assertThat(out.stream().map(NDArray::shape)).containsExactly(Shape.of(1, 6, 3), Shape.of(4, 6, 3), Shape.of(2, 6, 3));
        var two = new AutoregressiveNN(3, 5);
        assertThat(two.apply(two.init(KEY, Shape.of(3)), KEY.normal(Shape.of(6, 3))).stream().map(NDArray::shape))
                .containsExactly(Shape.of(6, 3), Shape.of(6, 3));
    }

    @ParameterizedTest
    @EnumSource(Residual.class)
    void theBlockNetworkIncreasesAndKnowsItsDiagonal(Residual residual) {
        for (var activation : new IncreasingActivation[] {IncreasingActivation.TANH, IncreasingActivation.LEAKY_RELU}) {
            var net = new BlockNeuralAutoregressiveNN(3, 4, 5).residual(residual).activation(activation);
            var params = net.init(KEY, Shape.of(3));
            NDArray x = NDArray.of(0.5, -1.2, 2);
            NDArray j = Functions.jacobian((NDArray p) -> net.apply(params, p).value()).apply(x);
            NDArray log = net.apply(params, x).logDiagonal();
            for (int i = 0; i < 3; i++) {
                assertThat(log.get(i).item()).isCloseTo(Math.log(j.get(i, i).item()), within(1e-12));
                for (int later = i + 1; later < 3; later++) {
                    assertThat(j.get(i, later).item()).isZero();
                    assertThat(j.get(later, i).item()).isNotZero();
                }
            }
            NDArray many = KEY.normal(Shape.of(2, 7, 3));
            assertThat(net.apply(params, many).value().shape()).isEqualTo(many.shape());
            assertThat(net.apply(params, many).logDiagonal().shape()).isEqualTo(many.shape());
        }
        assertThat(w(new BlockNeuralAutoregressiveNN(2).init(KEY, Shape.of(2)), "1.kernel").shape()).isEqualTo(Shape.of(16, 16));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> new AutoregressiveNN(4, 5, 3))
                .hasMessageContaining("AutoregressiveNN: the hidden layers are too small.")
                .hasMessageContaining("Got:      hidden layers [5, 3]");
        assertThatThrownBy(() -> new AutoregressiveNN(3, 5).permutation(0, 2, 2))
                .hasMessageContaining("AutoregressiveNN: this is not an order of the inputs.");
        assertThatThrownBy(() -> new BlockNeuralAutoregressiveNN(3, 0)).hasMessageContaining("the hidden factors must be positive");
        var dense = new DenseLayer(2);
        var params = dense.init(KEY, Shape.of(3));
        assertThatThrownBy(() -> dense.apply(params, NDArray.of(1.0, 2)))
                .hasMessageContaining("DenseLayer: the input does not have the number of features of the network.")
                .hasMessageContaining("Expected: a last axis of size 3");
        assertThatThrownBy(() -> Sequential.of(dense).apply(params, NDArray.of(1.0, 2, 3)))
                .hasMessageContaining("DenseLayer: the weight kernel is missing.");
    }
}
