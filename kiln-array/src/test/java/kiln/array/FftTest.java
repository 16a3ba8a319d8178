package kiln.array;

import static kiln.array.Fft.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import kiln.func.Functions;
import org.junit.jupiter.api.Test;

/// Fourier transforms against numpy 2.4 and against the laws of Parseval and of inversion.
class FftTest {
    private static final double[] LENGTHS = {1, 2, 3, 4, 7, 12, 17, 19, 64, 97, 100, 1009};

    private static NDArray random(int seed, int... dims) {
        return NDArray.of(Shape.of(dims), new Random(seed).doubles(Shape.of(dims).size(), -1, 1).toArray());
    }

    private static void assertClose(NDArray got, NDArray want) {
        assertThat(got.shape()).isEqualTo(want.shape());
        assertThat(Np.abs(got.minus(want)).max().item()).isLessThanOrEqualTo(1e-13 * Math.max(1, Np.abs(want).max().item()));
    }

    @Test
    void valuesOfNumpy() {
        Complex y = fft(Complex.of(Np.array(1, 2, -1, 3, 0.5)));
        assertClose(y.re(), Np.array(5.5, 0.15450849718747373, -0.4045084971874737, -0.4045084971874737, 0.15450849718747373));
        assertClose(y.im(), Np.array(0.0, 0.9245562347271623, -4.685903943619324, 4.685903943619324, -0.9245562347271623));
        Complex r = rfft(Np.array(1, 2, -1, 3));
        assertClose(r.re(), Np.array(5, 2, -5));
        assertClose(r.im(), Np.array(0, 1, 0));
        Complex z = fft2(Complex.of(Np.square(Np.arange(6)).reshape(2, 3)));
        assertClose(z.re(), Np.array(new double[][] {{55, -14, -14}, {-45, 9, 9}}));
        assertClose(z.im(), Np.array(new double[][] {{0, 10.392304845413264, -10.392304845413264}, {0, -5.196152422706631, 5.196152422706631}}));
        assertClose(fftfreq(5, 0.1), Np.array(0, 2, 4, -4, -2));
        assertClose(fftshift(Np.array(0, 1, 2, -2, -1), 0), Np.array(-2, -1, 0, 1, 2));
    }

    @Test
    void inversionAndParseval() {
        for (double length : LENGTHS) {
            int n = (int) length;
            Complex x = new Complex(random(1, 3, n), random(2, 3, n));
            Complex y = fft(x);
            assertClose(y.abs2().sum().div(n), x.abs2().sum());
            assertClose(ifft(y).re(), x.re());
            assertClose(ifft(y).im(), x.im());
            assertClose(irfft(rfft(x.re()), n), x.re());
            Complex first = fft(new Complex(x.re().transpose(), x.im().transpose()), 0);
            assertClose(first.re(), y.re().transpose());
            assertClose(irfft(rfft(x.re().transpose(), 0), n, 0), x.re().transpose());
        }
        Complex x = new Complex(random(1, 4, 6), random(2, 4, 6));
        assertClose(ifft2(fft2(x)).re(), x.re());
    }

    /// A circular convolution is a product of transforms.
    @Test
    void convolution() {
        NDArray a = random(3, 9);
        NDArray b = random(4, 9);
        double[] want = new double[9];
        for (int i = 0; i < 9; i++) {
            for (int j = 0; j < 9; j++) {
                want[(i + j) % 9] += a.get(i).item() * b.get(j).item();
            }
        }
        assertClose(ifft(fft(Complex.of(a)).times(fft(Complex.of(b)))).re(), NDArray.of(want));
    }

    /// `d/dx Σ |fft x|² = 2 n x`, compiled and mapped too.
    @Test
    void gradient() {
        NDArray x = random(5, 3, 10);
        var f = Functions.grad((NDArray v) -> fft(Complex.of(v)).abs2().sum());
        assertClose(Functions.vmap(f).apply(x), x.times(20));
        assertClose(Functions.jit(Functions.vmap(f)).apply(x), x.times(20));
    }

    @Test
    void wrongNumberOfPoints() {
        assertThatThrownBy(() -> irfft(rfft(Np.array(1, 2, 3, 4)), 6))
                .isInstanceOf(ShapeException.class)
                .extracting(Messages::withoutPlace).isEqualTo("""
                        irfft: the number of points does not fit the transform.
                          Expected: n with n/2 + 1 = 3: 4 or 5
                          Got:      n = 6, transform of shape [3]
                          Fix:      pass the number of points of the original signal.""");
    }
}
