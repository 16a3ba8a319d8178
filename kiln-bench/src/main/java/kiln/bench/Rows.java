package kiln.bench;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Which rows of a table are asked for, and with how many keys.
///
/// @param keys  runs are made with the keys 1 to so many
/// @param named whether names were given
/// @param wanted  whether the row of a name is asked for
record Rows(int keys, boolean named, Predicate<String> wanted) {
    private static final String KEYS = "--keys";

    /// {@return the rows whose name matches one of some patterns; all without one}
    static Rows of(String... patterns) {
        return new Rows(1, patterns.length > 0, patterns.length == 0 ? _ -> true : Pattern.compile(String.join("|", patterns)).asPredicate());
    }

    /// {@return the rows and the keys of `[--keys N] [pattern…]`}
    ///
    /// @param keys without the option
    /// @throws IllegalArgumentException if the number of keys is none, or below 1
    static Rows withKeys(int keys, String... args) {
        if (args.length == 0 || !args[0].equals(KEYS)) {
            return new Rows(keys, args.length > 0, of(args).wanted);
        }
        if (args.length == 1 || !args[1].matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException(KEYS + " must be followed by a number of keys, 1 or more.\n  Got:      " + (args.length == 1 ? "nothing" : args[1]));
        }
        String[] patterns = Arrays.copyOfRange(args, 2, args.length);
        return new Rows(Integer.parseInt(args[1]), patterns.length > 0, of(patterns).wanted);
    }
}
