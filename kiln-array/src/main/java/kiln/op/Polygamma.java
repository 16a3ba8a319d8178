package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.Gamma;

/// Polygamma function, the `n`-th derivative of the digamma function.
///
/// @param n order, ≥ 1
public record Polygamma(int n) implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.TRIGAMMA;
    }

    @Override
    public boolean isTiled() {
        return n == 1;
    }

    @Override
    public double eval(double x) {
        return Gamma.polygamma(n, x);
    }

    @Override
    public void emit(Emitter e) {
        if (n == 1) {
            e.load(0).call(MathFunction.TRIGAMMA);
        } else {
            e.constant(n).load(0).call(Polygamma.class, "of");
        }
    }

    /// {@return the polygamma function, with the order as a floating number: the form that compiled code calls}
    public static double of(double n, double x) {
        return Gamma.polygamma((int) n, x);
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.polygamma(n + 1, x);
    }
}
