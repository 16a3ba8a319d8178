package kiln.dist.transform;

import java.util.List;
import java.util.Map;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;
import kiln.nn.Network;

/// An inverse autoregressive flow: every coordinate is shifted and scaled by functions of the coordinates before it.
///
/// ```
/// (m, s) = network(x),   yᵢ = mᵢ + exp(sᵢ) xᵢ
/// log |det| = Σ sᵢ
/// ```
///
/// The logarithms s of the scales are clipped; their derivatives pass as if they were not, so that an optimiser comes back. One pass of
/// the network forward, as many passes as there are coordinates back.
///
/// Source: Kingma, Salimans, Jozefowicz, Chen, Sutskever and Welling, *Improving variational inference with inverse autoregressive
/// flow* (2016), eq. 10.
///
/// @param network     returns m and s, `[…, n]` each, of which element i depends only on the inputs before i in some order, such as
///                    [kiln.nn.AutoregressiveNN]
/// @param params      the weights of the network
/// @param logScaleMin least s, −5 unless said otherwise
/// @param logScaleMax largest s, 3 unless said otherwise
public record InverseAutoregressiveTransform(
        Network<List<NDArray>> network, Map<String, NDArray> params, double logScaleMin, double logScaleMax) implements Transform {
    /// Scales from e⁻⁵ to e³.
    public InverseAutoregressiveTransform(Network<List<NDArray>> network, Map<String, NDArray> params) {
        this(network, params, -5, 3);
    }

    @Override
    public NDArray call(NDArray x) {
        List<NDArray> out = network.apply(params, x);
        return out.getFirst().plus(Np.exp(clipped(out.get(1))).times(x));
    }

    /// The first k coordinates in the order of the network are right after k passes.
    @Override
    public NDArray inverse(NDArray y) {
        NDArray x = Np.zerosLike(y);
        for (int pass = 0; pass < y.size(-1); pass++) {
            List<NDArray> out = network.apply(params, x);
            x = y.minus(out.getFirst()).times(Np.exp(clipped(out.get(1)).unaryMinus()));
        }
        return x;
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return clipped(network.apply(params, x).get(1)).sum(-1);
    }

    private NDArray clipped(NDArray logScale) {
        return logScale.plus(Np.clip(logScale, logScaleMin, logScaleMax).minus(logScale).stopGradient());
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
