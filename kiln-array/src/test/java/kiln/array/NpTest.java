package kiln.array;

import static kiln.array.DType.BOOL;
import static kiln.array.DType.FLOAT64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The functions of `Np` give what NumPy 2.4 gives.
class NpTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final NDArray A = Np.arange(6).astype(FLOAT64).reshape(2, 3);

    @Test
    void reductionsOverAxes() {
        Expect.doubles(A.sum(0), Shape.of(3), 3, 5, 7);
        Expect.doubles(A.mean(1), Shape.of(2), 1, 4);
        Expect.doubles(A.max(0, -1), Shape.SCALAR, 5);
        Expect.doubles(A.min(-2), Shape.of(3), 0, 1, 2);
        Expect.doubles(Np.var(A, 1, 0), Shape.of(3), 4.5, 4.5, 4.5);
        Expect.doubles(Np.std(A, 0), Shape.SCALAR, 1.707825127659933);
        Expect.doubles(Np.std(A), Shape.SCALAR, 1.707825127659933);
        Expect.doubles(Np.var(A), Shape.SCALAR, 35.0 / 12);
        Expect.ints(Np.argmax(NDArray.of(1, 3, 3, 5, 2, 5).reshape(2, 3), 1), Shape.of(2), 1, 0);
        Expect.ints(Np.argmax(NDArray.of(1, Double.NaN, 3), 0), Shape.SCALAR, 1);
        Expect.doubles(NDArray.of(1, Double.NaN, 3).max(), Shape.SCALAR, Double.NaN);
        Expect.ints(Np.cumsum(NDArray.of(true, false, true), 0), Shape.of(3), 1, 1, 2);
        Expect.ints(NDArray.of(true, true).sum(), Shape.SCALAR, 2);
    }

    @Test
    void reductionsOfNothing() {
        Expect.array(Np.any(Np.zeros(0)), BOOL, Shape.SCALAR, 0);
        Expect.array(Np.all(Np.zeros(0, 2), 0), BOOL, Shape.of(2), 1, 1);
        Expect.doubles(Np.zeros(0, 2).sum(0), Shape.of(2), 0, 0);
        Expect.doubles(Np.zeros(0).mean(), Shape.SCALAR, Double.NaN);
        Expect.doubles(Np.zeros(3, 0).max(0), Shape.of(0));
    }

    @Test
    void logsumexpAtTheEdges() {
        Expect.doubles(Np.logsumexp(NDArray.of(-INF, -INF)), Shape.SCALAR, -INF);
        Expect.doubles(Np.logsumexp(NDArray.of(-INF, 2)), Shape.SCALAR, 2);
        Expect.doubles(Np.logsumexp(NDArray.of(INF, 0)), Shape.SCALAR, INF);
        Expect.doubles(Np.logsumexp(NDArray.of(1000, 1000)), Shape.SCALAR, 1000.6931471805599);
        Expect.doubles(Np.logsumexp(NDArray.of(0, Double.NaN)), Shape.SCALAR, Double.NaN);
        Expect.doubles(Np.logsumexp(Np.zeros(2, 0), 1), Shape.of(2), -INF, -INF);
        Expect.doubles(Np.logaddexp(-INF, -INF), Shape.SCALAR, -INF);
    }

    @Test
    void shapes() {
        NDArray x = Np.arange(24).reshape(2, 3, 4);
        Expect.ints(Np.moveaxis(x, 0, -1).get(1, 2), Shape.of(2), 6, 18);
        Expect.ints(Np.swapaxes(x, 0, 2).get(3, 1), Shape.of(2), 7, 19);
        assertThat(x.reshape(4, -1).shape()).isEqualTo(Shape.of(4, 6));
        assertThat(Np.zeros(2, 0).reshape(-1).shape()).isEqualTo(Shape.of(0));
        assertThat(Np.zeros(1, 3, 1).squeeze().shape()).isEqualTo(Shape.of(3));
        assertThat(Np.zeros(1, 3, 1).squeeze(-1).shape()).isEqualTo(Shape.of(1, 3));
        assertThat(Np.zeros(3).expandDims(-1).shape()).isEqualTo(Shape.of(3, 1));
        assertThat(Np.zeros(3).expandDims(0).shape()).isEqualTo(Shape.of(1, 3));
        Expect.ints(Np.stack(List.of(Np.arange(2), Np.arange(2).plus(5)), 1), Shape.of(2, 2), 0, 5, 1, 6);
        Expect.doubles(Np.concatenate(List.of(Np.arange(2), NDArray.of(0.5)), 0), Shape.of(3), 0, 1, 0.5);
        Expect.doubles(Np.flip(A, 1), Shape.of(2, 3), 2, 1, 0, 5, 4, 3);
        Expect.ints(Np.pad(Np.arange(3), new int[][] {{1, 2}}), Shape.of(6), 0, 0, 1, 2, 0, 0);
        Expect.ints(Np.tril(Np.arange(9).reshape(3, 3)), Shape.of(3, 3), 0, 0, 0, 3, 4, 0, 6, 7, 8);
    }

    @Test
    void broadcasting() {
        Expect.ints(Np.where(NDArray.of(true, false).reshape(2, 1), NDArray.of(1L, 2), NDArray.of(10L, 20).reshape(2, 1)), Shape.of(2, 2), 1, 2, 20, 20);
        assertThat(Np.zeros(2, 1, 4).plus(Np.zeros(3, 1)).shape()).isEqualTo(Shape.of(2, 3, 4));
        assertThat(Np.zeros(0, 1).plus(Np.zeros(1, 3)).shape()).isEqualTo(Shape.of(0, 3));
        assertThat(Np.zeros(0).plus(Np.zeros(1)).shape()).isEqualTo(Shape.of(0));
    }

    @Test
    void products() {
        Expect.ints(Np.matmul(Np.arange(3), Np.arange(12).reshape(3, 4)), Shape.of(4), 20, 23, 26, 29);
        Expect.ints(Np.arange(24).reshape(2, 3, 4).matmul(Np.arange(4)), Shape.of(2, 3), 14, 38, 62, 86, 110, 134);
        Expect.ints(Np.matmul(Np.arange(12).reshape(2, 2, 3), Np.arange(6).reshape(3, 2)), Shape.of(2, 2, 2), 10, 13, 28, 40, 46, 67, 64, 94);
        Expect.ints(Np.matmul(Np.arange(3), Np.arange(3)), Shape.SCALAR, 5);
        Expect.ints(Np.outer(NDArray.of(1L, 2), NDArray.of(3L, 4, 5)), Shape.of(2, 3), 3, 4, 5, 6, 8, 10);
    }

    @Test
    void elementwise() {
        Expect.doubles(Np.round(NDArray.of(0.5, 1.5, -0.5, 2.5)), Shape.of(4), 0, 2, -0.0, 2);
        Expect.array(Np.isfinite(NDArray.of(1, INF, Double.NaN)), BOOL, Shape.of(3), 1, 0, 0);
        Expect.doubles(Np.clip(NDArray.of(-1, 0.5, 9), 0, 1), Shape.of(3), 0, 0.5, 1);
        Expect.doubles(Np.linspace(0, 1, 4), Shape.of(4), 0, 0.3333333333333333, 0.6666666666666666, 1);
        Expect.doubles(Np.linspace(2, 3, 1), Shape.of(1), 2);
        Expect.array(NDArray.of(1, 2).eq(NDArray.of(1, 3)), BOOL, Shape.of(2), 1, 0);
        Expect.doubles(Np.floor(NDArray.of(3, -2)), Shape.of(2), 3, -2);
    }

    @Test
    void loadtxtReadsTables(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("table.csv");
        Files.writeString(file, "a,b\n1,2.5 # first\n\n# a comment\n -3 , 4e2\n");
        Expect.doubles(Np.loadtxt(file, ",", 1), Shape.of(2, 2), 1, 2.5, -3, 400);
        Files.writeString(file, "nan,inf\n-Inf,NaN\n");
        Expect.doubles(Np.loadtxt(file, ",", 0), Shape.of(2, 2), Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN);
        Files.writeString(file, "1 2\n3\n");
        assertThatThrownBy(() -> Np.loadtxt(file, " ", 0))
                .isInstanceOf(IOException.class)
                .hasMessage("""
                        loadtxt: the rows differ in length.
                          Expected: 2 columns
                          Got:      1 columns
                          At:       %s, line 2""".formatted(file));
        Files.writeString(file, "1,x\n");
        assertThatThrownBy(() -> Np.loadtxt(file, ",", 0))
                .isInstanceOf(IOException.class)
                .hasMessage("""
                        loadtxt: a field is not a number.
                          Got:      "x"
                          At:       %s, line 1, column 2""".formatted(file));
    }
}
