package kiln.dist.transform;

import java.util.Map;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.UserCode;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;
import kiln.nn.BlockNeuralAutoregressiveNN;

/// A block neural autoregressive flow: the network itself is the bijection.
///
/// ```
/// y = network(x)
/// log |det| = Σ log ∂yᵢ/∂xᵢ
/// ```
///
/// There is no inverse in closed form, so the density can be had only at draws: see
/// [kiln.dist.TransformedDistribution#sampleWithLogProb].
///
/// Source: De Cao, Aziz and Titov, *Block neural autoregressive flow* (2019).
///
/// @param network the network
/// @param params  its weights
public record BlockNeuralAutoregressiveTransform(BlockNeuralAutoregressiveNN network, Map<String, NDArray> params) implements Transform {
    @Override
    public NDArray call(NDArray x) {
        return network.apply(params, x).value();
    }

    /// @throws UnsupportedOperationException always
    @Override
    public NDArray inverse(NDArray y) {
        throw new UnsupportedOperationException(new Diagnosis(
                        "BlockNeuralAutoregressiveTransform", "this transform has no inverse in closed form")
                .at(UserCode.line())
                .fix("ask for draws together with their log density: d.sampleWithLogProb(key, shape).")
                .message());
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return network.apply(params, x).logDiagonal().sum(-1);
    }

    @Override
    public Constraint domain() {
        return Constraints.realVector;
    }

    @Override
    public Constraint codomain() {
        return Constraints.realVector;
    }
}
