package kiln.op;

import static kiln.op.MovementCases.x;

import java.util.Arrays;
import java.util.List;
import kiln.array.DType;
import kiln.array.Shape;
import kiln.op.OpCase.Operand;

/// Rows of the decompositions, of general systems and of the Fourier transform, against [Textbook].
final class DecompositionCases {
    private DecompositionCases() {}

    static List<OpCase<?>> rows() {
        return List.of(lu(), qr(), eigh(), svd(), expm(), determinant(), cofactor(), solve(), fourier());
    }

    /// Elements that keep pivots, gaps between eigenvalues and ranks well away from where the decompositions jump.
    private static Operand spread(DType dtype, int... dims) {
        int m = dims[dims.length - 2];
        int n = dims[dims.length - 1];
        return new Operand(dtype, Shape.of(dims), (random, flat, _) -> {
            int i = flat / n % m;
            int j = flat % n;
            return (i == (j + 1) % m ? 4 + 1.5 * j : 0) + 0.6 * random.nextDouble() - 0.3;
        });
    }

    /// Symmetric, with eigenvalues near 1, 3, 5, …
    private static Operand symmetric(DType dtype, int... dims) {
        int n = dims[dims.length - 1];
        return new Operand(dtype, Shape.of(dims), (_, flat, _) -> {
            int i = flat / n % n;
            int j = flat % n;
            int seed = Math.min(i, j) * 31 + Math.max(i, j) * 17 + flat / Math.max(1, n * n) * 7;
            return (i == j ? 1 + 2.0 * i : 0) + (seed % 13 - 6) * 0.07;
        });
    }

    private static double[][] matrix(Nd x, int[] lead) {
        int m = x.shape().dim(-2);
        int n = x.shape().dim(-1);
        int[] index = Arrays.copyOf(lead, lead.length + 2);
        double[][] out = new double[m][n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                index[lead.length] = i;
                index[lead.length + 1] = j;
                out[i][j] = x.at(index);
            }
        }
        return out;
    }

    private static int[] drop(int[] i, int n) {
        return Arrays.copyOf(i, i.length - n);
    }

    private static OpCase<Lu> lu() {
        var row = new OpCase<Lu>(Lu.class, (_, in, i) -> Textbook.lu(matrix(in.getFirst(), drop(i, 1)))[i[i.length - 1]]);
        return row.within(1e-13)
                .on(new Lu(), Shape.of(28), spread(DType.FLOAT64, 3, 3))
                .on(new Lu(), Shape.of(28), spread(DType.FLOAT32, 3, 3))
                .on(new Lu(), Shape.of(2, 49), spread(DType.FLOAT64, 2, 4, 4))
                .on(new Lu(), Shape.of(4), spread(DType.FLOAT64, 1, 1))
                .on(new Lu(), Shape.of(1), spread(DType.FLOAT64, 0, 0))
                .on(new Lu(), Shape.of(301), x(10, 10));
    }

    private static OpCase<Qr> qr() {
        var row = new OpCase<Qr>(Qr.class, (_, in, i) -> {
            double[][] a = matrix(in.getFirst(), drop(i, 1));
            return Textbook.qr(a, in.getFirst().shape().dim(-1))[i[i.length - 1]];
        });
        return row.within(1e-12)
                .on(new Qr(), Shape.of(18), spread(DType.FLOAT64, 3, 3))
                .on(new Qr(), Shape.of(24), spread(DType.FLOAT64, 5, 3))
                .on(new Qr(), Shape.of(24), spread(DType.FLOAT32, 5, 3))
                .on(new Qr(), Shape.of(2, 12), spread(DType.FLOAT64, 2, 4, 2))
                .on(new Qr(), Shape.of(2), spread(DType.FLOAT64, 1, 1))
                .on(new Qr(), Shape.of(0), spread(DType.FLOAT64, 3, 0))
                .on(new Qr(), Shape.of(136), x(9, 8));
    }

    private static OpCase<Eigh> eigh() {
        var row = new OpCase<Eigh>(Eigh.class, (op, in, i) -> {
            double[][] e = Textbook.eigen(matrix(in.getFirst(), drop(i, 1)));
            int n = e.length - 1;
            int at = i[i.length - 1];
            return at < n ? e[0][at] : e[1 + (at - n) % n][(at - n) / n];
        });
        for (boolean vectors : new boolean[] {true, false}) {
            row.on(new Eigh(vectors), Shape.of(vectors ? 12 : 3), symmetric(DType.FLOAT64, 3, 3))
                    .on(new Eigh(vectors), Shape.of(vectors ? 12 : 3), symmetric(DType.FLOAT32, 3, 3))
                    .on(new Eigh(vectors), Shape.of(2, vectors ? 20 : 4), symmetric(DType.FLOAT64, 2, 4, 4))
                    .on(new Eigh(vectors), Shape.of(vectors ? 6 : 2), symmetric(DType.FLOAT64, 2, 2))
                    .on(new Eigh(vectors), Shape.of(vectors ? 2 : 1), symmetric(DType.FLOAT64, 1, 1))
                    .on(new Eigh(vectors), Shape.of(0), symmetric(DType.FLOAT64, 0, 0))
                    .on(new Eigh(vectors), Shape.of(vectors ? 110 : 10), symmetric(DType.FLOAT64, 10, 10));
        }
        return row.within(1e-12).symmetric();
    }

    private static OpCase<Svd> svd() {
        var row = new OpCase<Svd>(Svd.class, (_, in, i) -> {
            double[][] a = matrix(in.getFirst(), drop(i, 1));
            return Textbook.svd(a, in.getFirst().shape().dim(-1))[i[i.length - 1]];
        });
        for (boolean vectors : new boolean[] {true, false}) {
            row.on(new Svd(vectors), Shape.of(vectors ? 21 : 3), spread(DType.FLOAT64, 3, 3))
                    .on(new Svd(vectors), Shape.of(vectors ? 27 : 3), spread(DType.FLOAT64, 5, 3))
                    .on(new Svd(vectors), Shape.of(vectors ? 27 : 3), spread(DType.FLOAT32, 5, 3))
                    .on(new Svd(vectors), Shape.of(2, vectors ? 14 : 2), spread(DType.FLOAT64, 2, 4, 2))
                    .on(new Svd(vectors), Shape.of(vectors ? 3 : 1), spread(DType.FLOAT64, 1, 1))
                    .on(new Svd(vectors), Shape.of(0), spread(DType.FLOAT64, 3, 0));
        }
        return row.within(1e-12);
    }

    private static OpCase<Expm> expm() {
        var row = new OpCase<Expm>(Expm.class, (_, in, i) -> {
            double[][] a = matrix(in.getFirst(), drop(i, 2));
            return Textbook.expm(a)[i[i.length - 2] * a.length + i[i.length - 1]];
        });
        return row.within(1e-13)
                .on(new Expm(), Shape.of(3, 3), x(3, 3))
                .on(new Expm(), Shape.of(3, 3), new Operand(DType.FLOAT32, Shape.of(3, 3), ElementwiseRow.in(-1, 1)))
                .on(new Expm(), Shape.of(2, 2, 2), x(2, 2, 2))
                .on(new Expm(), Shape.of(1, 1), x(1, 1))
                .on(new Expm(), Shape.of(0, 0), x(0, 0))
                .on(0, new Expm(), Shape.of(6, 6), x(DType.FLOAT64, 6, 6));
    }

    /// The expansion by the first row.
    private static double laplace(double[][] a) {
        double sum = a.length == 0 ? 1 : 0;
        for (int j = 0; j < a.length; j++) {
            sum += (j % 2 == 0 ? 1 : -1) * a[0][j] * laplace(minor(a, 0, j));
        }
        return sum;
    }

    private static double[][] minor(double[][] a, int row, int column) {
        double[][] out = new double[a.length - 1][a.length - 1];
        for (int i = 0; i < out.length; i++) {
            for (int j = 0; j < out.length; j++) {
                out[i][j] = a[i < row ? i : i + 1][j < column ? j : j + 1];
            }
        }
        return out;
    }

    private static OpCase<Determinant> determinant() {
        var row = new OpCase<Determinant>(Determinant.class, (_, in, i) -> laplace(matrix(in.getFirst(), i)));
        return row.within(1e-13)
                .on(new Determinant(), Shape.SCALAR, x(3, 3))
                .on(new Determinant(), Shape.SCALAR, spread(DType.FLOAT32, 3, 3))
                .on(new Determinant(), Shape.of(2), spread(DType.FLOAT64, 2, 4, 4))
                .on(new Determinant(), Shape.SCALAR, x(2, 2))
                .on(new Determinant(), Shape.SCALAR, x(1, 1))
                .on(new Determinant(), Shape.SCALAR, x(0, 0))
                .on(new Determinant(), Shape.SCALAR, spread(DType.FLOAT64, 6, 6));
    }

    private static OpCase<Cofactor> cofactor() {
        var row = new OpCase<Cofactor>(Cofactor.class, (_, in, i) -> {
            int r = i[i.length - 2];
            int c = i[i.length - 1];
            return ((r + c) % 2 == 0 ? 1 : -1) * laplace(minor(matrix(in.getFirst(), drop(i, 2)), r, c));
        });
        return row.within(1e-12)
                .on(new Cofactor(), Shape.of(3, 3), spread(DType.FLOAT64, 3, 3))
                .on(new Cofactor(), Shape.of(3, 3), spread(DType.FLOAT32, 3, 3))
                .on(new Cofactor(), Shape.of(2, 4, 4), spread(DType.FLOAT64, 2, 4, 4))
                .on(new Cofactor(), Shape.of(2, 2), x(2, 2))
                .on(new Cofactor(), Shape.of(1, 1), x(1, 1))
                .on(new Cofactor(), Shape.of(0, 0), x(0, 0));
    }

    private static OpCase<Solve> solve() {
        var row = new OpCase<Solve>(Solve.class, (_, in, i) -> {
            int[] lead = drop(i, 2);
            return Textbook.solve(matrix(in.get(0), lead), matrix(in.get(1), lead))[i[i.length - 2]][i[i.length - 1]];
        });
        return row.within(1e-13)
                .roundsUnderVmap()
                .on(new Solve(), Shape.of(3, 2), spread(DType.FLOAT64, 3, 3), x(3, 2))
                .on(new Solve(), Shape.of(3, 1), spread(DType.FLOAT32, 3, 3), x(DType.FLOAT32, 3, 1))
                .on(new Solve(), Shape.of(2, 4, 3), spread(DType.FLOAT64, 2, 4, 4), x(2, 4, 3))
                .on(new Solve(), Shape.of(1, 1), spread(DType.FLOAT64, 1, 1), x(1, 1))
                .on(new Solve(), Shape.of(3, 0), spread(DType.FLOAT64, 3, 3), x(3, 0))
                .on(new Solve(), Shape.of(0, 2), spread(DType.FLOAT64, 0, 0), x(0, 2));
    }

    private static OpCase<FourierTransform> fourier() {
        var row = new OpCase<FourierTransform>(FourierTransform.class, (op, in, i) -> {
            int n = in.getFirst().shape().dim(-1);
            int[] index = i.clone();
            double sum = 0;
            for (int j = 0; j < n; j++) {
                long turn = (long) j * i[i.length - 1] % n;
                double angle = 2 * Math.PI * turn / n * (op.inverse() ? 1 : -1);
                index[i.length - 1] = j;
                index[i.length - 2] = 0;
                double re = in.getFirst().at(index);
                index[i.length - 2] = 1;
                double im = in.getFirst().at(index);
                sum += i[i.length - 2] == 0
                        ? re * StrictMath.cos(angle) - im * StrictMath.sin(angle)
                        : re * StrictMath.sin(angle) + im * StrictMath.cos(angle);
            }
            return sum;
        });
        for (boolean inverse : new boolean[] {false, true}) {
            // Lengths: none, one, primes, every radix, squares, mixed, and primes that need a convolution.
            for (int n : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 16, 17, 19, 30, 34, 49, 60, 64, 97, 243, 360, 529}) {
                row.on(new FourierTransform(inverse), Shape.of(2, n), x(2, n));
            }
            row.on(new FourierTransform(inverse), Shape.of(3, 2, 6), x(3, 2, 6))
                    .on(new FourierTransform(inverse), Shape.of(2, 2, 1, 2, 5), x(2, 2, 1, 2, 5))
                    .on(new FourierTransform(inverse), Shape.of(2, 9), x(DType.FLOAT32, 2, 9));
        }
        return row.within(1e-14);
    }
}
