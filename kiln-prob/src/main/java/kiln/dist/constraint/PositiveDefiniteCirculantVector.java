package kiln.dist.constraint;

import kiln.array.Complex;
import kiln.array.Fft;
import kiln.array.NDArray;
import kiln.array.Np;

/// First rows of positive definite circulant matrices: the discrete Fourier transform is real and positive, within 10⁻⁶ of the largest
/// element.
public record PositiveDefiniteCirculantVector() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        Complex spectrum = Fft.rfft(x);
        NDArray room = Np.expandDims(Np.max(Np.abs(x), -1), -1).times(1e-6);
        return Np.all(Np.logicalAnd(spectrum.re().gt(room.unaryMinus()), Np.abs(spectrum.im()).le(room)), -1);
    }

    @Override
    public int eventDim() {
        return 1;
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Bounds.like(prototype, Np.arange(prototype.size(-1)).eq(0));
    }

    @Override
    public String description() {
        return "the first row of a positive definite circulant matrix";
    }
}
