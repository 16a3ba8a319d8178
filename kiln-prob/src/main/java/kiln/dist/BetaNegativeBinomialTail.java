package kiln.dist;

import static kiln.array.Np.*;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.func.CustomOp;
import kiln.math.Beta;
import kiln.math.Elementary;
import kiln.math.Gamma;
import kiln.math.GammaInc;

/// The distribution function of beta-negative-binomial counts, or what is left above; the operands are k, a, b, n, of one shape.
///
/// ```
/// P(K ≤ k) = Σᵢ₌₀ᵏ p(i)        P(K > k) = ∫ I_x(k + 1, n) x^(a−1) (1 − x)^(b−1) / B(a, b) dx,   0 < x < 1
/// ```
///
/// The masses fall as a power of the count, so that the tail is no sum that ends. As a function of the logit of x the integrand is the
/// exponential of a concave function: one peak, that is looked for first, between tails that fall at least exponentially.
///
/// The relative error of the tail is a few times that of the incomplete beta function, 2e-12 where checked.
///
/// @param isAbove whether it is P(K > k)
record BetaNegativeBinomialTail(boolean isAbove) implements CustomOp {
    /// Logarithms below the peak where the integrand ends.
    private static final double DROP = 45;

    /// The largest shape of the incomplete beta function, less 1.
    private static final double LARGE = 9.9e9;

    /// Beyond this logit a probability is no double.
    private static final double FAR = 600;

    static NDArray of(BetaNegativeBinomial d, NDArray value, boolean isAbove) {
        Shape shape = Shape.broadcast(value.shape(), d.batchShape());
        return new BetaNegativeBinomialTail(isAbove).apply(
                broadcastTo(floor(value), shape), broadcastTo(d.concentration1(), shape), broadcastTo(d.concentration0(), shape),
                broadcastTo(d.n(), shape));
    }

    @Override
    public String name() {
        return (isAbove ? "sf" : "cdf") + " of BetaNegativeBinomial";
    }

    @Override
    public Aval type(List<Aval> in) {
        return new Aval(DType.FLOAT64, in.getFirst().shape());
    }

    @Override
    public NDArray eval(List<NDArray> in) {
        double[] k = in.get(0).toDoubleArray();
        double[] a = in.get(1).toDoubleArray();
        double[] b = in.get(2).toDoubleArray();
        double[] n = in.get(3).toDoubleArray();
        double[] mass = isAbove
                ? new double[0]
                : exp(new BetaNegativeBinomial(in.get(1), in.get(2), in.get(3)).logProb(maximum(in.get(0), 0.0))).toDoubleArray();
        for (int i = 0; i < k.length; i++) {
            if (Double.isNaN(k[i] + a[i] + b[i] + n[i])) {
                k[i] = Double.NaN;
            } else if (k[i] < 0 || k[i] == Double.POSITIVE_INFINITY) {
                k[i] = k[i] < 0 == isAbove ? 1 : 0;
            } else {
                k[i] = isAbove ? new Integrand(k[i], a[i], b[i], n[i]).integral() : sumDown(mass[i], k[i], a[i], b[i], n[i]);
            }
        }
        return NDArray.of(in.getFirst().shape(), k);
    }

    /// The sum of the masses from `k` down to 0, each from the one before; it ends early where they no longer count.
    private static double sumDown(double mass, double k, double a, double b, double n) {
        double sum = 0;
        double term = mass;
        for (double i = k; i >= 0; i--) {
            sum += term;
            double ratio = i * (a + b + n + i - 1) / ((n + i - 1) * (a + i - 1));
            if (ratio < 1 && term < sum * 0x1p-60) {
                break;
            }
            term *= ratio;
        }
        return Math.min(sum, 1);
    }

    /// Of the integral over the logit z.
    private record Integrand(double k, double a, double b, double n) {
        double integral() {
            double peak = peak();
            double top = log(peak);
            double width = 1;
            while (top - Math.min(log(peak - width), log(peak + width)) > 1) {
                width /= 2;
            }
            while (top - Math.min(log(peak - width), log(peak + width)) < 0.25) {
                width *= 2;
            }
            var ends = new TreeSet<Double>(List.of(peak));
            for (int side = -1; side <= 1; side += 2) {
                double step = width;
                while (top - log(peak + side * step) < DROP) {
                    ends.add(peak + side * step);
                    step *= 1.5;
                }
                ends.add(peak + side * step);
            }
            double[] panels = ends.stream().mapToDouble(Double::doubleValue).toArray();
            var sum = GaussKronrod.integrate(new double[][] {panels}, new double[1], z -> new double[][] {Arrays.stream(z[0]).map(this::at).toArray()});
            return Math.min(sum[0].value(), 1);
        }

        /// Where a concave function, which rises at the mode of the beta distribution, is largest; by thirds.
        private double peak() {
            double low = Elementary.log(a / b);
            double step = 1;
            while (log(low + 2 * step) > log(low + step)) {
                step *= 2;
            }
            double high = low + 2 * step;
            for (int i = 0; i < 40; i++) {
                double third = (high - low) / 3;
                boolean isLeft = log(low + third) > log(high - third);
                high = isLeft ? high - third : high;
                low = isLeft ? low : low + third;
            }
            return 0.5 * (low + high);
        }

        /// The logarithm of the integrand.
        private double log(double z) {
            return logAbove(z) - a * Elementary.softplus(-z) - b * Elementary.softplus(z) - Gamma.lbeta(a, b);
        }

        /// `log I_x(k + 1, n)`; of a large k by `I ≈ Q(n, −(k + (n + 1)/2) log x)`, which is right to about n³/k².
        private double logAbove(double z) {
            if (k >= LARGE) {
                return GammaInc.gammainccLog(n, (k + (n + 1) / 2) * Elementary.softplus(-z));
            }
            return z < 0 ? Beta.betaincLog(k + 1, n, Elementary.sigmoid(z)) : Beta.betainccLog(n, k + 1, Elementary.sigmoid(-z));
        }

        /// The integrand, by the density of the beta distribution as long as its argument is a double.
        private double at(double z) {
            if (Math.abs(z) > FAR || k >= LARGE) {
                return Elementary.exp(log(z));
            }
            double p = Elementary.sigmoid(z);
            double q = Elementary.sigmoid(-z);
            return z < 0
                    ? Beta.betainc(k + 1, n, p) * Beta.betaincDx(a, b, p) * p * q
                    : Beta.betaincc(n, k + 1, q) * Beta.betaincDx(b, a, q) * p * q;
        }
    }
}
