package kiln.dist;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A number (1 × 1), a vector (n × 1), a matrix, or an opaque object in an expression of [Formula], with plain loops.
final class Matrix {
    private final double[][] rows;
    private final @Nullable Object object;

    private Matrix(double[][] rows, @Nullable Object object) {
        this.rows = rows;
        this.object = object;
    }

    static Matrix of(double x) {
        return new Matrix(new double[][] {{x}}, null);
    }

    static Matrix of(double[] x) {
        return new Matrix(Arrays.stream(x).mapToObj(v -> new double[] {v}).toArray(double[][]::new), null);
    }

    static Matrix of(double[][] x) {
        return new Matrix(x, null);
    }

    static Matrix holding(Object object) {
        return new Matrix(new double[0][0], object);
    }

    double[][] rows() {
        return rows;
    }

    Object held() {
        return Objects.requireNonNull(object);
    }

    private int columns() {
        return rows.length == 0 ? 0 : rows[0].length;
    }

    boolean isNumber() {
        return rows.length == 1 && columns() == 1;
    }

    double number() {
        if (!isNumber()) {
            throw new IllegalArgumentException("not a number: " + Arrays.deepToString(rows));
        }
        return rows[0][0];
    }

    /// The square matrix with this vector on its diagonal.
    Matrix diagonal() {
        return fill(rows.length, rows.length, (i, j) -> i == j ? rows[i][0] : 0);
    }

    private interface Entry {
        double at(int i, int j);
    }

    private static Matrix fill(int n, int m, Entry entry) {
        double[][] out = new double[n][m];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                out[i][j] = entry.at(i, j);
            }
        }
        return of(out);
    }

    Matrix plus(Matrix other) {
        if (isNumber() && other.rows.length > 0 && number() == 0) {
            return other;
        }
        return fill(rows.length, columns(), (i, j) -> rows[i][j] + (other.isNumber() ? other.number() : other.rows[i][j]));
    }

    Matrix times(double factor) {
        return fill(rows.length, columns(), (i, j) -> rows[i][j] * factor);
    }

    Matrix times(Matrix other) {
        if (isNumber()) {
            return other.times(number());
        }
        if (other.isNumber()) {
            return times(other.number());
        }
        if (columns() != other.rows.length) {
            throw new IllegalArgumentException("a product of " + columns() + " columns and " + other.rows.length + " rows");
        }
        return fill(rows.length, other.columns(), (i, j) -> {
            double sum = 0;
            for (int k = 0; k < columns(); k++) {
                sum += rows[i][k] * other.rows[k][j];
            }
            return sum;
        });
    }

    Matrix transposed() {
        return fill(columns(), rows.length, (i, j) -> rows[j][i]);
    }

    Matrix pow(double exponent) {
        return of(Math.pow(number(), exponent));
    }

    /// The absolute value of a number, else the root of the sum of squares.
    double length() {
        return Math.sqrt(Arrays.stream(rows).flatMapToDouble(Arrays::stream).map(x -> x * x).sum());
    }

    double trace() {
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            sum += rows[i][i];
        }
        return sum;
    }

    /// By Gauss and Jordan with pivots; the determinant falls out.
    private Matrix eliminated(double[] determinant) {
        int n = rows.length;
        double[][] a = fill(n, 2 * n, (i, j) -> j < n ? rows[i][j] : j - n == i ? 1 : 0).rows;
        determinant[0] = 1;
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) {
                pivot = Math.abs(a[i][k]) > Math.abs(a[pivot][k]) ? i : pivot;
            }
            double[] row = a[pivot];
            a[pivot] = a[k];
            a[k] = row;
            determinant[0] *= (pivot == k ? 1 : -1) * row[k];
            double head = row[k];
            for (int j = 0; j < 2 * n; j++) {
                row[j] /= head;
            }
            for (int i = 0; i < n; i++) {
                double factor = a[i][k];
                for (int j = 0; i != k && j < 2 * n; j++) {
                    a[i][j] -= factor * row[j];
                }
            }
        }
        return fill(n, n, (i, j) -> a[i][j + n]);
    }

    Matrix inverse() {
        return eliminated(new double[1]);
    }

    double determinant() {
        double[] out = new double[1];
        eliminated(out);
        return out[0];
    }
}
