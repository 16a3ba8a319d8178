package kiln.array;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// The functions of [Np] that read and write files: NumPy's, and tables of text.
abstract class FileFunctions extends IndexingFunctions {
    FileFunctions() {}

    /// Reads an `.npy` file of `f8`, `f4`, `i8`, `i4` or `b1` elements, of either byte order and either order of the axes.
    ///
    /// @return the array, row by row in memory
    /// @throws IOException if the file cannot be read; the message names it and says what is wrong
    public static NDArray load(Path path) throws IOException {
        return NpyFile.read(path);
    }

    /// Reads an `.npz` file, compressed or not.
    ///
    /// @return its arrays by name, in the order of the file
    /// @throws IOException if the file cannot be read; the message names it and says what is wrong
    public static Map<String, NDArray> loadz(Path path) throws IOException {
        return NpyFile.readArchive(path);
    }

    /// Writes an `.npy` file, the same bytes as `numpy.save`.
    ///
    /// @throws IOException if the file cannot be written
    /// @throws TracedValueException if the value is being traced
    public static void save(Path path, NDArray x) throws IOException {
        NpyFile.write(path, x);
    }

    /// Writes an `.npz` file without compression.
    ///
    /// @param arrays by name, in the order in which they are to be stored
    /// @throws IOException if the file cannot be written
    /// @throws TracedValueException if a value is being traced
    public static void savez(Path path, Map<String, ? extends NDArray> arrays) throws IOException {
        NpyFile.writeArchive(path, arrays);
    }

    /// Reads a table of numbers: one row a line, `#` starts a comment; `nan` and `inf` as NumPy writes them.
    ///
    /// @param path      the file
    /// @param delimiter what separates the columns
    /// @param skipRows  lines to leave out at the top, such as a header
    /// @return a `float64` matrix
    /// @throws IOException if the file cannot be read or a field is not a number; the message names the line
    public static NDArray loadtxt(Path path, String delimiter, int skipRows) throws IOException {
        return TextTable.read(path, delimiter, skipRows);
    }
}
