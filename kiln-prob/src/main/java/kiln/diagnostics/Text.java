package kiln.diagnostics;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Numbers for people.
final class Text {
    private Text() {}

    /// As C and Python print `%.2f`: rounded from the exact binary value, ties to even. Java's own `%.2f` rounds the shortest decimal.
    static String decimals(double v, int digits) {
        if (Double.isNaN(v)) {
            return "nan";
        }
        if (Double.isInfinite(v)) {
            return v > 0 ? "inf" : "-inf";
        }
        String magnitude = new BigDecimal(Math.abs(v)).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
        return Double.doubleToRawLongBits(v) < 0 ? "-" + magnitude : magnitude;
    }

    /// Three significant digits, in the plainest form: `0.0123`, `4.5`, `1230`, `1.23e+09`.
    static String brief(double v) {
        if (!Double.isFinite(v) || v == 0) {
            return decimals(v, 0);
        }
        double magnitude = Math.abs(v);
        if (magnitude >= 1e6 || magnitude < 1e-4) {
            return String.format(Locale.ROOT, "%.2e", v);
        }
        int before = new BigDecimal(magnitude).precision() - new BigDecimal(magnitude).scale();
        String text = decimals(v, Math.max(3 - before, 0));
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }

    /// A probability: `37%`, `0.76%`, `less than 0.01%`.
    static String percent(double p) {
        return p < 1e-4 ? "less than 0.01%" : brief(100 * p) + "%";
    }

    /// `3, 5, 8 and 4 more`
    static String list(int[] numbers, int most) {
        String shown = Arrays.stream(numbers).limit(most).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        return shown + (numbers.length > most ? " and " + (numbers.length - most) + " more" : "");
    }

    /// Left aligned.
    static String left(String text, int width) {
        return text + " ".repeat(Math.max(width - text.length(), 0));
    }

    /// Right aligned.
    static String right(String text, int width) {
        return " ".repeat(Math.max(width - text.length(), 0)) + text;
    }
}
