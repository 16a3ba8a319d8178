package kiln.dist;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.func.CustomOp;
import kiln.math.Elementary;
import kiln.math.Gamma;

/// Entropy of beta-negative-binomial counts, or its derivative by a parameter; the operands are a, b, n, of one shape.
///
/// ```
/// H = −Σ p(k) log p(k)        ∂H/∂θ = −Σ p(k) log p(k) ∂log p(k)/∂θ,   k = 0, 1, 2, …
/// ```
///
/// The tail falls as a power of k, so the sum is direct for the first 2048 counts only. Its rest is the integral over `u = log k`, with Gregory's
/// corrections at the lower end: by adaptive Gauss–Kronrod quadrature up to where `log p` is a straight line in u, from there on in closed form.
///
/// @param wrt number of the parameter of the derivative; −1 for the entropy itself
record BetaNegativeBinomialEntropy(int wrt) implements CustomOp {
    private static final int DIRECT = 2048;
    /// Gauss and Laguerre's rule of three nodes, exact for the quadratic functions that the tail asks for.
    private static final double[] LAGUERRE = {0.41577455678347908, 2.2942803602790417, 6.2899450829374792};
    private static final double[] LAGUERRE_WEIGHTS = {0.71109300992917302, 0.27851773356924085, 0.010389256501586136};

    static NDArray of(NDArray a, NDArray b, NDArray n) {
        return new BetaNegativeBinomialEntropy(-1).apply(a, b, n);
    }

    /// {@return about the most probable count; less than 0 where 0 is}
    static NDArray mode(BetaNegativeBinomial d) {
        return each(d, BetaNegativeBinomialEntropy::mode);
    }

    /// {@return about the standard deviation of the logarithm of the count, at most 1}
    static NDArray width(BetaNegativeBinomial d) {
        return each(d, BetaNegativeBinomialEntropy::width);
    }

    private static NDArray each(BetaNegativeBinomial d, OfThree f) {
        double[] a = Np.broadcastTo(d.concentration1(), d.batchShape()).toDoubleArray();
        double[] b = Np.broadcastTo(d.concentration0(), d.batchShape()).toDoubleArray();
        double[] n = Np.broadcastTo(d.n(), d.batchShape()).toDoubleArray();
        Arrays.setAll(a, i -> f.of(a[i], b[i], n[i]));
        return NDArray.of(d.batchShape(), a);
    }

    private interface OfThree {
        double of(double a, double b, double n);
    }

    private static double mode(double a, double b, double n) {
        return (n * a - a - b - n) / (b + 1);
    }

    private static double width(double a, double b, double n) {
        return Math.min(1, Math.sqrt(Gamma.trigamma(a) + Gamma.trigamma(b) + Gamma.trigamma(n)));
    }

    @Override
    public String name() {
        return "entropy of BetaNegativeBinomial";
    }

    @Override
    public Aval type(List<Aval> in) {
        return in.getFirst();
    }

    @Override
    public NDArray eval(List<NDArray> in) {
        double[] a = in.get(0).toDoubleArray();
        double[] b = in.get(1).toDoubleArray();
        double[] n = in.get(2).toDoubleArray();
        double[] out = new double[a.length];
        Arrays.setAll(out, i -> new Series(wrt, a[i], b[i], n[i]).sum());
        return NDArray.of(in.getFirst().shape(), out);
    }

    @Override
    public NDArray jvp(List<NDArray> x, NDArray y, List<NDArray> dx) {
        if (wrt >= 0) {
            return CustomOp.super.jvp(x, y, dx);
        }
        return slope(0, x).times(dx.get(0)).plus(slope(1, x).times(dx.get(1))).plus(slope(2, x).times(dx.get(2)));
    }

    @Override
    public List<NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        return wrt >= 0 ? CustomOp.super.vjp(x, y, ct) : List.of(slope(0, x).times(ct), slope(1, x).times(ct), slope(2, x).times(ct));
    }

    private static NDArray slope(int wrt, List<NDArray> x) {
        return new BetaNegativeBinomialEntropy(wrt).apply(x.toArray(NDArray[]::new));
    }

    /// The sum for one set of parameters.
    private static final class Series {
        private final int wrt;
        private final double a;
        private final double b;
        private final double n;

        Series(int wrt, double a, double b, double n) {
            this.wrt = wrt;
            this.a = a;
            this.b = b;
            this.n = n;
        }

        double sum() {
            if (!(a > 0 && b > 0 && n > 0 && a + b + n < Double.MAX_VALUE)) {
                return Double.NaN;
            }
            double[] first = terms(IntStream.range(0, DIRECT + Gregory.weights().length).asDoubleStream().toArray());
            double direct = 0;
            for (int k = DIRECT - 1; k >= 0; k--) {
                direct += first[k];
            }
            // Beyond, n, a and b are nothing beside k, and log p falls by b + 1 for each unit of u.
            double far = Elementary.log(1e18) + 2 * Elementary.log(1 + a + b + n);
            var integral = GaussKronrod.integrate(
                    new double[][] {panels(far)}, new double[] {Math.abs(direct)}, u -> new double[][] {inLog(u[0])});
            return direct + (integral[0].value() + beyond(far) + corrections(first));
        }

        /// The logarithms of the masses, by the density itself: where logarithms of Γ would cancel it takes another form.
        private double[] logMasses(double... x) {
            return BetaNegativeBinomial.logMass(NDArray.of(a), NDArray.of(b), NDArray.of(n), NDArray.of(x)).toDoubleArray();
        }

        private double slope(double x) {
            double all = Gamma.digamma(a + b + n + x);
            return switch (wrt) {
                case 0 -> Gamma.digamma(a + x) - all - Gamma.digamma(a) + Gamma.digamma(a + b);
                case 1 -> Gamma.digamma(b + n) - all - Gamma.digamma(b) + Gamma.digamma(a + b);
                case 2 -> Gamma.digamma(b + n) - all + Gamma.digamma(n + x) - Gamma.digamma(n);
                default -> 1;
            };
        }

        private double[] terms(double... x) {
            double[] out = logMasses(x);
            Arrays.setAll(out, i -> term(x[i], out[i], out[i]));
            return out;
        }

        /// The integrand over `u = log k`.
        private double[] inLog(double[] u) {
            double[] x = Arrays.stream(u).map(Elementary::exp).toArray();
            double[] out = logMasses(x);
            Arrays.setAll(out, i -> term(x[i], out[i], out[i] + u[i]));
            return out;
        }

        /// @param log       the logarithm of the mass at x
        /// @param logWeight that of what it is weighed by
        private double term(double x, double log, double logWeight) {
            double weight = Elementary.exp(logWeight);
            return weight == 0 ? 0 : -weight * log * slope(x);
        }

        /// The integral from u on, where `log p` and its derivative by b are straight lines.
        private double beyond(double u) {
            double x = Elementary.exp(u);
            double log = logMasses(x)[0];
            double slope = slope(x);
            double sum = 0;
            for (int j = 0; j < LAGUERRE.length; j++) {
                double step = LAGUERRE[j] / b;
                sum -= LAGUERRE_WEIGHTS[j] * (log - (b + 1) * step) * (wrt == 1 ? slope - step : slope);
            }
            double mass = Elementary.exp(log + u);
            return mass == 0 ? 0 : sum * mass / b;
        }

        private static double corrections(double[] first) {
            double[] weights = Gregory.weights();
            double sum = 0;
            for (int j = weights.length - 1; j >= 0; j--) {
                sum += weights[j] * first[DIRECT + j];
            }
            return sum;
        }

        /// Ends of panels that grow from the lower end and from the mode, beginning with a fraction of the width of `log k`.
        private double[] panels(double far) {
            double start = Elementary.log(DIRECT);
            double width = width(a, b, n);
            double mode = Elementary.log(Math.max(mode(a, b, n), DIRECT));
            var ends = new TreeSet<Double>(List.of(start, mode, far));
            for (double step = width / 4; step < far - start; step *= 2) {
                ends.addAll(List.of(start + step, mode + step, mode - step));
            }
            return ends.subSet(start, true, far, true).stream().mapToDouble(Double::doubleValue).toArray();
        }
    }
}
