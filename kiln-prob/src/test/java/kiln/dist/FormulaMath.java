package kiln.dist;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import kiln.array.NDArray;

/// The functions of the printed formulas, from their definitions or by textbook series, apart from the library's own.
final class FormulaMath {
    private FormulaMath() {}

    private static final double[] LANCZOS = {
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
        -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7
    };

    /// Γ by Lanczos' sum with g = 7 and nine terms: 14 digits.
    static double gamma(double x) {
        if (x < 0.5) {
            return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
        }
        if (x == Math.rint(x) && x < 171) {
            double product = 1;
            for (int i = 2; i < x; i++) {
                product *= i;
            }
            return product;
        }
        double sum = LANCZOS[0];
        for (int i = 1; i < LANCZOS.length; i++) {
            sum += LANCZOS[i] / (x - 1 + i);
        }
        double t = x + 6.5;
        return Math.sqrt(2 * Math.PI) * Math.pow(t, x - 0.5) * Math.exp(-t) * sum;
    }

    static double beta(double a, double b) {
        return gamma(a) * gamma(b) / gamma(a + b);
    }

    static double binomial(double n, double k) {
        return gamma(n + 1) / (gamma(k + 1) * gamma(n - k + 1));
    }

    /// The modified Bessel function of the first kind of integer order, by its power series.
    static double bessel(double order, double x) {
        double term = Math.pow(x / 2, order) / gamma(order + 1);
        double sum = 0;
        for (int j = 1; term > 1e-18 * sum; j++) {
            sum += term;
            term *= x * x / 4 / (j * (j + order));
        }
        return sum;
    }

    /// `Γ_p`, the product of p functions Γ and a power of π.
    static double multivariateGamma(double p, double a) {
        double out = Math.pow(Math.PI, p * (p - 1) / 4);
        for (int j = 1; j <= p; j++) {
            out *= gamma(a + (1 - j) / 2.0);
        }
        return out;
    }

    static double integral(DoubleUnaryOperator f, double from, double to) {
        return Quadrature.integral(x -> NDArray.of(Arrays.stream(x.toDoubleArray()).map(f).toArray()), from, to);
    }

    static Matrix elementary(String name, Matrix x) {
        return Matrix.of(switch (name) {
            case "log" -> Math.log(x.number());
            case "det" -> x.determinant();
            case "tr" -> x.trace();
            case "cos" -> Math.cos(x.number());
            case "sin" -> Math.sin(x.number());
            case "arctan" -> Math.atan(x.number());
            case "logit" -> Math.log(x.number() / (1 - x.number()));
            default -> throw new IllegalArgumentException(name);
        });
    }

    /// The density of a normal number or vector with mean m and (co)variance v.
    static double normal(Matrix x, Matrix m, Matrix v) {
        Matrix z = m.isNumber() ? x : x.plus(m.times(-1));
        if (x.isNumber()) {
            double d = x.number() - m.number();
            return Math.exp(-d * d / (2 * v.number())) / Math.sqrt(2 * Math.PI * v.number());
        }
        double square = z.transposed().times(v.inverse()).times(z).number();
        return Math.exp(-square / 2) / Math.sqrt(Math.pow(2 * Math.PI, x.rows().length) * v.determinant());
    }
}
