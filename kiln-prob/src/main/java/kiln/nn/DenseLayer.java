package kiln.nn;

import java.util.Map;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;

/// A layer in which every output sees every input: `y = x W + b`.
///
/// - **weights** `kernel` W, `[inputs, size]`; `bias` b, `[size]`
/// - **shapes** `[…, inputs]` to `[…, size]`
///
/// @param size       number of outputs, > 0
/// @param kernelInit how W is drawn
/// @param biasInit   how b is drawn
public record DenseLayer(int size, Initializer kernelInit, Initializer biasInit) implements Layer {
    /// Glorot's normal weights, and a bias with standard deviation 0.01.
    public DenseLayer(int size) {
        this(size, Initializer.glorotNormal(), Initializer.normal(1e-2));
    }

    @Override
    public Map<String, NDArray> init(PRNGKey key, Shape inputShape) {
        if (inputShape.rank() == 0) {
            throw new ShapeException(new Diagnosis("DenseLayer", "the input has no axis of features")
                    .expected("shape […, inputs]")
                    .got("shape " + inputShape)
                    .at(UserCode.line()));
        }
        PRNGKey[] keys = key.split();
        return new Weights()
                .add("kernel", kernelInit.draw(keys[0], Shape.of(inputShape.dim(-1), size)))
                .add("bias", biasInit.draw(keys[1], Shape.of(size)))
                .map();
    }

    @Override
    public NDArray apply(Map<String, NDArray> params, NDArray x) {
        Class<?> me = DenseLayer.class;
        return Weights.affine(me, x, Weights.get(params, "kernel", me), Weights.get(params, "bias", me));
    }

    @Override
    public Shape outputShape(Shape inputShape) {
        return inputShape.dropLast(1).then(Shape.of(size));
    }
}
