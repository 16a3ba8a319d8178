package kiln.dist;

import kiln.array.NDArray;

/// A distribution on the real line that is symmetric about `loc`: a base of the truncated distributions.
///
/// Symmetry lets an interval in the upper tail be looked at as one in the lower tail, where probabilities keep their digits.
public sealed interface Symmetric extends Distribution permits Normal, Cauchy, Laplace, Logistic, SoftLaplace, StudentT {
    /// {@return the centre}
    NDArray loc();

    /// {@return the scale}
    NDArray scale();

    /// {@return the same distribution with centre 0 and scale 1}
    Symmetric standard();
}
