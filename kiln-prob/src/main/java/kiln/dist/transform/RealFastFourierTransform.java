package kiln.dist.transform;

import java.util.List;
import kiln.array.Complex;
import kiln.array.Fft;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// The discrete Fourier transform of a real array: the first half of the last frequencies, with real and imaginary part along a new last
/// axis.
///
/// ```
/// log |det| = ½ (N log N − (N − q) log 2),  N = Π nᵢ, q = Π (2 − nᵢ mod 2)
/// ```
///
/// @param transformShape lengths of the axes that are transformed, the last ones of the argument
public record RealFastFourierTransform(Shape transformShape) implements Transform {
    @Override
    public NDArray call(NDArray x) {
        Complex y = Fft.rfft(x);
        for (int axis = -transformShape.rank(); axis < -1; axis++) {
            y = Fft.fft(y, axis);
        }
        return Np.stack(List.of(y.re(), y.im()), -1);
    }

    @Override
    public NDArray inverse(NDArray y) {
        Complex x = new Complex(y.get(Index.DOTS, Index.at(0)), y.get(Index.DOTS, Index.at(1)));
        for (int axis = -transformShape.rank(); axis < -1; axis++) {
            x = Fft.ifft(x, axis);
        }
        return Fft.irfft(x, transformShape.dim(-1));
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        double n = transformShape.size();
        double q = 1;
        for (int size : transformShape.dims()) {
            q *= 2 - size % 2;
        }
        NDArray size = Np.log(Np.scalar(n)).times(n).minus((n - q) * LOG_2).times(0.5);
        return Np.broadcastTo(size, x.shape().dropLast(transformShape.rank()));
    }

    @Override
    public Constraint domain() {
        return Constraints.independent(Constraints.real, transformShape.rank());
    }

    @Override
    public Constraint codomain() {
        return Constraints.independent(Constraints.complex, transformShape.rank());
    }

    @Override
    public Shape forwardShape(Shape shape) {
        Shape kept = transformShape.with(transformShape.rank() - 1, transformShape.dim(-1) / 2 + 1);
        return shape.dropLast(transformShape.rank()).then(kept).then(Shape.of(2));
    }

    @Override
    public Shape inverseShape(Shape shape) {
        return shape.dropLast(transformShape.rank() + 1).then(transformShape);
    }

    private static final double LOG_2 = 0.693147180559945309417232121458176568;
}
