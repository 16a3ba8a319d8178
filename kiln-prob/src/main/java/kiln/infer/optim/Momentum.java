package kiln.infer.optim;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;

/// Steepest descent with momentum.
///
/// ```
/// v ← μ v + g,   x ← x − η v
/// ```
///
/// Source: Polyak (1964).
///
/// @param stepSize of every step
/// @param mass     μ, how much of the last step is kept; in [0, 1)
public record Momentum(Schedule stepSize, double mass) implements Optimizer {
    /// A constant step size.
    ///
    /// @param stepSize > 0
    /// @param mass     μ, how much of the last step is kept; in [0, 1)
    public Momentum(double stepSize, double mass) {
        this(Schedule.constant(stepSize), mass);
    }

    @Override
    public List<NDArray> init(NDArray x) {
        return List.of(x, Np.zerosLike(x));
    }

    @Override
    public List<NDArray> update(NDArray step, NDArray gradient, List<NDArray> state) {
        NDArray v = state.get(1).times(mass).plus(gradient);
        return List.of(state.getFirst().minus(v.times(stepSize.at(step))), v);
    }
}
