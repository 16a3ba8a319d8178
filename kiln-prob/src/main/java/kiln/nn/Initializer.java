package kiln.nn;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;

/// How the weights of a layer are drawn.
///
/// Source of the Glorot rules: Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks* (2010),
/// eq. 16; of the He rule: He, Zhang, Ren and Sun, *Delving deep into rectifiers* (2015), eq. 10.
@FunctionalInterface
public interface Initializer {
    /// {@return weights of a shape}
    ///
    /// @param key   source of randomness
    /// @param shape shape of the weights; of a matrix `[inputs, outputs]`
    NDArray draw(PRNGKey key, Shape shape);

    /// Normal with mean 0.
    ///
    /// @param scale standard deviation, > 0
    static Initializer normal(double scale) {
        return (key, shape) -> key.normal(shape).times(scale);
    }

    /// All weights equal.
    static Initializer constant(double value) {
        return (_, shape) -> Np.full(shape, value);
    }

    /// Normal, cut at two standard deviations, with variance `2 / (inputs + outputs)`.
    static Initializer glorotNormal() {
        return (key, shape) -> cut(key, shape, 2.0 / (shape.dim(-2) + shape.dim(-1)));
    }

    /// Normal, cut at two standard deviations, with variance `2 / inputs`.
    static Initializer heNormal() {
        return (key, shape) -> cut(key, shape, 2.0 / shape.dim(-2));
    }

    /// Uniform around 0 with variance `2 / (inputs + outputs)`.
    static Initializer glorotUniform() {
        return (key, shape) -> key.uniform(shape, -1, 1).times(Math.sqrt(6.0 / (shape.dim(-2) + shape.dim(-1))));
    }

    private static NDArray cut(PRNGKey key, Shape shape, double variance) {
        double standardDeviationOfCutNormal = 0.87962566103423978;
        return key.truncatedNormal(-2, 2, shape).times(Math.sqrt(variance) / standardDeviationOfCutNormal);
    }
}
