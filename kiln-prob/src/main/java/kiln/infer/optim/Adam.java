package kiln.infer.optim;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;

/// Steps by running means of the gradient and its square, the usual choice.
///
/// ```
/// m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
/// x ← x − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε),   t = step + 1
/// ```
///
/// Source: Kingma and Ba, *Adam: a method for stochastic optimization* (2015), algorithm 1.
///
/// @param stepSize of every step
/// @param b1       β₁, in [0, 1)
/// @param b2       β₂, in [0, 1)
/// @param eps      ε, > 0
public record Adam(Schedule stepSize, double b1, double b2, double eps) implements Optimizer {
    /// A constant step size; b1 0.9, b2 0.999, eps 1e-8.
    ///
    /// @param stepSize > 0
    public Adam(double stepSize) {
        this(Schedule.constant(stepSize), 0.9, 0.999, 1e-8);
    }

    /// A step size for every step; b1 0.9, b2 0.999, eps 1e-8.
    public Adam(Schedule stepSize) {
        this(stepSize, 0.9, 0.999, 1e-8);
    }

    @Override
    public List<NDArray> init(NDArray x) {
        return List.of(x, Np.zerosLike(x), Np.zerosLike(x));
    }

    @Override
    public List<NDArray> update(NDArray step, NDArray gradient, List<NDArray> state) {
        NDArray t = step.plus(1);
        NDArray m = state.get(1).times(b1).plus(gradient.times(1 - b1));
        NDArray v = state.get(2).times(b2).plus(Np.square(gradient).times(1 - b2));
        NDArray mean = m.div(Np.pow(b1, t).unaryMinus().plus(1));
        NDArray square = v.div(Np.pow(b2, t).unaryMinus().plus(1));
        NDArray move = mean.div(Np.sqrt(square).plus(eps)).times(stepSize.at(step));
        return List.of(state.getFirst().minus(move), m, v);
    }
}
