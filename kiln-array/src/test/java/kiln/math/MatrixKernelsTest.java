package kiln.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The blocked kernels against their documented orders, written out element by element, and against the same kernels on the Vector API.
class MatrixKernelsTest {
    /// Sizes below, at and beyond the blocks of 8, 16 and 32 rows and the strips of 512 columns.
    private static final String SIZES = "1 2 3 4 7 8 9 15 16 17 31 33 48 70";

    private static double[] random(int m, int n, int seed) {
        return new Random(seed).doubles((long) m * n, -1, 1).toArray();
    }

    /// A lower triangular matrix of small integers with powers of two on the diagonal; NaN above, which nobody may read.
    private static double[] integerFactor(int n) {
        var random = new Random(n);
        double[] l = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                l[i * n + j] = j < i ? random.nextInt(5) - 2 : j == i ? 1 << random.nextInt(3) : Double.NaN;
            }
        }
        return l;
    }

    private static double[] tame(int n) {
        double[] l = random(n, n, 11);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                l[i * n + j] = j < i ? l[i * n + j] / n : j == i ? 1 + Math.abs(l[i * n + j]) : Double.NaN;
            }
        }
        return l;
    }

    private static int[] sizes() {
        return java.util.Arrays.stream(SIZES.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    @Test
    void productsTakeTheirTermsFromTheFront() {
        for (int m : sizes()) {
            for (int n : new int[] {2, 3, 16, 17, 600}) {
                int k = m + 2;
                double[] a = random(m, k, 1);
                double[] b = random(k, n, 2);
                double[] out = new double[m * n + 3];
                new Products(m, k, n).multiply(a, 0, b, 0, out, 3);
                for (int i = 0; i < m; i++) {
                    for (int j = 0; j < n; j++) {
                        double s = 0;
                        for (int p = 0; p < k; p++) {
                            s = Math.fma(a[i * k + p], b[p * n + j], s);
                        }
                        assertThat(out[3 + i * n + j]).isEqualTo(s);
                    }
                }
            }
        }
    }

    @Test
    void factorsOfIntegersAreExact() {
        for (int n : sizes()) {
            double[] l = integerFactor(n);
            double[] a = new double[n * n + 5];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    double s = 0;
                    for (int k = 0; k <= Math.min(i, j); k++) {
                        s += l[i * n + k] * l[j * n + k];
                    }
                    a[5 + i * n + j] = j <= i ? s : Double.NaN;
                }
            }
            assertThat(new CholeskyFactor(n).factor(a, 5)).isEqualTo(-1);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    assertThat(a[5 + i * n + j]).isEqualTo(j <= i ? l[i * n + j] : 0);
                }
            }
        }
    }

    @Test
    void aFactorTakesItsTermsFromTheFront() {
        for (int n : sizes()) {
            double[] a = random(n, n, 3);
            for (int i = 0; i < n; i++) {
                a[i * n + i] += n;
            }
            double[] expected = a.clone();
            for (int j = 0; j < n; j++) {
                for (int i = j; i < n; i++) {
                    double s = a[i * n + j];
                    for (int k = 0; k < j; k++) {
                        s = Math.fma(-expected[j * n + k], expected[i * n + k], s);
                    }
                    expected[i * n + j] = i == j ? Math.sqrt(s) : s / expected[j * n + j];
                }
            }
            new CholeskyFactor(n).factor(a, 0);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    assertThat(a[i * n + j]).isEqualTo(expected[i * n + j]);
                }
            }
        }
    }

    @Test
    void aMatrixThatIsNotDefiniteStopsAtItsPivot() {
        int n = 40;
        double[] a = new double[2 * n * n];
        for (int i = 0; i < n; i++) {
            a[n * n + i * n + i] = i == 29 ? -2 : 1;
        }
        var factor = new CholeskyFactor(n);
        assertThat(factor.factor(a, n * n)).isEqualTo(29);
        assertThat(factor.pivot()).isEqualTo(-2);
        assertThat(a[n * n - 1]).isZero();
        assertThat(a[n * n]).isNaN();
        assertThat(a[2 * n * n - 1]).isNaN();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void solutionsTakeTheirTermsInTheOrderOfSolving(boolean transposed) {
        for (int n : sizes()) {
            double[] l = tame(n);
            for (int columns : new int[] {1, 2, 17}) {
                double[] b = random(n, columns, 4);
                double[] x = b.clone();
                new TriangularSystem(n, columns, transposed).solve(l, 0, x, 0);
                for (int c = 0; c < columns; c++) {
                    double[] expected = new double[n];
                    for (int step = 0; step < n; step++) {
                        int i = transposed ? n - 1 - step : step;
                        double s = b[i * columns + c];
                        for (int done = 0; done < step; done++) {
                            int j = transposed ? n - 1 - done : done;
                            s = Math.fma(-(transposed ? l[j * n + i] : l[i * n + j]), expected[j], s);
                        }
                        expected[i] = s / l[i * n + i];
                        assertThat(x[i * columns + c]).isEqualTo(expected[i]);
                    }
                }
            }
        }
    }

    /// The differential of `A = L Lᵀ` for a lower triangular direction `D` is `D Lᵀ + L Dᵀ`; the cotangent of `A` against that is the
    /// cotangent of `L` against `D`, for every `D`: here each with one element.
    @Test
    void theReverseDerivativeUndoesTheProduct() {
        for (int n : sizes()) {
            double[] l = tame(n);
            double[] g = random(n, n, 5);
            double[] out = new double[n * n];
            new CholeskyReverse(n).run(l, g, out, 0);
            for (int p = 0; p < n; p++) {
                for (int q = 0; q <= p; q++) {
                    // D Lᵀ has row p equal to column q of L.
                    double sum = 0;
                    for (int j = q; j < n; j++) {
                        sum += 2 * out[p * n + j] * l[j * n + q];
                    }
                    assertThat(sum).isCloseTo(g[p * n + q], within(1e-13 * n));
                    assertThat(out[q * n + p]).isEqualTo(out[p * n + q]);
                }
            }
        }
    }

    @Test
    void theVectorApiGivesTheSameBits() throws IOException, InterruptedException {
        List<String> plain = bits();
        List<String> vector = bits("--add-modules", "jdk.incubator.vector");
        assertThat(plain.getFirst()).isEqualTo("PlainRankUpdate");
        assertThat(vector.getFirst()).isEqualTo("VectorRankUpdate");
        assertThat(plain).hasSize(17);
        assertThat(vector.subList(1, 17)).isEqualTo(plain.subList(1, 17));
    }

    /// Runs [MatrixBits] in a JVM of its own.
    private static List<String> bits(String... options) throws IOException, InterruptedException {
        Path target = Path.of(System.getProperty("basedir", "."), "target");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-p", target.resolve("classes").toString(),
                "--patch-module", "kiln.array=" + target.resolve("test-classes"),
                "-m", "kiln.array/kiln.math.MatrixBits"));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        process.getOutputStream().close();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertThat(process.waitFor()).isZero();
        return lines;
    }
}
