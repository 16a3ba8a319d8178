package kiln.array;

import static kiln.array.Np.add;
import static kiln.array.Np.equal;
import static kiln.array.Np.floating;
import static kiln.array.Np.isnan;
import static kiln.array.Np.less;
import static kiln.array.Np.log;
import static kiln.array.Np.log1p;
import static kiln.array.Np.multiply;
import static kiln.array.Np.negative;
import static kiln.array.Np.subtract;
import static kiln.array.Np.where;

import kiln.op.*;

/// The special functions of [Np]: gamma and beta functions, error functions, the normal distribution, logistic functions, entropies.
abstract class SpecialFunctions extends ElementwiseFunctions {
    private static final double LOG_PI = 1.1447298858494002;

    SpecialFunctions() {}

    /// {@return `a log b`, 0 where `a = 0`}
    public static NDArray xlogy(Number a, Number b) {
        return floating(new Xlogy(), a, b);
    }

    /// {@return `a log(1 + b)`, 0 where `a = 0`}
    public static NDArray xlog1py(Number a, Number b) {
        return floating(new Xlog1py(), a, b);
    }

    /// {@return `1 / (1 + e^−x)`}
    public static NDArray sigmoid(Number x) {
        return floating(new Sigmoid(), x);
    }

    /// {@return `log(1 + e^x)`}
    public static NDArray softplus(Number x) {
        return floating(new Softplus(), x);
    }

    /// {@return `log |Γ(x)|`}
    public static NDArray lgamma(Number x) {
        return floating(new Lgamma(), x);
    }

    /// {@return `log B(a, b)`, the logarithm of the beta function, accurate for large arguments too}
    public static NDArray betaln(Number a, Number b) {
        return floating(new LogBeta(), a, b);
    }

    /// {@return the derivative of `log Γ`}
    public static NDArray digamma(Number x) {
        return floating(new Digamma(), x);
    }

    /// {@return the error function}
    public static NDArray erf(Number x) {
        return floating(new Erf(), x);
    }

    /// {@return the complementary error function}
    public static NDArray erfc(Number x) {
        return floating(new Erfc(), x);
    }

    /// {@return the inverse error function}
    public static NDArray erfinv(Number x) {
        return floating(new Erfinv(), x);
    }

    /// {@return the standard normal distribution function}
    public static NDArray ndtr(Number x) {
        return floating(new Ndtr(), x);
    }

    /// {@return the logarithm of the standard normal distribution function}
    public static NDArray logNdtr(Number x) {
        return floating(new LogNdtr(), x);
    }

    /// {@return the standard normal quantile}
    public static NDArray ndtri(Number x) {
        return floating(new Ndtri(), x);
    }

    /// {@return the polygamma function of order `n ≥ 1`}
    public static NDArray polygamma(int n, Number x) {
        return floating(new Polygamma(n), x);
    }

    /// {@return `log(1 / (1 + e^−x)) = −softplus(−x)`}
    public static NDArray logSigmoid(Number x) {
        return negative(softplus(negative(x)));
    }

    /// {@return `log(x / (1 − x))`}
    public static NDArray logit(Number x) {
        return subtract(log(x), log1p(negative(x)));
    }

    /// {@return `log |Γ(x)|`, SciPy's name of [Np#lgamma]}
    public static NDArray gammaln(Number x) {
        return Np.lgamma(x);
    }

    /// {@return the beta function of positive arguments}
    public static NDArray beta(Number a, Number b) {
        return Np.exp(Np.betaln(a, b));
    }

    /// {@return the logarithm of the multivariate gamma function of dimension `d`, `log Γ_d(a)`}
    ///
    /// @param a > (d − 1) / 2
    /// @param d ≥ 1
    public static NDArray multigammaln(Number a, int d) {
        NDArray x = multiply(a, 1.0);
        NDArray halves = Np.arange(d).times(0.5).astype(x.dtype());
        double constant = 0.25 * d * (d - 1) * LOG_PI;
        return Np.lgamma(Np.expandDims(x, -1).minus(halves)).sum(-1).plus(constant);
    }

    /// {@return `e^(x²) erfc(x)`}
    public static NDArray erfcx(Number x) {
        return floating(new Erfcx(), x);
    }

    /// {@return the regularised lower incomplete gamma function `P(a, x)`, differentiable in both arguments}
    ///
    /// @param a shape, > 0
    /// @param x ≥ 0
    public static NDArray gammainc(Number a, Number x) {
        return floating(new IncompleteGamma(false), a, x);
    }

    /// {@return the regularised upper incomplete gamma function `Q(a, x) = 1 − P(a, x)`}
    ///
    /// @param a shape, > 0
    /// @param x ≥ 0
    public static NDArray gammaincc(Number a, Number x) {
        return floating(new IncompleteGamma(true), a, x);
    }

    /// {@return the regularised incomplete beta function `I_x(a, b)`, differentiable in all arguments}
    ///
    /// @param a first shape, > 0
    /// @param b second shape, > 0
    /// @param x in [0, 1]
    public static NDArray betainc(Number a, Number b, Number x) {
        return betainc(false, a, b, x);
    }

    /// {@return `1 − I_x(a, b)`, with all digits where [#betainc] is close to 1, and differentiable as that is}
    ///
    /// SciPy's `betaincc`.
    ///
    /// @param a first shape, > 0
    /// @param b second shape, > 0
    /// @param x in [0, 1]
    public static NDArray betaincc(Number a, Number b, Number x) {
        return betainc(true, a, b, x);
    }

    private static NDArray betainc(boolean upper, Number a, Number b, Number x) {
        NDArray p = NDArray.as(a);
        NDArray q = NDArray.as(b);
        NDArray z = NDArray.as(x);
        Aval shapes = new Aval(DType.promote(p.aval(), q.aval()), Shape.SCALAR, p.aval().weak() && q.aval().weak());
        DType dtype = DType.promote(shapes, z.aval());
        DType type = dtype.isFloating() ? dtype : DType.floating();
        Shape shape = Shape.broadcast(p.shape(), q.shape(), z.shape());
        return Bind.apply(
                new IncompleteBeta(upper),
                Np.broadcastTo(Np.convert(p, type), shape),
                Np.broadcastTo(Np.convert(q, type), shape),
                Np.broadcastTo(Np.convert(z, type), shape));
    }

    /// {@return the distribution function of Student's t, differentiable in both arguments}
    ///
    /// SciPy's `stdtr`.
    ///
    /// @param df degrees of freedom, > 0
    /// @param t  any value
    public static NDArray stdtr(Number df, Number t) {
        return floating(new StudentTCdf(), df, t);
    }

    /// {@return the Hurwitz zeta function `Σ_{k ≥ 0} (q + k)^−s`}
    ///
    /// @param s exponent, > 1
    /// @param q > 0
    public static NDArray zeta(Number s, Number q) {
        return floating(new HurwitzZeta(), s, q);
    }

    /// {@return `−x log x`, 0 at 0, −∞ below}
    public static NDArray entr(Number x) {
        NDArray a = multiply(x, 1.0);
        NDArray inside = where(less(a, 0), 1.0, a);
        return where(less(a, 0), Double.NEGATIVE_INFINITY, negative(Np.xlogy(inside, inside)));
    }

    /// {@return `x log(x / y) − x + y`, ∞ where `x < 0` or `y < 0` or only `y` is 0}
    public static NDArray klDiv(Number x, Number y) {
        return add(relEntr(x, y), Np.subtract(y, x));
    }

    /// {@return `x log(x / y)`, 0 where `x = 0 ≤ y`, ∞ where `x < 0` or `y < 0` or only `y` is 0}
    public static NDArray relEntr(Number x, Number y) {
        NDArray a = multiply(x, 1.0);
        NDArray b = multiply(y, 1.0);
        NDArray inside = Np.logicalAnd(Np.greater(a, 0), Np.greater(b, 0));
        NDArray p = where(inside, a, 1.0);
        NDArray q = where(inside, b, 1.0);
        NDArray edge = where(
                Np.logicalAnd(equal(a, 0), Np.greaterEqual(b, 0)), 0.0, where(Np.logicalOr(isnan(a), isnan(b)), Double.NaN, Double.POSITIVE_INFINITY));
        return where(inside, p.times(Np.log(p.div(q))), edge);
    }
}
