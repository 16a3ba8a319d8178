package kiln.dist;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import kiln.array.Aval;
import kiln.array.NDArray;
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
    /// Of the differences of order 0, 1, 2, …: the coefficients of Gregory's formula.
    private static final double[] GREGORY = {
        1.0 / 2, -1.0 / 12, 1.0 / 24, -19.0 / 720, 3.0 / 160, -863.0 / 60480, 275.0 / 24192, -33953.0 / 3628800, 8183.0 / 1036800
    };
    /// Gauss and Laguerre's rule of three nodes, exact for the quadratic functions that the tail asks for.
    private static final double[] LAGUERRE = {0.41577455678347908, 2.2942803602790417, 6.2899450829374792};
    private static final double[] LAGUERRE_WEIGHTS = {0.71109300992917302, 0.27851773356924085, 0.010389256501586136};

    static NDArray of(NDArray a, NDArray b, NDArray n) {
        return new BetaNegativeBinomialEntropy(-1).apply(a, b, n);
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
        private final double logBeta;

        Series(int wrt, double a, double b, double n) {
            this.wrt = wrt;
            this.a = a;
            this.b = b;
            this.n = n;
            logBeta = Gamma.lbeta(a, b);
        }

        double sum() {
            if (!(a > 0 && b > 0 && n > 0 && a + b + n < Double.MAX_VALUE)) {
                return Double.NaN;
            }
            double direct = 0;
            for (int k = DIRECT - 1; k >= 0; k--) {
                direct += term(k);
            }
            // Beyond, n, a and b are nothing beside k, and log p falls by b + 1 for each unit of u.
            double far = Elementary.log(1e18) + 2 * Elementary.log(1 + a + b + n);
            double[] ends = panels(far);
            GaussKronrod[] parts = new GaussKronrod[ends.length - 1];
            double size = Math.abs(direct);
            for (int i = 0; i < parts.length; i++) {
                parts[i] = GaussKronrod.rule(this::inLog, ends[i], ends[i + 1]);
                size += Math.abs(parts[i].value());
            }
            double integral = beyond(far);
            for (int i = parts.length - 1; i >= 0; i--) {
                integral += parts[i].refined(this::inLog, ends[i], ends[i + 1], 1e-15 * size, GaussKronrod.DEEPEST);
            }
            return direct + (integral + corrections());
        }

        private double logMass(double x) {
            return Gamma.lbeta(a + x, b + n) - logBeta - Gamma.lbeta(n, x + 1) - Elementary.log(n + x);
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

        private double term(double x) {
            double log = logMass(x);
            double mass = Elementary.exp(log);
            return mass == 0 ? 0 : -mass * log * slope(x);
        }

        /// The integrand over `u = log k`.
        private double inLog(double u) {
            double x = Elementary.exp(u);
            double log = logMass(x);
            double mass = Elementary.exp(log + u);
            return mass == 0 ? 0 : -mass * log * slope(x);
        }

        /// The integral from u on, where `log p` and its derivative by b are straight lines.
        private double beyond(double u) {
            double x = Elementary.exp(u);
            double log = logMass(x);
            double slope = slope(x);
            double sum = 0;
            for (int j = 0; j < LAGUERRE.length; j++) {
                double step = LAGUERRE[j] / b;
                sum -= LAGUERRE_WEIGHTS[j] * (log - (b + 1) * step) * (wrt == 1 ? slope - step : slope);
            }
            double mass = Elementary.exp(log + u);
            return mass == 0 ? 0 : sum * mass / b;
        }

        private double corrections() {
            double[] difference = new double[GREGORY.length];
            Arrays.setAll(difference, j -> term(DIRECT + j));
            double sum = 0;
            for (int order = 0; order < GREGORY.length; order++) {
                sum += GREGORY[order] * difference[0];
                for (int j = 0; j + 1 < GREGORY.length - order; j++) {
                    difference[j] = difference[j + 1] - difference[j];
                }
            }
            return sum;
        }

        /// Ends of panels that grow from the lower end and from the mode, beginning with a fraction of the width of `log k`.
        private double[] panels(double far) {
            double start = Elementary.log(DIRECT);
            double width = Math.min(1, Math.sqrt(Gamma.trigamma(a) + Gamma.trigamma(b) + Gamma.trigamma(n)));
            double mode = Elementary.log(Math.max((n * a - a - b - n) / (b + 1), DIRECT));
            var ends = new TreeSet<Double>(List.of(start, mode, far));
            for (double step = width / 4; step < far - start; step *= 2) {
                ends.addAll(List.of(start + step, mode + step, mode - step));
            }
            return ends.subSet(start, true, far, true).stream().mapToDouble(Double::doubleValue).toArray();
        }
    }

    /// Quadrature with 15 nodes, 7 of which make another rule that tells the error.
    private record GaussKronrod(double value, double error) {
        private static final double[] NODES = {
            0.9914553711208126, 0.9491079123427585, 0.8648644233597691, 0.7415311855993944, 0.5860872354676911, 0.4058451513773972,
            0.2077849550078985, 0
        };
        private static final double[] WEIGHTS = {
            0.02293532201052922, 0.06309209262997855, 0.1047900103222502, 0.1406532597159259, 0.1690047266392679, 0.1903505780647854,
            0.2044329400752989, 0.2094821410847278
        };
        private static final double[] GAUSS = {0.1294849661688697, 0.2797053914892767, 0.3818300505051189, 0.4179591836734694};
        private static final int DEEPEST = 30;

        static GaussKronrod rule(DoubleUnaryOperator f, double from, double to) {
            double middle = 0.5 * (from + to);
            double half = 0.5 * (to - from);
            double kronrod = 0;
            double gauss = 0;
            for (int i = 0; i < NODES.length; i++) {
                double y = f.applyAsDouble(middle + half * NODES[i]) + (i == NODES.length - 1 ? 0 : f.applyAsDouble(middle - half * NODES[i]));
                kronrod += WEIGHTS[i] * y;
                gauss += i % 2 == 1 ? GAUSS[i / 2] * y : 0;
            }
            return new GaussKronrod(kronrod * half, Math.abs(kronrod - gauss) * half);
        }

        /// {@return the integral that this rule found, or that of both halves where its error is too large}
        ///
        /// The error of the better rule is about the power 1.5 of that of the other.
        double refined(DoubleUnaryOperator f, double from, double to, double room, int depth) {
            double better = error * Math.min(1, Math.sqrt(200 * error / (Math.abs(value) + Double.MIN_NORMAL)));
            if (!(better > room) || depth == 0) {
                return value;
            }
            double middle = 0.5 * (from + to);
            return rule(f, from, middle).refined(f, from, middle, room, depth - 1) + rule(f, middle, to).refined(f, middle, to, room, depth - 1);
        }
    }
}
