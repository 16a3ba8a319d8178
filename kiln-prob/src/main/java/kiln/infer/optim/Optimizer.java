package kiln.infer.optim;

import java.util.List;
import kiln.array.NDArray;

/// A rule by which parameters move down a gradient, one array at a time.
///
/// The state of a parameter is a list of arrays whose first one is the parameter itself; what the others are is the optimiser's business.
/// The functions take traced arrays, so that a step can be compiled.
public interface Optimizer {
    /// {@return the state of a parameter before the first step}
    ///
    /// @param x where it starts
    List<NDArray> init(NDArray x);

    /// {@return the state after a step; as many arrays, of the same shapes}
    ///
    /// @param step     number of the step, from 0; an `int64` scalar
    /// @param gradient of the function that is to become small, of the shape of the parameter
    /// @param state    before the step
    List<NDArray> update(NDArray step, NDArray gradient, List<NDArray> state);
}
