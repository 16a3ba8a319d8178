package kiln.array;

import static kiln.array.Np.abs;
import static kiln.array.Np.add;
import static kiln.array.Np.equal;
import static kiln.array.Np.floating;
import static kiln.array.Np.isnan;
import static kiln.array.Np.less;
import static kiln.array.Np.multiply;
import static kiln.array.Np.notEqual;
import static kiln.array.Np.truth;
import static kiln.array.Np.where;

import kiln.math.Logarithms;
import kiln.op.*;

/// The less common elementwise functions of [Np]: inverse and hyperbolic functions, logic and bits.
abstract class ElementwiseFunctions {
    ElementwiseFunctions() {}

    // ---- arithmetic

    /// {@return `x`, as an array}
    public static NDArray positive(Number x) {
        return NDArray.as(x);
    }

    /// {@return `|x|`, floating}
    public static NDArray fabs(Number x) {
        return abs(multiply(x, 1.0));
    }

    /// {@return the integral part, towards zero, floating}
    public static NDArray trunc(Number x) {
        NDArray a = multiply(x, 1.0);
        return Np.where(less(a, 0), Np.ceil(a), Np.floor(a));
    }

    /// {@return the remainder of `a / b` with the sign of `a`, as in C; [Np#remainder] has the sign of `b`}
    public static NDArray fmod(Number a, Number b) {
        return Np.binary(new Fmod(), a, b);
    }

    /// The quotient rounded towards −∞, and the remainder that belongs to it.
    ///
    /// @param quotient  `⌊a / b⌋`
    /// @param remainder `a − b ⌊a / b⌋`
    public record QuotientAndRemainder(NDArray quotient, NDArray remainder) {}

    /// {@return `⌊a / b⌋` and `a − b ⌊a / b⌋`}
    public static QuotientAndRemainder divmod(Number a, Number b) {
        NDArray quotient = Np.floorDivide(a, b);
        NDArray whole = quotient.dtype().isFloating() ? Np.floor(quotient) : quotient;
        return new QuotientAndRemainder(whole, Np.remainder(a, b));
    }

    /// {@return the magnitude of `a` with the sign of `b`}
    public static NDArray copysign(Number a, Number b) {
        return floating(new Copysign(), a, b);
    }

    /// {@return whether the sign bit is set: negative numbers and −0}
    public static NDArray signbit(Number x) {
        return less(copysign(1.0, x), 0);
    }

    /// {@return 0 below zero, 1 above, `atZero` at zero}
    public static NDArray heaviside(Number x, Number atZero) {
        NDArray step = where(less(x, 0), 0.0, where(equal(x, 0), atZero, 1.0));
        return where(isnan(x), x, step);
    }

    /// {@return `√(a² + b²)` without overflow}
    public static NDArray hypot(Number a, Number b) {
        return floating(new Hypot(), a, b);
    }

    /// {@return `max(x, 0)`}
    public static NDArray relu(Number x) {
        return where(Np.greater(x, 0), x, Np.zerosLike(NDArray.as(x)));
    }

    /// {@return the angle of degrees in radians}
    public static NDArray deg2rad(Number x) {
        return multiply(x, Math.PI / 180);
    }

    /// {@return the angle of radians in degrees}
    public static NDArray rad2deg(Number x) {
        return multiply(x, 180 / Math.PI);
    }

    // ---- logic and bits

    /// {@return where exactly one of them holds}
    public static NDArray logicalXor(Number a, Number b) {
        return notEqual(truth(NDArray.as(a)), truth(NDArray.as(b)));
    }

    /// {@return where `x` is −∞ or ∞}
    public static NDArray isinf(Number x) {
        return equal(abs(multiply(x, 1.0)), Double.POSITIVE_INFINITY);
    }

    /// {@return where `x` is ∞}
    public static NDArray isposinf(Number x) {
        return equal(multiply(x, 1.0), Double.POSITIVE_INFINITY);
    }

    /// {@return where `x` is −∞}
    public static NDArray isneginf(Number x) {
        return equal(multiply(x, 1.0), Double.NEGATIVE_INFINITY);
    }

    /// {@return NaN replaced by 0 and infinities by the largest finite numbers of the element type}
    public static NDArray nanToNum(Number x) {
        NDArray a = NDArray.as(x);
        double largest = a.dtype() == DType.FLOAT32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        return a.dtype().isFloating() ? nanToNum(a, 0, largest, -largest) : a;
    }

    /// {@return a floating array with NaN and the infinities replaced by given numbers}
    public static NDArray nanToNum(NDArray x, double nan, double posinf, double neginf) {
        return where(isnan(x), nan, where(isposinf(x), posinf, where(isneginf(x), neginf, x)));
    }

    /// {@return the bits set in both; truth values: both hold}
    ///
    /// @throws DomainException for floating operands
    public static NDArray bitwiseAnd(Number a, Number b) {
        return bits("bitwiseAnd", new And(), a, b);
    }

    /// {@return the bits set in one of them or both}
    ///
    /// @throws DomainException for floating operands
    public static NDArray bitwiseOr(Number a, Number b) {
        return bits("bitwiseOr", new Or(), a, b);
    }

    /// {@return the bits set in exactly one of them}
    ///
    /// @throws DomainException for floating operands
    public static NDArray bitwiseXor(Number a, Number b) {
        return bits("bitwiseXor", new Xor(), a, b);
    }

    /// {@return the bits that are not set: `−x − 1` of integers, the negation of truth values}
    ///
    /// @throws DomainException for floating operands
    public static NDArray bitwiseNot(Number x) {
        NDArray a = NDArray.as(x);
        return a.dtype() == DType.BOOL ? Np.logicalNot(a) : bits("bitwiseNot", new Xor(), a, -1);
    }

    /// {@return `a · 2^b` with wrap-around; 0 where `b` is negative or not smaller than the number of bits}
    ///
    /// @throws DomainException for floating operands
    public static NDArray leftShift(Number a, Number b) {
        return bits("leftShift", new Shift(true), a, b);
    }

    /// {@return `⌊a / 2^b⌋`; the sign, 0 or −1, where `b` is negative or not smaller than the number of bits}
    ///
    /// @throws DomainException for floating operands
    public static NDArray rightShift(Number a, Number b) {
        return bits("rightShift", new Shift(false), a, b);
    }

    private static NDArray bits(String who, Binary op, Number a, Number b) {
        NDArray x = NDArray.as(a);
        NDArray y = NDArray.as(b);
        if (x.dtype().isFloating() || y.dtype().isFloating()) {
            throw new DomainException(new Diagnosis(who, "floating numbers have no bits to combine")
                    .expected("integers or truth values")
                    .got(x.aval() + " and " + y.aval())
                    .at(UserCode.line())
                    .fix("convert with astype(INT64), or combine truth values with logicalAnd, logicalOr."));
        }
        return Np.binary(op, x, y);
    }

    // ---- powers, logarithms, angles

    /// {@return `2^x`}
    public static NDArray exp2(Number x) {
        return floating(new Exp2(), x);
    }

    /// {@return the logarithm to base 2}
    public static NDArray log2(Number x) {
        return floating(new Log2(), x);
    }

    /// {@return the logarithm to base 10}
    public static NDArray log10(Number x) {
        return floating(new Log10(), x);
    }

    /// {@return the real cube root}
    public static NDArray cbrt(Number x) {
        return floating(new Cbrt(), x);
    }

    /// {@return `log₂(2^a + 2^b)`}
    public static NDArray logaddexp2(Number a, Number b) {
        return Np.logaddexp(multiply(a, Logarithms.LN_2), multiply(b, Logarithms.LN_2)).div(Logarithms.LN_2);
    }

    /// {@return `log(e^a − e^b)`; NaN where `a < b`}
    ///
    /// @param a the larger logarithm
    /// @param b the smaller logarithm; −∞ is a difference of nothing
    public static NDArray logsubexp(Number a, Number b) {
        NDArray nothing = isneginf(b);
        NDArray smaller = where(nothing, 0.0, b);
        NDArray larger = where(nothing, 1.0, a);
        return where(nothing, a, add(larger, log1mexp(smaller.minus(larger))));
    }

    /// {@return `log(1 − e^x)` for `x ≤ 0`}
    public static NDArray log1mexp(Number x) {
        return floating(new Log1mexp(), x);
    }

    /// {@return the angle in [−π/2, π/2] whose sine is `x`}
    public static NDArray arcsin(Number x) {
        return floating(new Asin(), x);
    }

    /// {@return the angle in [0, π] whose cosine is `x`}
    public static NDArray arccos(Number x) {
        return floating(new Acos(), x);
    }

    /// {@return the angle in [−π, π] of the point `(x, y)`}
    public static NDArray arctan2(Number y, Number x) {
        return floating(new Atan2(), y, x);
    }

    /// {@return the hyperbolic sine}
    public static NDArray sinh(Number x) {
        return floating(new Sinh(), x);
    }

    /// {@return the hyperbolic cosine}
    public static NDArray cosh(Number x) {
        return floating(new Cosh(), x);
    }

    /// {@return the inverse hyperbolic sine}
    public static NDArray arcsinh(Number x) {
        return floating(new Asinh(), x);
    }

    /// {@return the inverse hyperbolic cosine; NaN below 1}
    public static NDArray arccosh(Number x) {
        return floating(new Acosh(), x);
    }

    /// {@return the inverse hyperbolic tangent; NaN outside [−1, 1]}
    public static NDArray arctanh(Number x) {
        return floating(new Atanh(), x);
    }
}
