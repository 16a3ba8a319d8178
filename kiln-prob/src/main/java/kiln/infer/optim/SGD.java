package kiln.infer.optim;

import java.util.List;
import kiln.array.NDArray;

/// Steepest descent.
///
/// ```
/// x ← x − η g
/// ```
///
/// @param stepSize of every step
public record SGD(Schedule stepSize) implements Optimizer {
    /// A constant step size.
    ///
    /// @param stepSize > 0
    public SGD(double stepSize) {
        this(Schedule.constant(stepSize));
    }

    @Override
    public List<NDArray> init(NDArray x) {
        return List.of(x);
    }

    @Override
    public List<NDArray> update(NDArray step, NDArray gradient, List<NDArray> state) {
        return List.of(state.getFirst().minus(gradient.times(stepSize.at(step))));
    }
}
