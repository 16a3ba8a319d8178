package kiln.array;

import java.util.List;
import kiln.op.Bind;
import kiln.op.FourierTransform;

/// Discrete Fourier transforms (`numpy.fft`), to be imported statically: any length, any axis, differentiable.
///
/// ```
/// fft   y[k] = Σⱼ x[j] e^(−2πi jk/n)          ifft   x[j] = 1/n Σₖ y[k] e^(2πi jk/n)
/// ```
///
/// Integers become floating first.
public final class Fft {
    private Fft() {}

    /// {@return the transform along the last axis}
    public static Complex fft(Complex x) {
        return fft(x, -1);
    }

    /// {@return the transform along an axis}
    public static Complex fft(Complex x, int axis) {
        return along(x, axis, false);
    }

    /// {@return the inverse transform along the last axis}
    public static Complex ifft(Complex y) {
        return ifft(y, -1);
    }

    /// {@return the inverse transform along an axis}
    public static Complex ifft(Complex y, int axis) {
        Complex x = along(y, axis, true);
        double n = Math.max(1, y.re().size(axis));
        return new Complex(x.re().div(n), x.im().div(n));
    }

    /// {@return the transform of real numbers along the last axis, of which the first `n/2 + 1` numbers determine the rest}
    public static Complex rfft(NDArray x) {
        return rfft(x, -1);
    }

    /// {@return the transform of real numbers along an axis: the first `n/2 + 1` numbers}
    public static Complex rfft(NDArray x, int axis) {
        Complex y = fft(Complex.of(x), axis);
        return new Complex(leading(y.re(), axis, x.size(axis) / 2 + 1), leading(y.im(), axis, x.size(axis) / 2 + 1));
    }

    /// The real numbers of which [#rfft] gives `y`.
    ///
    /// @param y the first `n/2 + 1` numbers of a transform; imaginary parts of the first, and of the last for even `n`, are ignored
    /// @param n how many numbers; `n/2 + 1` must be the size of the axis
    /// @return real numbers along the last axis
    /// @throws ShapeException if `n` does not fit
    public static NDArray irfft(Complex y, int n) {
        return irfft(y, n, -1);
    }

    /// The real numbers of which [#rfft] gives `y` along an axis, see [#irfft(Complex, int)].
    ///
    /// @throws ShapeException if `n` does not fit
    public static NDArray irfft(Complex y, int n, int axis) {
        int half = y.re().size(axis);
        if (n < 1 || n / 2 + 1 != half) {
            throw new ShapeException(new Diagnosis("irfft", "the number of points does not fit the transform")
                    .expected("n with n/2 + 1 = " + half + ": " + (2 * half - 2) + " or " + (2 * half - 1))
                    .got("n = " + n + ", transform of shape " + y.re().shape())
                    .at(UserCode.line())
                    .fix("pass the number of points of the original signal."));
        }
        NDArray re = Np.moveaxis(y.re(), axis, -1);
        NDArray im = Np.moveaxis(y.im(), axis, -1);
        // The other half is the conjugate in the opposite order, without 0 and without n/2 for even n.
        int mirrored = n - half;
        NDArray real = mirrored == 0 ? re : Np.concatenate(List.of(re, reversed(re, mirrored)), -1);
        NDArray imaginary = mirrored == 0 ? im : Np.concatenate(List.of(im, reversed(im, mirrored).unaryMinus()), -1);
        return Np.moveaxis(ifft(hermitian(real, imaginary, n)).re(), -1, axis);
    }

    /// Drops the imaginary parts that a real signal does not have.
    private static Complex hermitian(NDArray re, NDArray im, int n) {
        double[] keep = new double[n];
        java.util.Arrays.fill(keep, 1);
        keep[0] = 0;
        if (n % 2 == 0) {
            keep[n / 2] = 0;
        }
        return new Complex(re, im.times(NDArray.of(keep).astype(im.dtype())));
    }

    /// {@return the transform along the last two axes}
    public static Complex fft2(Complex x) {
        return fft(fft(x, -1), -2);
    }

    /// {@return the inverse transform along the last two axes}
    public static Complex ifft2(Complex y) {
        return ifft(ifft(y, -1), -2);
    }

    /// {@return the frequencies of the places of [#fft], in cycles per unit of the sample spacing}
    ///
    /// @param n       number of points
    /// @param spacing distance of samples
    public static NDArray fftfreq(int n, double spacing) {
        double[] f = new double[n];
        for (int k = 0; k < n; k++) {
            f[k] = (k < (n + 1) / 2 ? k : k - n) / (n * spacing);
        }
        return NDArray.of(f).astype(DType.floating());
    }

    /// {@return the array with frequency 0 moved to the middle of an axis}
    public static NDArray fftshift(NDArray x, int axis) {
        int n = x.size(axis);
        NDArray last = Np.moveaxis(x, axis, -1);
        NDArray shifted = n < 2
                ? last
                : Np.concatenate(List.of(last.get(Index.DOTS, Index.slice((n + 1) / 2, n)), last.get(Index.DOTS, Index.slice(0, (n + 1) / 2))), -1);
        return Np.moveaxis(shifted, -1, axis);
    }

    private static Complex along(Complex x, int axis, boolean inverse) {
        NDArray re = Linalg.floating(x.re());
        NDArray im = Linalg.floating(x.im());
        DType dtype = DType.promote(re.aval(), im.aval());
        Shape shape = Shape.broadcast(re.shape(), im.shape());
        int a = shape.axis(axis);
        NDArray pair = Np.stack(
                List.of(
                        Np.moveaxis(Np.broadcastTo(re.astype(dtype), shape), a, -1),
                        Np.moveaxis(Np.broadcastTo(im.astype(dtype), shape), a, -1)),
                -2);
        NDArray y = Bind.apply(new FourierTransform(inverse), pair);
        return new Complex(
                Np.moveaxis(y.get(Index.DOTS, Index.at(0), Index.ALL), -1, a),
                Np.moveaxis(y.get(Index.DOTS, Index.at(1), Index.ALL), -1, a));
    }

    private static NDArray leading(NDArray x, int axis, int count) {
        NDArray last = Np.moveaxis(x, axis, -1);
        return Np.moveaxis(last.get(Index.DOTS, Index.slice(0, count)), -1, axis);
    }

    private static NDArray reversed(NDArray x, int count) {
        return Np.flip(x.get(Index.DOTS, Index.slice(1, count + 1)), -1);
    }
}
