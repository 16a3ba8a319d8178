package kiln.bench.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A table of numbers with named columns, read from a CSV resource of this package.
///
/// @param names of the columns, from the first line of the file
/// @param rows the numbers, one array per line
record Columns(List<String> names, List<double[]> rows) {

    /// @param resource file name beside this class
    /// @throws UncheckedIOException if the resource cannot be read
    static Columns read(String resource) {
        var stream = Columns.class.getResourceAsStream(resource);
        if (stream == null) {
            throw new IllegalArgumentException("there is no resource " + resource);
        }
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            List<String> lines = reader.readAllLines();
            var names = List.of(lines.getFirst().split(",", -1));
            var rows = lines.stream().skip(1).map(Columns::numbers).toList();
            return new Columns(names, rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double[] numbers(String line) {
        var cells = line.split(",", -1);
        var numbers = new double[cells.length];
        for (int i = 0; i < cells.length; i++) {
            numbers[i] = Double.parseDouble(cells[i]);
        }
        return numbers;
    }

    /// {@return the numbers of one column, from the first row to the last}
    double[] column(String name) {
        int index = names.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("there is no column " + name + " among " + names);
        }
        return rows.stream().mapToDouble(row -> row[index]).toArray();
    }
}
