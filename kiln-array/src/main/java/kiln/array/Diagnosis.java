package kiln.array;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// The text of an error in Kiln's one format: who, what is wrong, what was expected, what came, where, and the remedy.
///
/// ```
/// Normal: scale must be > 0.
///   Expected: …
///   Got:      scale[3] = -0.12 (1 of 50 values), shape [50]
///   At:       sample("y"), Regression.java:12
///   Fix:      keep scale positive: …
/// ```
///
/// Lines that do not apply are left out.
///
/// @param who      the function, class or site that complains
/// @param what     what is wrong, as a sentence without the full stop
/// @param expected the contract, with shapes, domain, unit
/// @param got      the values, the first offending index, how many of how many
/// @param at       site, plates, the user's file and line
/// @param fix      one imperative sentence
public record Diagnosis(
        String who,
        String what,
        @Nullable String expected,
        @Nullable String got,
        @Nullable String at,
        @Nullable String fix)
        implements Serializable {
    /// A diagnosis with its first line only.
    public Diagnosis(String who, String what) {
        this(who, what, null, null, null, null);
    }

    /// {@return a copy with the contract}
    public Diagnosis expected(String text) {
        return new Diagnosis(who, what, text, got, at, fix);
    }

    /// {@return a copy with the offending values}
    public Diagnosis got(String text) {
        return new Diagnosis(who, what, expected, text, at, fix);
    }

    /// {@return a copy with the place; an empty text is no place}
    public Diagnosis at(String text) {
        return new Diagnosis(who, what, expected, got, text.isEmpty() ? null : text, fix);
    }

    /// {@return a copy with the remedy}
    public Diagnosis fix(String text) {
        return new Diagnosis(who, what, expected, got, at, text);
    }

    /// {@return the whole message}
    public String message() {
        var text = new StringBuilder(who).append(": ").append(what).append('.');
        line(text, "Expected:", expected);
        line(text, "Got:", got);
        line(text, "At:", at);
        line(text, "Fix:", fix);
        return text.toString();
    }

    private static void line(StringBuilder text, String label, @Nullable String value) {
        if (value != null) {
            text.append("\n  ").append(label).repeat(' ', 10 - label.length());
            text.append(value.replace("\n", "\n            "));
        }
    }
}
