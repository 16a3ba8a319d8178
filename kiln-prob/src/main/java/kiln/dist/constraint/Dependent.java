package kiln.dist.constraint;

import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;

/// A set that is known only together with the parameters of a distribution; nothing can be tested.
///
/// @param isDiscrete whether the set is countable
/// @param eventDim how many axes at the end make one value
public record Dependent(boolean isDiscrete, int eventDim) implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        throw new UnsupportedOperationException(new Diagnosis("dependent", "a dependent set has no test")
                .fix("ask the distribution itself: d.support().")
                .message());
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Np.zerosLike(prototype);
    }

    @Override
    public String description() {
        return "in a set that depends on other parameters";
    }
}
