package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.math.Dft;
import org.jspecify.annotations.Nullable;

/// Discrete Fourier transform of complex vectors, without a factor; the operand is `[…, 2, n]`, real parts above imaginary parts.
///
/// It is linear, and its matrix symmetric, so that the transposed map is the transform with the other sign of the exponent.
///
/// @param inverse whether the exponent is `+2πi jk/n` instead of `−2πi jk/n`
public record FourierTransform(boolean inverse) implements Contraction, LinearMap {
    @Override
    public Aval type(List<Aval> in) {
        Shape x = in.getFirst().shape();
        if (x.rank() < 2 || x.dim(-2) != 2) {
            throw new ShapeException(new Diagnosis("fft", "the array does not hold real and imaginary parts")
                    .expected("[…, 2, n]")
                    .got(x.toString())
                    .at(UserCode.line()));
        }
        return in.getFirst();
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        Shape x = in.getFirst().shape();
        int n = x.dim(-1);
        int batch = x.dropLast(2).size();
        var dft = new Dft(n);
        double[] re = new double[n];
        double[] im = new double[n];
        return (from, to) -> {
            for (int s = 0; s < batch; s++) {
                Linalg.read(from[0], 2 * s * n, re);
                Linalg.read(from[0], (2 * s + 1) * n, im);
                dft.transform(re, im, inverse);
                Linalg.write(re, to, 2 * s * n);
                Linalg.write(im, to, (2 * s + 1) * n);
            }
        };
    }

    /// The conjugate-transposed map: cotangents of real and imaginary parts are a real inner product.
    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        return Arrays.asList(Bind.apply(new FourierTransform(!inverse), ct));
    }

    @Override
    public NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        return Bind.apply(this, in.getFirst());
    }
}
