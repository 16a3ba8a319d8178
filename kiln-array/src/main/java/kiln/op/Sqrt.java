package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
import org.jspecify.annotations.Nullable;

/// Square root; NaN below zero.
public record Sqrt() implements Unary {
    @Override
    public double eval(double x) {
        return Math.sqrt(x);
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public @Nullable NDArray derivative(NDArray x, NDArray y) {
        return Np.reciprocal(y.times(2));
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).call1(Math.class, "sqrt");
    }
}
