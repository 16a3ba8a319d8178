package kiln.infer.optim;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;

/// Gradients in units of their running root mean square.
///
/// ```
/// s ← γ s + (1 − γ) g²,   x ← x − η g / √(s + ε)
/// ```
///
/// Source: Tieleman and Hinton (2012).
///
/// @param stepSize of every step
/// @param gamma    γ, how much of the running mean is kept; in [0, 1)
/// @param eps      ε, > 0
public record RMSProp(Schedule stepSize, double gamma, double eps) implements Optimizer {
    /// A constant step size; gamma 0.9, eps 1e-8.
    ///
    /// @param stepSize > 0
    public RMSProp(double stepSize) {
        this(Schedule.constant(stepSize), 0.9, 1e-8);
    }

    /// A step size for every step; gamma 0.9, eps 1e-8.
    public RMSProp(Schedule stepSize) {
        this(stepSize, 0.9, 1e-8);
    }

    @Override
    public List<NDArray> init(NDArray x) {
        return List.of(x, Np.zerosLike(x));
    }

    @Override
    public List<NDArray> update(NDArray step, NDArray gradient, List<NDArray> state) {
        NDArray s = mean(gradient, state.get(1), gamma);
        NDArray move = gradient.div(Np.sqrt(s.plus(eps))).times(stepSize.at(step));
        return List.of(state.getFirst().minus(move), s);
    }

    /// The running mean of the squares.
    static NDArray mean(NDArray gradient, NDArray before, double gamma) {
        return before.times(gamma).plus(Np.square(gradient).times(1 - gamma));
    }
}
