package kiln.array;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;

/// Writes floating numbers as NumPy does: the shortest digits that give the number back, eight decimals at most, in one layout for
/// all numbers of an array.
final class Decimals {
    private static final int PRECISION = 8;

    private Decimals() {}

    /// {@return a number alone, with all digits that it needs}
    static String scalar(double x, DType dtype) {
        if (!Double.isFinite(x)) {
            return special(x);
        }
        double size = Math.abs(x);
        if (size != 0 && (size < 1e-4 || size >= (dtype == DType.FLOAT32 ? 1e6 : 1e16))) {
            Scientific s = scientific(x, dtype, Integer.MAX_VALUE);
            return s.sign + s.digits.charAt(0) + (s.digits.length() > 1 ? "." + s.digits.substring(1) : "") + exponent(s.exponent, 2);
        }
        String[] parts = positional(x, dtype, Integer.MAX_VALUE);
        return parts[0] + "." + (parts[1].isEmpty() ? "0" : parts[1]);
    }

    /// {@return the numbers of an array, all of one width}
    static List<String> aligned(double[] values, DType dtype) {
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        return needsExponent(finite) ? scientific(values, finite, dtype) : positional(values, finite, dtype);
    }

    private static boolean needsExponent(double[] finite) {
        double[] sizes = Arrays.stream(finite).map(Math::abs).filter(v -> v != 0).toArray();
        if (sizes.length == 0) {
            return false;
        }
        double largest = Arrays.stream(sizes).max().orElseThrow();
        double smallest = Arrays.stream(sizes).min().orElseThrow();
        return largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1000;
    }

    private static String special(double x) {
        return Double.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
    }

    /// Blanks before the decimal point that the words for NaN and the infinities need, given what stands behind it.
    private static int widened(double[] values, int left, int right) {
        int width = left;
        for (double v : values) {
            if (!Double.isFinite(v)) {
                width = Math.max(width, special(v).length() - right - 1);
            }
        }
        return width;
    }

    private static String padded(String word, int width) {
        return " ".repeat(Math.max(0, width - word.length())) + word;
    }

    // ---- digits before and after the point

    private static List<String> positional(double[] values, double[] finite, DType dtype) {
        int left = 0;
        int right = 0;
        for (double v : finite) {
            String[] parts = positional(v, dtype, PRECISION);
            left = Math.max(left, parts[0].length());
            right = Math.max(right, parts[1].length());
        }
        int before = widened(values, left, right);
        int after = right;
        return Arrays.stream(values)
                .mapToObj(v -> {
                    if (!Double.isFinite(v)) {
                        return padded(special(v), before + after + 1);
                    }
                    String[] parts = positional(v, dtype, PRECISION);
                    return padded(parts[0], before) + "." + parts[1] + " ".repeat(after - parts[1].length());
                })
                .toList();
    }

    /// What stands before (with the sign) and after the decimal point, without trailing zeros.
    private static String[] positional(double x, DType dtype, int precision) {
        BigDecimal d = shortest(x, dtype);
        if (d.scale() > precision) {
            d = new BigDecimal(x).setScale(precision, RoundingMode.HALF_EVEN);
        }
        String text = d.abs().toPlainString();
        int point = text.indexOf('.');
        String whole = point < 0 ? text : text.substring(0, point);
        String rest = point < 0 ? "" : text.substring(point + 1).replaceFirst("0+$", "");
        return new String[] {sign(x) + whole, rest};
    }

    private static String sign(double x) {
        return Math.copySign(1, x) < 0 ? "-" : "";
    }

    private static BigDecimal shortest(double x, DType dtype) {
        return new BigDecimal(dtype == DType.FLOAT32 ? Float.toString((float) x) : Double.toString(x));
    }

    // ---- digits and exponent

    private record Scientific(String sign, String digits, int exponent) {}

    private static List<String> scientific(double[] values, double[] finite, DType dtype) {
        int left = 0;
        int most = 0;
        int exponents = 2;
        for (double v : finite) {
            Scientific s = scientific(v, dtype, PRECISION);
            left = Math.max(left, s.sign.length() + 1);
            most = Math.max(most, s.digits.length() - 1);
            exponents = Math.max(exponents, Integer.toString(Math.abs(s.exponent)).length());
        }
        int decimals = most;
        int size = exponents;
        int right = size + 2 + decimals;
        int before = widened(values, left, right);
        return Arrays.stream(values)
                .mapToObj(v -> {
                    if (!Double.isFinite(v)) {
                        return padded(special(v), before + right + 1);
                    }
                    Scientific s = scientific(v, dtype, PRECISION);
                    // A number with fewer digits than its neighbours shows those that its binary value has, as NumPy does.
                    String digits = s.digits.length() > decimals ? s.digits : exact(v, decimals + 1);
                    return padded(s.sign + digits.charAt(0), before) + "." + digits.substring(1) + exponent(s.exponent, size);
                })
                .toList();
    }

    /// One digit, then at most `precision` more without trailing zeros, and the power of ten.
    private static Scientific scientific(double x, DType dtype, int precision) {
        if (x == 0) {
            return new Scientific(sign(x), "0", 0);
        }
        BigDecimal d = shortest(x, dtype).abs().stripTrailingZeros();
        if (d.precision() - 1 > precision) {
            d = new BigDecimal(Math.abs(x)).round(new MathContext(precision + 1, RoundingMode.HALF_EVEN)).stripTrailingZeros();
        }
        return new Scientific(sign(x), d.unscaledValue().toString(), d.precision() - d.scale() - 1);
    }

    private static String exact(double x, int digits) {
        BigDecimal d = new BigDecimal(Math.abs(x)).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        String text = d.unscaledValue().toString();
        return text + "0".repeat(Math.max(0, digits - text.length()));
    }

    private static String exponent(int power, int size) {
        String digits = Integer.toString(Math.abs(power));
        return "e" + (power < 0 ? "-" : "+") + "0".repeat(Math.max(0, size - digits.length())) + digits;
    }
}
