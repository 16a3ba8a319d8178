package kiln.bench.kernel;

import kiln.infer.LogDensity;

/// One density in three implementations that compute the same value and the same gradient in the same coordinates.
///
/// The coordinates are those of the model: its sites in order, on the unconstrained scale. The densities are normalised, so that the
/// values can be compared too. An implementation is made on request, since a benchmark measures one at a time.
public interface Kernel {
    /// {@return the word that selects it on the command line}
    String name();

    /// {@return what is computed, as the table says it}
    String title();

    /// {@return the target for Kiln's time, as the table says it}
    String target();

    /// {@return where it is evaluated; a new array}
    double[] point();

    /// {@return the density that Kiln compiles from a model as its users write it}
    LogDensity kiln();

    /// {@return the density as a Java programmer would write it, with the gradient worked out by hand}
    LogDensity java();

    /// {@return the density written in C, compiled now and called in this process}
    ///
    /// @throws IllegalStateException if there is no `gcc`, or it fails
    LogDensity c();
}
