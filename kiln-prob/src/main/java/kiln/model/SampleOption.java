package kiln.model;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;

/// What a random variable can be told beyond its distribution and its data, see [Primitives#obsMask], [Primitives#infer],
/// [Primitives#sampleShape] and [Primitives#rngKey].
public sealed interface SampleOption {
    /// Which elements of the data were observed.
    ///
    /// @param mask truth values; broadcasts to the batch
    record ObsMask(NDArray mask) implements SampleOption {}

    /// What algorithms are told about it.
    ///
    /// @param infer the hints
    record Hints(Infer infer) implements SampleOption {}

    /// Further axes of independent copies in front of the batch.
    ///
    /// @param shape their sizes
    record SampleShape(Shape shape) implements SampleOption {}

    /// The key to draw with, instead of one from `seed`.
    ///
    /// @param key used for this draw only
    record Key(PRNGKey key) implements SampleOption {}
}
