package kiln.op;

import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.math.LuFactor;

/// The determinant of square matrices, by elimination. Its derivative is the [Cofactor] matrix, which a singular matrix has too.
public record Determinant() implements Decomposition {
    @Override
    public Shape result(Shape a) {
        Linalg.requireSquare("det", a);
        return Shape.SCALAR;
    }

    @Override
    public double[] of(double[] a, int m, int n) {
        LuFactor f = LuFactor.of(a, n);
        double product = f.sign();
        for (int i = 0; i < n; i++) {
            product *= f.upper(i, i);
        }
        return new double[] {product};
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y, NDArray dx) {
        return Bind.apply(new Cofactor(), x).times(dx).sum(-1, -2);
    }
}
