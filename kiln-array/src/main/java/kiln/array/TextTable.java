package kiln.array;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Reads a table of numbers from a text file.
final class TextTable {
    private TextTable() {}

    static NDArray read(Path path, String delimiter, int skipRows) throws IOException {
        List<String> lines = Files.readAllLines(path);
        Pattern split = Pattern.compile(Pattern.quote(delimiter));
        double[][] rows = new double[lines.size()][];
        int n = 0;
        for (int i = skipRows; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("#.*", "").strip();
            if (line.isEmpty()) {
                continue;
            }
            String[] fields = split.split(line, -1);
            double[] row = new double[fields.length];
            for (int k = 0; k < fields.length; k++) {
                row[k] = number(path, i + 1, k + 1, fields[k].strip());
            }
            if (n > 0 && row.length != rows[0].length) {
                throw new IOException(new Diagnosis("loadtxt", "the rows differ in length")
                        .expected(rows[0].length + " columns")
                        .got(row.length + " columns")
                        .at(path + ", line " + (i + 1))
                        .message());
            }
            rows[n++] = row;
        }
        return NDArray.of(java.util.Arrays.copyOf(rows, n));
    }

    private static double number(Path path, int line, int column, String field) throws IOException {
        try {
            // NumPy writes them in small letters and reads them in any.
            return switch (field.toLowerCase(Locale.ROOT)) {
                case "nan", "+nan", "-nan" -> Double.NaN;
                case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
                case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
                default -> Double.parseDouble(field);
            };
        } catch (NumberFormatException e) {
            throw new IOException(
                    new Diagnosis("loadtxt", "a field is not a number")
                            .got("\"" + field + "\"")
                            .at(path + ", line " + line + ", column " + column)
                            .message(),
                    e);
        }
    }
}
