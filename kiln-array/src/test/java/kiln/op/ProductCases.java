package kiln.op;

import static kiln.op.MovementCases.x;

import java.util.List;
import kiln.array.DType;
import kiln.array.Shape;
import kiln.op.OpCase.Operand;

/// Rows of products, decompositions, and reading and writing at computed positions.
final class ProductCases {
    private ProductCases() {}

    static List<OpCase<?>> rows() {
        return List.of(matMul(), cholesky(), choleskyReverse(), triangularSolve(), gather(), scatterAdd());
    }

    /// {@return `lead` with two more indices}
    private static int[] matrix(int[] lead, int i, int j) {
        int[] index = java.util.Arrays.copyOf(lead, lead.length + 2);
        index[lead.length] = i;
        index[lead.length + 1] = j;
        return index;
    }

    private static int[] lead(int[] i) {
        return java.util.Arrays.copyOf(i, i.length - 2);
    }

    private static OpCase<MatMul> matMul() {
        var row = new OpCase<MatMul>(MatMul.class, (_, in, i) -> {
            double sum = 0;
            for (int k = 0; k < in.get(0).shape().dim(-1); k++) {
                sum += in.get(0).at(matrix(lead(i), i[i.length - 2], k)) * in.get(1).at(matrix(lead(i), k, i[i.length - 1]));
            }
            return sum;
        });
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32, DType.INT64, DType.INT32)) {
            row.on(new MatMul(), Shape.of(3, 2), x(dtype, 3, 4), x(dtype, 4, 2))
                    .on(new MatMul(), Shape.of(3, 1), x(dtype, 3, 9), x(dtype, 9, 1));
        }
        return row.within(1e-14)
                .roundsUnderVmap()
                .on(new MatMul(), Shape.of(1, 1), x(1, 500), x(500, 1))
                .on(new MatMul(), Shape.of(21, 1), x(21, 9), x(9, 1))
                .on(new MatMul(), Shape.of(2, 1), x(2, 1919), x(1919, 1))
                .on(new MatMul(), Shape.of(2, 1), x(2, 1920), x(1920, 1))
                .on(new MatMul(), Shape.of(3, 1), x(3, 5000), x(5000, 1))
                .on(new MatMul(), Shape.of(2, 3, 4), x(2, 3, 5), x(2, 5, 4))
                .on(new MatMul(), Shape.of(2, 2, 3, 1), x(2, 2, 3, 7), x(2, 2, 7, 1))
                .on(new MatMul(), Shape.of(3, 2), x(3, 0), x(0, 2))
                .on(new MatMul(), Shape.of(0, 2), x(0, 3), x(3, 2))
                .on(new MatMul(), Shape.of(5, 6), x(5, 1), x(1, 6));
    }

    /// A symmetric positive definite matrix: `4·n·1 + S` with small symmetric `S`, one for each place in a stack.
    private static Operand definite(DType dtype, int... dims) {
        int n = dims[dims.length - 1];
        return new Operand(dtype, Shape.of(dims), (_, flat, _) -> {
            int i = flat / n % n;
            int j = flat % n;
            int seed = Math.min(i, j) * 31 + Math.max(i, j) * 17 + flat / Math.max(1, n * n) * 7;
            return (i == j ? 4.0 * n : 0) + seed % 13 * 0.25;
        });
    }

    /// The rule treats the matrix as symmetric: it gives half of the derivative to each triangle, while `eval` reads the lower one.
    /// So differences apply to symmetric directions only, and to the whole gradient after symmetrising.
    private static OpCase<Cholesky> cholesky() {
        var row = new OpCase<Cholesky>(Cholesky.class, (_, in, i) -> {
            int[] lead = lead(i);
            return column(in.getFirst(), lead, i[i.length - 2], i[i.length - 1]);
        });
        return row.within(1e-14)
                .symmetric()
                .on(new Cholesky(), Shape.of(3, 3), definite(DType.FLOAT64, 3, 3))
                .on(new Cholesky(), Shape.of(3, 3), definite(DType.FLOAT32, 3, 3))
                .on(new Cholesky(), Shape.of(1, 1), definite(DType.FLOAT64, 1, 1))
                .on(new Cholesky(), Shape.of(2, 4, 4), definite(DType.FLOAT64, 2, 4, 4))
                .on(new Cholesky(), Shape.of(9, 9), definite(DType.FLOAT64, 9, 9))
                .on(new Cholesky(), Shape.of(0, 0), definite(DType.FLOAT64, 0, 0));
    }

    /// Element `(i, j)` of the factor by the textbook recursion.
    private static double column(Nd a, int[] lead, int i, int j) {
        if (j > i) {
            return 0;
        }
        double s = a.at(matrix(lead, i, j));
        for (int k = 0; k < j; k++) {
            s -= column(a, lead, i, k) * column(a, lead, j, k);
        }
        return i == j ? StrictMath.sqrt(s) : s / column(a, lead, j, j);
    }

    /// By the formula of Murray (2016), element by element, with the inverse of the factor from back substitution.
    private static OpCase<CholeskyReverse> choleskyReverse() {
        var row = new OpCase<CholeskyReverse>(CholeskyReverse.class, (_, in, i) -> {
            int[] lead = lead(i);
            int r = i[i.length - 2];
            int c = i[i.length - 1];
            return 0.5 * (unsymmetric(in.get(0), in.get(1), lead, r, c) + unsymmetric(in.get(0), in.get(1), lead, c, r));
        });
        return row.within(1e-12)
                .on(new CholeskyReverse(), Shape.of(3, 3), definite(DType.FLOAT64, 3, 3), x(3, 3))
                .on(new CholeskyReverse(), Shape.of(3, 3), definite(DType.FLOAT32, 3, 3), x(DType.FLOAT32, 3, 3))
                .on(new CholeskyReverse(), Shape.of(1, 1), definite(DType.FLOAT64, 1, 1), x(1, 1))
                .on(new CholeskyReverse(), Shape.of(2, 4, 4), definite(DType.FLOAT64, 2, 4, 4), x(2, 4, 4))
                .on(new CholeskyReverse(), Shape.of(11, 11), definite(DType.FLOAT64, 11, 11), x(11, 11))
                .on(new CholeskyReverse(), Shape.of(0, 0), definite(DType.FLOAT64, 0, 0), x(0, 0));
    }

    /// Element `(r, c)` of `L⁻ᵀ Φ(Lᵀ L̄) L⁻¹`.
    private static double unsymmetric(Nd l, Nd g, int[] lead, int r, int c) {
        int n = l.shape().dim(-1);
        double sum = 0;
        for (int p = r; p < n; p++) {
            for (int q = c; q <= p; q++) {
                double inner = 0;
                for (int k = p; k < n; k++) {
                    inner += l.at(matrix(lead, k, p)) * g.at(matrix(lead, k, q));
                }
                sum += inverse(l, lead, p, r) * (p == q ? 0.5 : 1) * inner * inverse(l, lead, q, c);
            }
        }
        return sum;
    }

    /// Element `(i, j)` of `L⁻¹`.
    private static double inverse(Nd l, int[] lead, int i, int j) {
        double s = i == j ? 1 : 0;
        for (int k = j; k < i; k++) {
            s -= l.at(matrix(lead, i, k)) * inverse(l, lead, k, j);
        }
        return s / l.at(matrix(lead, i, i));
    }

    private static OpCase<TriangularSolve> triangularSolve() {
        var row = new OpCase<TriangularSolve>(
                TriangularSolve.class, (op, in, i) -> solution(op.transposed(), in.get(0), in.get(1), lead(i), i[i.length - 2], i[i.length - 1]));
        for (boolean transposed : new boolean[] {false, true}) {
            row.on(new TriangularSolve(transposed), Shape.of(3, 2), definite(DType.FLOAT64, 3, 3), x(3, 2))
                    .on(new TriangularSolve(transposed), Shape.of(3, 1), definite(DType.FLOAT32, 3, 3), x(DType.FLOAT32, 3, 1))
                    .on(new TriangularSolve(transposed), Shape.of(2, 4, 3), definite(DType.FLOAT64, 2, 4, 4), x(2, 4, 3))
                    .on(new TriangularSolve(transposed), Shape.of(1, 1), definite(DType.FLOAT64, 1, 1), x(1, 1))
                    .on(new TriangularSolve(transposed), Shape.of(3, 0), definite(DType.FLOAT64, 3, 3), x(3, 0))
                    .on(new TriangularSolve(transposed), Shape.of(0, 2), definite(DType.FLOAT64, 0, 0), x(0, 2));
        }
        return row.within(1e-13).roundsUnderVmap();
    }

    private static double solution(boolean transposed, Nd l, Nd b, int[] lead, int i, int k) {
        double s = b.at(matrix(lead, i, k));
        int n = l.shape().dim(-1);
        for (int j = transposed ? i + 1 : 0; j < (transposed ? n : i); j++) {
            s -= (transposed ? l.at(matrix(lead, j, i)) : l.at(matrix(lead, i, j))) * solution(transposed, l, b, lead, j, k);
        }
        return s / l.at(matrix(lead, i, i));
    }

    private static Operand positions(DType dtype, int n, int... dims) {
        return new Operand(dtype, Shape.of(dims), (random, _, _) -> random.nextInt(n));
    }

    private static OpCase<Gather> gather() {
        var row = new OpCase<Gather>(Gather.class, (op, in, i) -> {
            int k = in.get(1).shape().rank();
            int[] at = java.util.Arrays.copyOfRange(i, op.axis(), op.axis() + k);
            int[] index = new int[i.length - k + 1];
            System.arraycopy(i, 0, index, 0, op.axis());
            index[op.axis()] = (int) in.get(1).at(at);
            System.arraycopy(i, op.axis() + k, index, op.axis() + 1, i.length - op.axis() - k);
            return in.get(0).at(index);
        });
        for (DType dtype : DType.values()) {
            row.on(new Gather(0), Shape.of(6), x(dtype, 5), positions(DType.INT64, 5, 6));
        }
        return row.on(new Gather(0), Shape.SCALAR, x(5), positions(DType.INT64, 5))
                .on(new Gather(0), Shape.of(2, 3, 4), x(5, 4), positions(DType.INT32, 5, 2, 3))
                .on(new Gather(1), Shape.of(3, 2), x(3, 4), positions(DType.INT64, 4, 2))
                .on(new Gather(1), Shape.of(2, 5, 2, 4), x(2, 3, 4), positions(DType.INT64, 3, 5, 2))
                .on(new Gather(2), Shape.of(2, 3, 6), x(2, 3, 4), positions(DType.INT64, 4, 6))
                .on(new Gather(0), Shape.of(1000), x(30), positions(DType.INT32, 30, 1000))
                .on(new Gather(0), Shape.of(0, 2), x(3, 2), positions(DType.INT64, 3, 0));
    }

    private static OpCase<ScatterAdd> scatterAdd() {
        var row = new OpCase<ScatterAdd>(ScatterAdd.class, (op, in, i) -> {
            Nd x = in.get(0);
            Nd index = in.get(1);
            int k = index.shape().rank();
            double sum = 0;
            for (int flat = 0; flat < index.values().length; flat++) {
                if (index.values()[flat] == i[op.axis()]) {
                    int[] at = new int[i.length + k - 1];
                    System.arraycopy(i, 0, at, 0, op.axis());
                    System.arraycopy(Nd.index(index.shape(), flat), 0, at, op.axis(), k);
                    System.arraycopy(i, op.axis() + 1, at, op.axis() + k, i.length - op.axis() - 1);
                    sum += x.at(at);
                }
            }
            return sum;
        });
        for (DType dtype : List.of(DType.FLOAT64, DType.INT64, DType.INT32)) {
            row.on(new ScatterAdd(0, 5), Shape.of(5), x(dtype, 6), positions(DType.INT64, 5, 6));
        }
        return row.on(new ScatterAdd(0, 5), Shape.of(5), x(), positions(DType.INT64, 5))
                .on(new ScatterAdd(0, 5), Shape.of(5), x(DType.FLOAT32, 9), positions(DType.INT32, 5, 9))
                .within(1e-7)
                .on(new ScatterAdd(0, 5), Shape.of(5, 4), x(2, 3, 4), positions(DType.INT32, 5, 2, 3))
                .on(new ScatterAdd(1, 4), Shape.of(3, 4), x(3, 2), positions(DType.INT64, 4, 2))
                .on(new ScatterAdd(1, 3), Shape.of(2, 3, 4), x(2, 5, 2, 4), positions(DType.INT64, 3, 5, 2))
                .on(new ScatterAdd(2, 4), Shape.of(2, 3, 4), x(2, 3, 6), positions(DType.INT64, 4, 6))
                .on(new ScatterAdd(0, 30), Shape.of(30), x(1000), positions(DType.INT32, 30, 1000))
                .on(new ScatterAdd(0, 3), Shape.of(3, 2), x(0, 2), positions(DType.INT64, 3, 0));
    }
}
