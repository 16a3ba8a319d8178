package kiln.math;

/// Integer and mixed arithmetic with NumPy's conventions, total on all inputs.
public final class Integers {
    private Integers() {}

    /// {@return `⌊a / b⌋`; by zero −2, and −1 for `a = 0`, what comes out of JAX's `floor_divide`}
    public static long floorDiv(long a, long b) {
        if (b == 0) {
            return a == 0 ? -1 : -2;
        }
        return Math.floorDiv(a, b);
    }

    /// {@return `a − b ⌊a / b⌋`, with the sign of `b`; 0 if `b` is zero, as in JAX}
    public static long floorMod(long a, long b) {
        return b == 0 ? 0 : Math.floorMod(a, b);
    }

    /// {@return `a − b ⌊a / b⌋`, with the sign of `b`, a zero included; NaN if `b` is zero}
    public static double floorMod(double a, double b) {
        double r = a % b;
        if (r == 0) {
            return Math.copySign(0, b);
        }
        return (r < 0) != (b < 0) ? r + b : r;
    }

    /// {@return `a^b` modulo 2⁶⁴; for a negative exponent 1, ±1 or 0 as the truncated real power}
    public static long pow(long a, long b) {
        if (b < 0) {
            return a == 1 ? 1 : a == -1 ? ((b & 1) == 0 ? 1 : -1) : 0;
        }
        long result = 1;
        long base = a;
        for (long e = b; e > 0; e >>= 1) {
            if ((e & 1) == 1) {
                result *= base;
            }
            base *= base;
        }
        return result;
    }

    /// {@return `a^b`}
    public static double pow(double a, double b) {
        return Elementary.pow(a, b);
    }

    /// {@return bitwise conjunction}
    public static long and(long a, long b) {
        return a & b;
    }

    /// {@return bitwise disjunction}
    public static long or(long a, long b) {
        return a | b;
    }

    /// {@return bitwise exclusive disjunction}
    public static long xor(long a, long b) {
        return a ^ b;
    }

    /// {@return `a · 2^b` modulo 2⁶⁴; 0 where `b` is negative or above 63}
    public static long shiftLeft(long a, long b) {
        return b < 0 || b > 63 ? 0 : a << b;
    }

    /// {@return `⌊a / 2^b⌋`; where `b` is negative or above 63, the sign: 0 or −1}
    public static long shiftRight(long a, long b) {
        return b < 0 || b > 63 ? a >> 63 : a >> b;
    }

    /// {@return the remainder of `a / b` with the sign of `a`; 0 if `b` is zero, as in JAX}
    public static long fmod(long a, long b) {
        return b == 0 ? 0 : a % b;
    }

    /// {@return the remainder of `a / b` with the sign of `a`, exact; NaN if `b` is zero}
    public static double fmod(double a, double b) {
        return a % b;
    }
}
