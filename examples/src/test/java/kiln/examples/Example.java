package kiln.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// One row of the table of examples: a program and what its output must say.
///
/// @param name the program's file name without `.java`
/// @param arguments what the program gets on its command line
/// @param facts checks of the standard output; at least one
record Example(String name, List<String> arguments, List<Consumer<String>> facts) {

    /// A row without facts yet: `example("EightSchools").prints("tau")`.
    static Example example(String name, String... arguments) {
        return new Example(name, List.of(arguments), List.of());
    }

    /// The output contains this text.
    Example prints(String text) {
        return with(output -> assertThat(output).as("%s prints", name).contains(text));
    }

    /// The first group of the first match of a pattern (in multi-line mode) is a number near the expected one.
    ///
    /// @param pattern with one group that catches the number
    Example number(String pattern, double expected, double tolerance) {
        return with(output -> {
            var matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(output);
            assertThat(matcher.find()).as("%s prints a match of \"%s\" in:%n%s", name, pattern, output).isTrue();
            assertThat(Double.parseDouble(matcher.group(1)))
                    .as("%s: the number caught by \"%s\"", name, pattern)
                    .isCloseTo(expected, within(tolerance));
        });
    }

    /// The first groups of all matches of a pattern (in multi-line mode) are numbers near the expected ones, in order.
    ///
    /// @param pattern with one group that catches a number
    Example numbers(String pattern, double[] expected, double tolerance) {
        return with(output -> {
            double[] found = Pattern.compile(pattern, Pattern.MULTILINE)
                    .matcher(output)
                    .results()
                    .mapToDouble(match -> Double.parseDouble(match.group(1)))
                    .toArray();
            assertThat(found).as("%s: the numbers caught by \"%s\"", name, pattern).containsExactly(expected, within(tolerance));
        });
    }

    private Example with(Consumer<String> fact) {
        var all = new ArrayList<>(facts);
        all.add(fact);
        return new Example(name, arguments, List.copyOf(all));
    }

    void check(String output) {
        facts.forEach(fact -> fact.accept(output));
    }
}
