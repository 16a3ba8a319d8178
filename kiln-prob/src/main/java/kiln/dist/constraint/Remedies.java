package kiln.dist.constraint;

import java.util.Locale;

/// Advice for parameters outside their domain.
final class Remedies {
    private Remedies() {}

    static String positive(String parameter) {
        String logName = "log" + parameter.substring(0, 1).toUpperCase(Locale.ROOT) + parameter.substring(1);
        return "keep " + parameter + " positive: give it a HalfNormal prior, or pass exp(" + logName + ").";
    }
}
