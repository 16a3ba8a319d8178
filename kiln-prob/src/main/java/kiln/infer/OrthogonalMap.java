package kiln.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;

/// An orthogonal matrix `Q`, `[n, n]`, whose columns are directions to look along: all of its numbers, or a few reflections.
///
/// A product with all numbers takes `n²` multiplications, one with r reflections `2 n r`.
public sealed interface OrthogonalMap {
    /// {@return n}
    int size();

    /// {@return `Q z`}
    ///
    /// @param z `[n]`
    NDArray times(NDArray z);

    /// {@return `Qᵀ x`}
    ///
    /// @param x `[n]`
    NDArray transposedTimes(NDArray x);

    /// {@return Q, `[n, n]`}
    default NDArray matrix() {
        NDArray unit = Np.eye(size());
        List<NDArray> rows = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            rows.add(transposedTimes(unit.get(i)));
        }
        return Np.stack(rows, 0);
    }

    /// All numbers.
    ///
    /// @param matrix Q, `[n, n]`
    record Columns(NDArray matrix) implements OrthogonalMap {
        @Override
        public int size() {
            return matrix.size(0);
        }

        @Override
        public NDArray times(NDArray z) {
            return matrix.matmul(z);
        }

        @Override
        public NDArray transposedTimes(NDArray x) {
            return matrix.transpose().matmul(x);
        }
    }

    /// A product of reflections, in the form that takes one pass for the inner products and one for the result however many there are.
    ///
    /// ```
    /// Q = (I − v₁ v₁ᵀ) … (I − v_r v_rᵀ) = I − V T Vᵀ,   |v_i|² = 2,   T unit upper triangular,   t_ij = −Σ_{i ≤ k < j} t_ik v_k·v_j
    /// ```
    ///
    /// Source: Schreiber and Van Loan, *A storage-efficient WY representation for products of Householder transformations* (1989).
    final class Reflections implements OrthogonalMap {
        private final List<NDArray> vectors;
        private final double[][] t;

        /// @param vectors `[r, n]`, `v_i` in rows, each of the length √2
        public Reflections(NDArray vectors) {
            int r = vectors.size(0);
            this.vectors = new ArrayList<>();
            t = new double[r][r];
            for (int j = 0; j < r; j++) {
                NDArray v = vectors.get(j);
                for (int i = 0; i < j; i++) {
                    for (int k = i; k < j; k++) {
                        t[i][j] -= t[i][k] * this.vectors.get(k).times(v).sum().doubleValue();
                    }
                }
                t[j][j] = 1;
                this.vectors.add(v);
            }
        }

        /// {@return reflections that map given coordinates to given directions: column `coordinates[i]` of Q is direction i, or minus it}
        ///
        /// @param directions  `[n, r]`, orthonormal columns
        /// @param coordinates r different ones
        public static Reflections onto(NDArray directions, int[] coordinates) {
            int n = directions.size(0);
            int r = coordinates.length;
            double[] all = directions.toDoubleArray();
            double[] out = new double[r * n];
            double[][] left = new double[r][n];
            for (int i = 0; i < r; i++) {
                for (int j = 0; j < n; j++) {
                    left[i][j] = all[j * r + i];
                }
            }
            for (int i = 0; i < r; i++) {
                // What the reflections before this one leave of direction i: zero in their coordinates.
                double[] v = left[i].clone();
                for (int k = 0; k < i; k++) {
                    v[coordinates[k]] = 0;
                }
                double norm = Math.sqrt(dot(v, v));
                double at = v[coordinates[i]] / norm;
                v[coordinates[i]] += at < 0 ? -norm : norm;
                double scale = 1 / (norm * Math.sqrt(1 + Math.abs(at)));
                Arrays.setAll(v, j -> v[j] * scale);
                System.arraycopy(v, 0, out, i * n, n);
                for (int k = i + 1; k < r; k++) {
                    double[] other = left[k];
                    double product = dot(v, other);
                    Arrays.setAll(other, j -> other[j] - product * v[j]);
                }
            }
            return new Reflections(NDArray.of(Shape.of(r, n), out));
        }

        private static double dot(double[] a, double[] b) {
            double sum = 0;
            for (int j = 0; j < a.length; j++) {
                sum += a[j] * b[j];
            }
            return sum;
        }

        /// {@return the vectors, `[r, n]`}
        public NDArray vectors() {
            return Np.stack(vectors, 0);
        }

        @Override
        public int size() {
            return vectors.getFirst().size();
        }

        @Override
        public NDArray times(NDArray z) {
            return reflected(z, false);
        }

        @Override
        public NDArray transposedTimes(NDArray x) {
            return reflected(x, true);
        }

        private NDArray reflected(NDArray x, boolean transposed) {
            List<NDArray> inner = vectors.stream().map(v -> v.times(x).sum()).toList();
            NDArray out = x;
            for (int i = 0; i < inner.size(); i++) {
                NDArray factor = inner.get(i);
                for (int j = transposed ? 0 : i + 1; j < (transposed ? i : inner.size()); j++) {
                    factor = factor.plus(inner.get(j).times(transposed ? t[j][i] : t[i][j]));
                }
                out = out.minus(vectors.get(i).times(factor));
            }
            return out;
        }
    }
}
