package kiln.infer.optim;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;

/// Gradients in units of their running root mean square, with momentum.
///
/// ```
/// s ← γ s + (1 − γ) g²,   m ← μ m + η g / √(s + ε),   x ← x − m
/// ```
///
/// @param stepSize of every step
/// @param gamma    γ, how much of the running mean is kept; in [0, 1)
/// @param eps      ε, > 0
/// @param momentum μ, in [0, 1)
public record RMSPropMomentum(Schedule stepSize, double gamma, double eps, double momentum) implements Optimizer {
    /// A constant step size; gamma 0.9, eps 1e-8, momentum 0.9.
    ///
    /// @param stepSize > 0
    public RMSPropMomentum(double stepSize) {
        this(Schedule.constant(stepSize), 0.9, 1e-8, 0.9);
    }

    /// A step size for every step; gamma 0.9, eps 1e-8, momentum 0.9.
    public RMSPropMomentum(Schedule stepSize) {
        this(stepSize, 0.9, 1e-8, 0.9);
    }

    @Override
    public List<NDArray> init(NDArray x) {
        return List.of(x, Np.zerosLike(x), Np.zerosLike(x));
    }

    @Override
    public List<NDArray> update(NDArray step, NDArray gradient, List<NDArray> state) {
        NDArray s = RMSProp.mean(gradient, state.get(1), gamma);
        NDArray move = gradient.div(Np.sqrt(s.plus(eps))).times(stepSize.at(step));
        NDArray m = state.get(2).times(momentum).plus(move);
        return List.of(state.getFirst().minus(m), s, m);
    }
}
