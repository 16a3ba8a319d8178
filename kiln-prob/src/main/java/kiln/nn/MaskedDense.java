package kiln.nn;

import java.util.Map;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;

/// A dense layer in which a fixed mask says which output sees which input: `y = x (W ∘ mask) + b`.
///
/// - **weights** `kernel` W, `[inputs, outputs]`; `bias` b, `[outputs]`, unless there is none
/// - **shapes** `[…, inputs]` to `[…, outputs]`
///
/// @param mask       0 or 1, `[inputs, outputs]`
/// @param bias       whether b is added
/// @param kernelInit how W is drawn
/// @param biasInit   how b is drawn
public record MaskedDense(NDArray mask, boolean bias, Initializer kernelInit, Initializer biasInit) implements Layer {
    /// Glorot's normal weights, and a bias that is standard normal.
    public MaskedDense(NDArray mask, boolean bias) {
        this(mask, bias, Initializer.glorotNormal(), Initializer.normal(1));
    }

    /// With a bias.
    public MaskedDense(NDArray mask) {
        this(mask, true);
    }

    @Override
    public Map<String, NDArray> init(PRNGKey key, Shape inputShape) {
        Weights.needsFeatures(MaskedDense.class, mask.size(0), inputShape);
        PRNGKey[] keys = key.split();
        var weights = new Weights().add("kernel", kernelInit.draw(keys[0], mask.shape()));
        return (bias ? weights.add("bias", biasInit.draw(keys[1], mask.shape().last(1))) : weights).map();
    }

    @Override
    public NDArray apply(Map<String, NDArray> params, NDArray x) {
        Class<?> me = MaskedDense.class;
        NDArray kernel = Weights.get(params, "kernel", me).times(mask);
        return Weights.affine(me, x, kernel, bias ? Weights.get(params, "bias", me) : null);
    }

    @Override
    public Shape outputShape(Shape inputShape) {
        return inputShape.dropLast(1).then(mask.shape().last(1));
    }
}
