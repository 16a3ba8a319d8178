package kiln.nn;

import java.util.Arrays;
import java.util.Map;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.UserCode;

/// A network whose output i increases in input i and depends otherwise only on the inputs before it; with the logarithm of
/// `∂yᵢ/∂xᵢ`.
///
/// Layers of block triangular weights with positive diagonal blocks, and increasing activations between them. The logarithms of the
/// diagonal blocks of the matrix of derivatives are multiplied along the layers as `log(exp A · exp B)`, without overflow.
///
/// - **weights** those of layer i are prefixed `i.`, with i from 0 on; `gate`, a number, for a gated residual
/// - **shapes** `[…, inputDim]` to two arrays of that shape
///
/// Source: De Cao, Aziz and Titov, *Block neural autoregressive flow* (2019).
public final class BlockNeuralAutoregressiveNN implements Network<BlockNeuralAutoregressiveNN.Output> {
    /// How the input is added to what the layers make of it.
    public enum Residual {
        /// `f(x)`.
        NONE,
        /// `x + f(x)`.
        NORMAL,
        /// `g f(x) + (1 − g) x`, with `g = sigmoid(gate)`.
        GATED
    }

    /// What the network returns.
    ///
    /// @param value       y, `[…, inputDim]`
    /// @param logDiagonal `log ∂yᵢ/∂xᵢ`, `[…, inputDim]`
    public record Output(NDArray value, NDArray logDiagonal) {}

    /// Units of a layer and the logarithms of their derivatives by the input of their block, `[…, blocks, 1 or rows, units of a block]`.
    record Blocks(NDArray value, NDArray logDerivatives) {}

    private final int inputDim;
    private final int[] hiddenFactors;
    private final Residual residual;
    private final IncreasingActivation activation;
    private final BlockMaskedDense[] layers;

    /// A network without a residual, with tanh.
    ///
    /// @param inputDim      number of inputs, > 0
    /// @param hiddenFactors units of each hidden layer for every input, > 0; `8, 8` if none is given
    /// @throws DomainException if a factor is not positive
    public BlockNeuralAutoregressiveNN(int inputDim, int... hiddenFactors) {
        this(inputDim, hiddenFactors.length == 0 ? new int[] {8, 8} : hiddenFactors.clone(), Residual.NONE, IncreasingActivation.TANH);
    }

    private BlockNeuralAutoregressiveNN(int inputDim, int[] hiddenFactors, Residual residual, IncreasingActivation activation) {
        if (Arrays.stream(hiddenFactors).anyMatch(f -> f < 1)) {
            throw new DomainException(new Diagnosis("BlockNeuralAutoregressiveNN", "the hidden factors must be positive")
                    .got(Arrays.toString(hiddenFactors))
                    .at(UserCode.line()));
        }
        this.inputDim = inputDim;
        this.hiddenFactors = hiddenFactors;
        this.residual = residual;
        this.activation = activation;
        this.layers = new BlockMaskedDense[hiddenFactors.length + 1];
        for (int i = 0; i < layers.length; i++) {
            int in = i == 0 ? 1 : hiddenFactors[i - 1];
            layers[i] = new BlockMaskedDense(inputDim, in, i == hiddenFactors.length ? 1 : hiddenFactors[i]);
        }
    }

    /// {@return a copy with another way to add the input}
    public BlockNeuralAutoregressiveNN residual(Residual kind) {
        return new BlockNeuralAutoregressiveNN(inputDim, hiddenFactors, kind, activation);
    }

    /// {@return a copy with another activation}
    public BlockNeuralAutoregressiveNN activation(IncreasingActivation function) {
        return new BlockNeuralAutoregressiveNN(inputDim, hiddenFactors, residual, function);
    }

    @Override
    public Map<String, NDArray> init(PRNGKey key, Shape inputShape) {
        Weights.needsFeatures(BlockNeuralAutoregressiveNN.class, inputDim, inputShape);
        var weights = new Weights();
        PRNGKey rest = key;
        if (residual != Residual.NONE) {
            PRNGKey afterFanOut = key.split()[0];
            PRNGKey[] keys = afterFanOut.split();
            rest = keys[1].split()[0];
            if (residual == Residual.GATED) {
                weights.add("gate", keys[0].split()[1].normal(Shape.SCALAR));
            }
        }
        for (int i = 0; i < layers.length; i++) {
            PRNGKey[] keys = rest.split();
            weights.add(i, layers[i].init(keys[1]));
            // An activation takes a key too, which it does not use.
            rest = keys[0].split()[0];
        }
        return weights.map();
    }

    @Override
    public Output apply(Map<String, NDArray> params, NDArray x) {
        Weights.needsFeatures(BlockNeuralAutoregressiveNN.class, inputDim, x.shape());
        Blocks h = layers[0].apply(Weights.part(params, 0), x);
        for (int i = 1; i < layers.length; i++) {
            Blocks active = activated(h, layers[i].in());
            Blocks next = layers[i].apply(Weights.part(params, i), active.value());
            h = new Blocks(next.value(), logMatmulExp(active.logDerivatives(), next.logDerivatives()));
        }
        NDArray y = h.value();
        NDArray logDiagonal = Np.broadcastTo(h.logDerivatives().reshape(h.logDerivatives().shape().dropLast(2)), x.shape());
        return switch (residual) {
            case NONE -> new Output(y, logDiagonal);
            case NORMAL -> new Output(x.plus(y), Np.softplus(logDiagonal));
            case GATED -> {
                NDArray gate = Weights.get(params, "gate", BlockNeuralAutoregressiveNN.class);
                NDArray g = Np.sigmoid(gate);
                yield new Output(
                        g.times(y).plus(Np.sigmoid(gate.unaryMinus()).times(x)),
                        Np.softplus(logDiagonal.plus(gate)).minus(Np.softplus(gate)));
            }
        };
    }

    private Blocks activated(Blocks h, int units) {
        NDArray slopes = activation.logDerivative().apply(h.value());
        Shape perBlock = slopes.shape().dropLast(1).then(Shape.of(inputDim, 1, units));
        return new Blocks(activation.f().apply(h.value()), h.logDerivatives().plus(slopes.reshape(perBlock)));
    }

    /// `log(exp A · exp B)` of matrices, shifted by their largest entries.
    private static NDArray logMatmulExp(NDArray a, NDArray b) {
        NDArray rows = Np.expandDims(a.max(-1), -1).stopGradient();
        NDArray columns = Np.expandDims(b.max(-2), -2).stopGradient();
        return Np.log(Np.exp(a.minus(rows)).matmul(Np.exp(b.minus(columns)))).plus(rows).plus(columns);
    }
}
