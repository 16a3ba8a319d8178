package kiln.infer.optim;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;

/// [Adam] on gradients each of whose elements is clipped to an interval, which rare huge gradients need.
///
/// @param adam     the rule for clipped gradients
/// @param clipNorm elements are clipped to `[−clipNorm, clipNorm]`; > 0
public record ClippedAdam(Adam adam, double clipNorm) implements Optimizer {
    /// Clips at 10.
    public ClippedAdam(Schedule stepSize) {
        this(new Adam(stepSize), 10);
    }

    /// A constant step size; clips at 10.
    ///
    /// @param stepSize > 0
    public ClippedAdam(double stepSize) {
        this(new Adam(stepSize), 10);
    }

    /// {@return a copy that clips elsewhere}
    public ClippedAdam clipNorm(double v) {
        return new ClippedAdam(adam, v);
    }

    @Override
    public List<NDArray> init(NDArray x) {
        return adam.init(x);
    }

    @Override
    public List<NDArray> update(NDArray step, NDArray gradient, List<NDArray> state) {
        return adam.update(step, Np.clip(gradient, -clipNorm, clipNorm), state);
    }
}
