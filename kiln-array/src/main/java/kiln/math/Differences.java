package kiln.math;

import java.util.function.DoubleUnaryOperator;

/// Derivatives by central differences of functions that are themselves accurate to a few units in the last place.
final class Differences {
    private Differences() {}

    /// The derivative at `x` by the five-point formula; its error is of order `h⁴` and `10⁻¹⁵ / h`.
    static double derivative(DoubleUnaryOperator f, double x, double h) {
        double near = f.applyAsDouble(x + h) - f.applyAsDouble(x - h);
        double far = f.applyAsDouble(x + 2 * h) - f.applyAsDouble(x - 2 * h);
        return (8 * near - far) / (12 * h);
    }

    /// {@return a step for a shape parameter: the functions vary over distances of `a` where it is small, of `√a` where it is large}
    static double shapeStep(double a) {
        return 2e-3 * Math.min(a, Math.sqrt(a));
    }
}
