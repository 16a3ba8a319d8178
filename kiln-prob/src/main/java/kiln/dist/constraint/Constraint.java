package kiln.dist.constraint;

import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.dist.transform.Transform;

/// A set of values: the domain of a parameter or the support of a distribution.
///
/// The last [#eventDim] axes of a value belong together (a simplex is a vector), the axes before are a batch of values.
public interface Constraint {
    /// {@return where the values lie in the set: truth values of the shape of the batch}
    ///
    /// NaN lies in no set.
    ///
    /// @param x values, `batch + event`
    NDArray check(NDArray x);

    /// {@return how many axes at the end make one value}
    default int eventDim() {
        return 0;
    }

    /// {@return whether the set is countable}
    default boolean isDiscrete() {
        return false;
    }

    /// {@return whether every array of finite numbers lies in the set, so that nothing needs to be checked or transformed}
    default boolean isUnconstrained() {
        return false;
    }

    /// {@return values in the set, with the element type of the prototype and its shape, broadcast with the bounds of the set}
    NDArray feasibleLike(NDArray prototype);

    /// {@return what a value must be, to stand behind "must be": `> 0`}
    String description();

    /// {@return what a user can do about a parameter outside the set, one imperative sentence}
    ///
    /// @param parameter name of the parameter
    default String remedy(String parameter) {
        return "let " + parameter + " be " + description() + ".";
    }

    /// {@return the bijection from unconstrained real vectors onto the set (NumPyro's `biject_to`)}
    ///
    /// @throws UnsupportedOperationException if the set is discrete or has no such bijection
    default Transform bijection() {
        throw new UnsupportedOperationException(new Diagnosis(
                        getClass().getSimpleName(), "there is no bijection from the real numbers onto this set")
                .expected("a continuous set")
                .got("values that are " + description())
                .message());
    }
}
