package kiln.array;

import static kiln.array.Np.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Files that NumPy 2.4 wrote are read, and what Kiln writes has the same bytes.
class NpyFileTest {
    private static final NDArray A =
            array(new double[][] {{1.5, -2, Double.NaN}, {Double.POSITIVE_INFINITY, 0, 3.25}});

    @TempDir
    Path folder;

    private Path numpy(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(NpyFileTest.class.getResourceAsStream("/npy/" + name))) {
            Path copy = folder.resolve(name);
            Files.write(copy, in.readAllBytes());
            return copy;
        }
    }

    static Stream<Arguments> files() {
        long[] counting = new long[24];
        Arrays.setAll(counting, i -> i);
        return Stream.of(
                Arguments.of("c_f8.npy", A),
                Arguments.of("fortran_f8.npy", A),
                Arguments.of("big_f4.npy", A.astype(DType.FLOAT32)),
                Arguments.of("i8.npy", NDArray.of(1L, -2, 1L << 62)),
                Arguments.of("big_i4_fortran.npy", NDArray.of(counting).reshape(2, 3, 4).astype(DType.INT32)),
                Arguments.of("bool.npy", NDArray.of(true, false, false, true).reshape(2, 2)),
                Arguments.of("scalar.npy", scalar(2.5)),
                Arguments.of("empty.npy", full(Shape.of(0, 3), 0, DType.FLOAT32)),
                Arguments.of("version2.npy", array(0, 1, 2)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void whatNumPyWroteIsRead(String name, NDArray want) throws IOException {
        NDArray got = load(numpy(name));
        assertThat(got.known().sameAs(want.known())).as(name + ": " + got).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"c_f8.npy", "i8.npy", "bool.npy", "scalar.npy", "empty.npy"})
    void whatIsWrittenHasNumPysBytes(String name) throws IOException {
        Path theirs = numpy(name);
        Path ours = folder.resolve("ours.npy");
        save(ours, load(theirs));
        assertThat(Files.readAllBytes(ours)).isEqualTo(Files.readAllBytes(theirs));
    }

    @Test
    void archives() throws IOException {
        Map<String, NDArray> two = loadz(numpy("two.npz"));
        assertThat(List.copyOf(two.keySet())).containsExactly("weights", "count");
        assertThat(Objects.requireNonNull(two.get("weights")).known().sameAs(A.known())).isTrue();
        assertThat(Objects.requireNonNull(two.get("count")).toLongArray()).containsExactly(0, 1, 2);
        Map<String, NDArray> compressed = loadz(numpy("compressed.npz"));
        assertThat(Objects.requireNonNull(compressed.get("y")).toDoubleArray()).containsExactly(1, 2);
        assertThat(Objects.requireNonNull(compressed.get("x")).size()).isEqualTo(100);
    }

    @Test
    void anArchiveComesBackInItsOrder() throws IOException {
        var arrays = new LinkedHashMap<String, NDArray>();
        arrays.put("z", A);
        arrays.put("a", NDArray.of(true, false));
        Path file = folder.resolve("mine.npz");
        savez(file, arrays);
        Map<String, NDArray> back = loadz(file);
        assertThat(List.copyOf(back.keySet())).containsExactly("z", "a");
        assertThat(Objects.requireNonNull(back.get("z")).known().sameAs(A.known())).isTrue();
        Path again = folder.resolve("again.npz");
        savez(again, arrays);
        assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(file));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "complex.npy | its elements have type 'c16'; f8, f4, i8, i4 and b1 can be read",
        "uint8.npy | its elements have type 'u1'",
    })
    void otherElementTypesAreNamed(String name, String message) throws IOException {
        Path file = numpy(name);
        assertThatThrownBy(() -> load(file)).isInstanceOf(IOException.class).hasMessageContaining(name).hasMessageContaining(message);
    }

    @Test
    void damageIsNamed() throws IOException {
        byte[] whole = Files.readAllBytes(numpy("c_f8.npy"));
        Path file = folder.resolve("damaged.npy");
        Files.write(file, Arrays.copyOf(whole, whole.length - 8));
        assertThatThrownBy(() -> load(file))
                .isInstanceOf(IOException.class)
                .hasMessage(file + " is not an .npy file that Kiln can read: shape [2, 3] of float64 takes 48 bytes, but 40 follow the header.");
        Files.write(file, Arrays.copyOf(whole, 40));
        assertThatThrownBy(() -> load(file)).hasMessageContaining("it ends within its header");
        Files.write(file, new byte[3]);
        assertThatThrownBy(() -> load(file)).hasMessageContaining("it has 3 bytes");
        Files.writeString(file, "x,y\n1,2\n3,4\n5,6");
        assertThatThrownBy(() -> load(file)).hasMessageContaining("does not start with the magic number");
        assertThatThrownBy(() -> loadz(file)).hasMessageContaining("is not an .npz file");
    }

    @Test
    void arraysOverJavaArrays() {
        double[] values = {1, 2, 3, 4};
        NDArray x = NDArray.wrap(Shape.of(2, 2), values);
        assertThat(x.known().storage()).isSameAs(values);
        assertThat(x.get(1, 0).item()).isEqualTo(3);
        assertThatThrownBy(() -> NDArray.wrap(Shape.of(3), values))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("the number of elements does not fit the shape");
        assertThatThrownBy(() -> NDArray.wrap(Shape.of(3), "abc"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NDArray.wrap: a String does not hold elements.");
    }
}
