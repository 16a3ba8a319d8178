package kiln.nn;

import java.util.Map;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;

/// Layers without weights: functions of one element, and the two softmaxes, which are functions of the last axis.
public enum Activation implements Layer {
    /// `max(x, 0)`.
    RELU,
    /// `tanh x`.
    TANH,
    /// `1 / (1 + e⁻ˣ)`.
    SIGMOID,
    /// `log(1 + eˣ)`.
    SOFTPLUS,
    /// `eˣ`.
    EXP,
    /// `x` above 0, `eˣ − 1` below.
    ELU,
    /// `x` above 0, `0.01 x` below.
    LEAKY_RELU,
    /// `λ x` above 0, `λ α (eˣ − 1)` below, which keeps mean 0 and variance 1 from layer to layer.
    ///
    /// Source: Klambauer, Unterthiner, Mayr and Hochreiter, *Self-normalizing neural networks* (2017), eq. 14.
    SELU,
    /// `x Φ(x)` in the approximation `½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))`, JAX's default.
    ///
    /// Source: Hendrycks and Gimpel, *Gaussian error linear units* (2016), sec. 2.
    GELU,
    /// `eˣ / Σ eˣ` over the last axis.
    SOFTMAX,
    /// `x − log Σ eˣ` over the last axis.
    LOG_SOFTMAX;

    private static final double SELU_ALPHA = 1.6732632423543772848170429916717;
    private static final double SELU_LAMBDA = 1.0507009873554804934193349852946;

    /// {@return the value at `x`}
    public NDArray apply(NDArray x) {
        return switch (this) {
            case RELU -> Np.relu(x);
            case TANH -> Np.tanh(x);
            case SIGMOID -> Np.sigmoid(x);
            case SOFTPLUS -> Np.softplus(x);
            case EXP -> Np.exp(x);
            case ELU -> elu(x, 1);
            case LEAKY_RELU -> Np.where(x.ge(0), x, x.times(0.01));
            case SELU -> elu(x, SELU_ALPHA).times(SELU_LAMBDA);
            case GELU -> {
                NDArray cubic = x.plus(x.times(x).times(x).times(0.044715));
                yield x.times(0.5).times(Np.tanh(cubic.times(Math.sqrt(2 / Math.PI))).plus(1));
            }
            case SOFTMAX -> Np.softmax(x, -1);
            case LOG_SOFTMAX -> Np.logSoftmax(x, -1);
        };
    }

    /// The exponential never sees a large number, whose infinite derivative would come through the `where`.
    private static NDArray elu(NDArray x, double alpha) {
        return Np.where(x.gt(0), x, Np.expm1(Np.minimum(x, 0)).times(alpha));
    }

    @Override
    public Map<String, NDArray> init(PRNGKey key, Shape inputShape) {
        return Map.of();
    }

    @Override
    public NDArray apply(Map<String, NDArray> params, NDArray x) {
        return apply(x);
    }
}
