package kiln.array;

import java.util.List;
import kiln.op.Bind;
import kiln.op.Cholesky;
import kiln.op.Determinant;
import kiln.op.Eigh;
import kiln.op.Expm;
import kiln.op.Lu;
import kiln.op.Qr;
import kiln.op.Solve;
import kiln.op.Svd;

/// Linear algebra (`numpy.linalg`, `scipy.linalg`), to be imported statically; matrices are in the last two axes, leading axes are stacks.
///
/// Integers become floating first. Everything is differentiable, vectorises and compiles. A matrix that is not positive definite, or
/// that is singular, throws [DomainException] where the numbers are known; inside `jit` and other transforms infinities or NaN come
/// out, as in JAX.
public final class Linalg {
    private Linalg() {}

    /// Factors of `A = Q R`.
    ///
    /// @param q `[…, m, k]`, orthonormal columns, `k = min(m, n)`
    /// @param r `[…, k, n]`, upper triangular
    public record QR(NDArray q, NDArray r) {}

    /// Factors of `A = P L U`.
    ///
    /// @param p permutation
    /// @param l unit lower triangular
    /// @param u upper triangular
    public record LU(NDArray p, NDArray l, NDArray u) {}

    /// Eigenvalues and eigenvectors of a symmetric matrix, `A = V diag(w) Vᵀ`.
    ///
    /// @param values  `w`, `[…, n]`, ascending
    /// @param vectors `V`, `[…, n, n]`, in the columns; the component of largest size is positive
    public record Eigen(NDArray values, NDArray vectors) {}

    /// Factors of `A = U diag(s) Vᵀ`.
    ///
    /// @param u  `[…, m, k]`, `k = min(m, n)`
    /// @param s  `[…, k]`, descending
    /// @param vt `[…, k, n]`
    public record SVD(NDArray u, NDArray s, NDArray vt) {}

    /// Sign and logarithm of the size of a determinant.
    ///
    /// @param sign   −1, 0 or 1
    /// @param logdet `log |det A|`, −∞ for 0
    public record SignAndLog(NDArray sign, NDArray logdet) {}

    /// Solution of a least squares problem.
    ///
    /// @param x        the solution, `[…, n]` or `[…, n, k]`
    /// @param residuals squared norms of `A x − b`, `[…]` or `[…, k]`
    public record LeastSquares(NDArray x, NDArray residuals) {}

    static NDArray floating(NDArray x) {
        return x.dtype().isFloating() ? x : x.astype(DType.floating());
    }

    private static Shape square(int n) {
        return Shape.of(n, n);
    }

    // ---- decompositions

    /// The lower Cholesky factor `L`, `A = L Lᵀ`, of symmetric positive definite matrices; the lower triangle is read.
    ///
    /// @return `[…, n, n]`
    /// @throws DomainException if a known matrix is not positive definite
    public static NDArray cholesky(NDArray a) {
        NDArray x = floating(a);
        NDArray l = Bind.apply(new Cholesky(), x);
        MatrixChecks.requirePositiveDefinite(x, l);
        return l;
    }

    /// {@return the reduced QR factorisation, with LAPACK's signs}
    public static QR qr(NDArray a) {
        NDArray x = floating(a);
        int m = x.size(-2);
        int n = x.size(-1);
        int k = Math.min(m, n);
        NDArray square = m >= n ? x : x.get(Index.DOTS, Index.slice(0, m));
        NDArray packed = Bind.apply(new Qr(), square);
        NDArray q = kiln.op.Linalg.part(packed, 0, Shape.of(m, k));
        NDArray r = kiln.op.Linalg.part(packed, m * k, square(k));
        if (m < n) {
            r = Np.concatenate(List.of(r, Np.matrixTranspose(q).matmul(x.get(Index.DOTS, Index.slice(m, n)))), -1);
        }
        return new QR(q, r);
    }

    /// {@return the factors of square matrices by elimination with partial pivoting}
    public static LU lu(NDArray a) {
        NDArray packed = Bind.apply(new Lu(), floating(a));
        int n = a.size(-1);
        return new LU(Np.matrixTranspose(Lu.factor(packed, 0, n)), Lu.factor(packed, 1, n), Lu.factor(packed, 2, n));
    }

    /// {@return eigenvalues and eigenvectors of symmetric matrices, of which the lower triangle is read}
    public static Eigen eigh(NDArray a) {
        NDArray packed = Bind.apply(new Eigh(true), floating(a));
        int n = a.size(-1);
        return new Eigen(
                kiln.op.Linalg.part(packed, 0, Shape.of(n)), kiln.op.Linalg.part(packed, n, square(n)));
    }

    /// {@return the eigenvalues of symmetric matrices, ascending; equal ones have a derivative too}
    public static NDArray eigvalsh(NDArray a) {
        return Bind.apply(new Eigh(false), floating(a));
    }

    /// {@return the reduced singular value decomposition}
    public static SVD svd(NDArray a) {
        NDArray x = floating(a);
        int m = x.size(-2);
        int n = x.size(-1);
        if (m < n) {
            SVD t = svd(Np.matrixTranspose(x));
            return new SVD(Np.matrixTranspose(t.vt()), t.s(), Np.matrixTranspose(t.u()));
        }
        NDArray packed = Bind.apply(new Svd(true), x);
        return new SVD(
                kiln.op.Linalg.part(packed, n, Shape.of(m, n)),
                kiln.op.Linalg.part(packed, 0, Shape.of(n)),
                kiln.op.Linalg.part(packed, n + m * n, square(n)));
    }

    /// {@return the singular values, descending; equal ones have a derivative too}
    public static NDArray svdvals(NDArray a) {
        NDArray x = floating(a);
        return Bind.apply(new Svd(false), x.size(-2) < x.size(-1) ? Np.matrixTranspose(x) : x);
    }

    // ---- systems

    /// Solves `A X = B`.
    ///
    /// @param a `[…, n, n]`
    /// @param b a vector `[n]`, or `[…, n, k]` with leading axes that broadcast with those of `a`
    /// @throws DomainException if a known matrix is singular
    public static NDArray solve(NDArray a, NDArray b) {
        if (b.rank() == 1) {
            return Np.squeeze(solve(a, Np.expandDims(b, 1)), -1);
        }
        NDArray x = floating(a);
        NDArray y = floating(b);
        DType dtype = DType.promote(x.aval(), y.aval());
        Shape lead = Shape.broadcast(x.shape().dropLast(2), y.shape().dropLast(2));
        NDArray matrix = Np.broadcastTo(x.astype(dtype), lead.then(x.shape().last(2)));
        NDArray solution = Bind.apply(new Solve(), matrix, Np.broadcastTo(y.astype(dtype), lead.then(y.shape().last(2))));
        MatrixChecks.requireRegular("solve", matrix);
        return solution;
    }

    /// The inverse of square matrices.
    ///
    /// @throws DomainException if a known matrix is singular
    public static NDArray inv(NDArray a) {
        NDArray x = floating(a);
        kiln.op.Linalg.requireSquare("inv", x.shape());
        NDArray eye = Np.broadcastTo(Np.eye(x.size(-1)).astype(x.dtype()), x.shape());
        NDArray inverse = Bind.apply(new Solve(), x, eye);
        MatrixChecks.requireRegular("inv", x);
        return inverse;
    }

    /// Solves `T X = B`, or `Tᵀ X = B`, for triangular `T`, of which only that triangle is read.
    ///
    /// @param t          `[…, n, n]`
    /// @param b          `[n]` or `[…, n, k]`
    /// @param lower      whether `T` is lower triangular
    /// @param transposed whether `Tᵀ` stands on the left
    public static NDArray solveTriangular(NDArray t, NDArray b, boolean lower, boolean transposed) {
        if (b.rank() == 1) {
            return Np.squeeze(solveTriangular(t, Np.expandDims(b, 1), lower, transposed), -1);
        }
        NDArray x = floating(t);
        return lower
                ? Np.solveTriangular(x, floating(b), transposed)
                : Np.solveTriangular(Np.matrixTranspose(x), floating(b), !transposed);
    }

    /// {@return the solution of `A X = B` from the lower Cholesky factor of `A`}
    public static NDArray choSolve(NDArray l, NDArray b) {
        return solveTriangular(l, solveTriangular(l, b, true, false), true, true);
    }

    /// Minimises `‖A x − b‖` for matrices of full column rank, by QR.
    ///
    /// @param a `[…, m, n]`, `m ≥ n`
    /// @param b `[m]` or `[…, m, k]`
    public static LeastSquares lstsq(NDArray a, NDArray b) {
        if (b.rank() == 1) {
            LeastSquares s = lstsq(a, Np.expandDims(b, 1));
            return new LeastSquares(Np.squeeze(s.x(), -1), Np.squeeze(s.residuals(), -1));
        }
        QR f = qr(a);
        NDArray x = solveTriangular(f.r(), Np.matmul(Np.matrixTranspose(f.q()), b), false, false);
        return new LeastSquares(x, Np.square(Np.matmul(a, x).minus(b)).sum(-2));
    }

    /// {@return the pseudo-inverse; singular values below `max(m, n) · ε` of the largest count as zero}
    public static NDArray pinv(NDArray a) {
        SVD f = svd(a);
        NDArray keep = f.s().gt(threshold(a, f.s()));
        NDArray inverse = Np.where(keep, Np.reciprocal(Np.where(keep, f.s(), Np.onesLike(f.s()))), Np.zerosLike(f.s()));
        return Np.matmul(Np.matrixTranspose(f.vt()).times(Np.expandDims(inverse, -2)), Np.matrixTranspose(f.u()));
    }

    private static NDArray threshold(NDArray a, NDArray s) {
        double eps = s.dtype() == DType.FLOAT32 ? 0x1p-23 : 0x1p-52;
        return s.max(-1).reshape(s.shape().with(-1, 1)).times(eps * Math.max(a.size(-2), a.size(-1)));
    }

    // ---- numbers of a matrix

    /// {@return the determinants; a singular matrix has a derivative too, from size 3 on no second one}
    public static NDArray det(NDArray a) {
        return Bind.apply(new Determinant(), floating(a));
    }

    /// {@return sign and logarithm of the size of the determinants, which neither overflow nor underflow}
    public static SignAndLog slogdet(NDArray a) {
        NDArray packed = Bind.apply(new Lu(), floating(a));
        int n = a.size(-1);
        NDArray diagonal = Np.diagonal(Lu.factor(packed, 2, n));
        NDArray sign = packed.get(Index.DOTS, Index.at(3 * n * n));
        NDArray signs = Np.sign(diagonal);
        for (int i = 0; i < n; i++) {
            sign = sign.times(signs.get(Index.DOTS, Index.at(i)));
        }
        return new SignAndLog(sign.stopGradient(), Np.log(Np.abs(diagonal)).sum(-1));
    }

    /// {@return `log det A` from the lower Cholesky factor of `A`}
    public static NDArray choLogdet(NDArray l) {
        return Np.log(Np.diagonal(floating(l))).sum(-1).times(2);
    }

    /// {@return the sum of the diagonal}
    public static NDArray trace(NDArray a) {
        int n = Math.min(a.size(-2), a.size(-1));
        return Np.diagonal(a.get(Index.DOTS, Index.slice(0, n), Index.slice(0, n))).sum(-1);
    }

    /// {@return the number of singular values above `max(m, n) · ε` of the largest}
    public static NDArray matrixRank(NDArray a) {
        NDArray s = svdvals(a);
        return Np.sum(s.gt(threshold(a, s)), -1);
    }

    /// {@return the ratio of the largest to the smallest singular value}
    public static NDArray cond(NDArray a) {
        NDArray s = svdvals(a);
        return s.max(-1).div(s.min(-1));
    }

    // ---- functions of a matrix

    /// {@return `e^A`, see [Expm]}
    public static NDArray expm(NDArray a) {
        return Bind.apply(new Expm(), floating(a));
    }

    /// {@return `Aⁿ` by repeated squaring; a negative power inverts first}
    ///
    /// @throws DomainException if the power is negative and a known matrix is singular
    public static NDArray matrixPower(NDArray a, int n) {
        kiln.op.Linalg.requireSquare("matrixPower", a.shape());
        if (n < 0) {
            return matrixPower(inv(a), Math.negateExact(n));
        }
        NDArray result = Np.broadcastTo(Np.eye(a.size(-1)).astype(a.dtype()), a.shape());
        NDArray square = a;
        boolean first = true;
        for (int rest = n; rest > 0; rest >>= 1) {
            if ((rest & 1) == 1) {
                result = first ? square : result.matmul(square);
                first = false;
            }
            square = rest > 1 ? square.matmul(square) : square;
        }
        return result;
    }

    // ---- norms

    /// Which number measures a matrix.
    public enum Norm {
        /// `sqrt Σ a²`
        FROBENIUS,
        /// sum of the singular values
        NUCLEAR,
        /// largest singular value
        TWO,
        /// largest sum of absolute values in a column
        ONE,
        /// largest sum of absolute values in a row
        INF
    }

    /// {@return `sqrt Σ x²` over all elements}
    public static NDArray norm(NDArray x) {
        return Np.sqrt(Np.square(floating(x)).sum());
    }

    /// The p-norm of vectors along the last axis, `(Σ |x|^p)^(1/p)`.
    ///
    /// @param p ≥ 1, ∞ for the largest absolute value
    public static NDArray vectorNorm(NDArray x, double p) {
        NDArray size = Np.abs(floating(x));
        if (p == Double.POSITIVE_INFINITY) {
            return size.max(-1);
        }
        if (p == 1) {
            return size.sum(-1);
        }
        return p == 2 ? Np.sqrt(Np.square(size).sum(-1)) : size.pow(p).sum(-1).pow(1 / p);
    }

    /// {@return the norm of matrices}
    public static NDArray matrixNorm(NDArray a, Norm norm) {
        return switch (norm) {
            case FROBENIUS -> Np.sqrt(Np.square(floating(a)).sum(-2, -1));
            case NUCLEAR -> svdvals(a).sum(-1);
            case TWO -> svdvals(a).max(-1);
            case ONE -> Np.abs(floating(a)).sum(-2).max(-1);
            case INF -> Np.abs(floating(a)).sum(-1).max(-1);
        };
    }

    // ---- products

    /// Einstein's sum: `einsum("ij,jk->ik", a, b)` is a matrix product.
    ///
    /// Letters name axes; those missing from the result are summed; a letter twice in one operand takes the diagonal; `...` stands for
    /// leading axes that broadcast. Without `->` the result has the letters that occur once, in alphabetical order. Operands are
    /// contracted from left to right.
    ///
    /// @throws ShapeException if letters and shapes do not fit
    public static NDArray einsum(String subscripts, NDArray... operands) {
        return new Einsum(subscripts, operands).apply();
    }

    /// {@return the sum of products over the last `axes` axes of `a` and the first `axes` of `b`}
    public static NDArray tensordot(NDArray a, NDArray b, int axes) {
        int[] left = new int[axes];
        int[] right = new int[axes];
        for (int i = 0; i < axes; i++) {
            left[i] = a.rank() - axes + i;
            right[i] = i;
        }
        return tensordot(a, b, left, right);
    }

    /// The sum of products over pairs of axes.
    ///
    /// @param left  axes of `a`
    /// @param right axes of `b`, in the same order
    /// @return the remaining axes of `a`, then those of `b`
    public static NDArray tensordot(NDArray a, NDArray b, int[] left, int[] right) {
        StringBuilder x = new StringBuilder();
        StringBuilder y = new StringBuilder();
        StringBuilder kept = new StringBuilder();
        for (int d = 0; d < a.rank(); d++) {
            x.append((char) ('A' + d));
        }
        for (int d = 0; d < b.rank(); d++) {
            y.append((char) ('a' + d));
        }
        kept.append(x).append(y);
        for (int i = 0; i < left.length; i++) {
            char name = x.charAt(a.shape().axis(left[i]));
            int at = b.shape().axis(right[i]);
            kept.deleteCharAt(kept.indexOf(String.valueOf(y.charAt(at))));
            kept.deleteCharAt(kept.indexOf(String.valueOf(name)));
            y.setCharAt(at, name);
        }
        return einsum(x + "," + y + "->" + kept, a, b);
    }

    /// {@return the product of several matrices from left to right; the first and the last may be vectors}
    public static NDArray multiDot(NDArray... factors) {
        return java.util.Arrays.stream(factors).reduce(Np::matmul).orElseThrow();
    }

    /// {@return the sum of products of all elements}
    public static NDArray vdot(NDArray a, NDArray b) {
        return Np.dot(a.reshape(-1), b.reshape(-1));
    }

    /// {@return the products of every element of `a` with every element of `b`}
    public static NDArray outer(NDArray a, NDArray b) {
        return Np.outer(a, b);
    }

    /// {@return the Kronecker product of matrices: block `(i, j)` is `a[i, j] b`}
    public static NDArray kron(NDArray a, NDArray b) {
        NDArray blocks = einsum("...ij,...kl->...ikjl", a, b);
        Shape lead = blocks.shape().dropLast(4);
        return blocks.reshape(lead.then(Shape.of(a.size(-2) * b.size(-2), a.size(-1) * b.size(-1))));
    }

    /// The vector product along the last axis.
    ///
    /// @throws ShapeException if the last axes do not have size 3
    public static NDArray cross(NDArray a, NDArray b) {
        if (a.rank() == 0 || b.rank() == 0 || a.size(-1) != 3 || b.size(-1) != 3) {
            throw new ShapeException(new Diagnosis("cross", "the vectors do not have three components")
                    .expected("[…, 3] and […, 3]")
                    .got(a.shape() + " and " + b.shape())
                    .at(UserCode.line()));
        }
        List<NDArray> parts = new java.util.ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int j = (i + 1) % 3;
            int k = (i + 2) % 3;
            parts.add(component(a, j).times(component(b, k)).minus(component(a, k).times(component(b, j))));
        }
        return Np.stack(parts, -1);
    }

    private static NDArray component(NDArray x, int i) {
        return x.get(Index.DOTS, Index.at(i));
    }

    // ---- special matrices

    /// {@return the matrix with constant diagonals, `T[i, j] = column[i − j]` on and below the main one, `row[j − i]` above}
    ///
    /// @param column first column, `[m]`
    /// @param row    first row, `[n]`, of which the first element is not read
    public static NDArray toeplitz(NDArray column, NDArray row) {
        int m = column.size(0);
        int n = row.size(0);
        NDArray all = Np.concatenate(List.of(Np.flip(column), row.get(Index.slice(1, n))), 0);
        long[] at = new long[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                at[i * n + j] = (long) m - 1 - i + j;
            }
        }
        return Np.take(all, NDArray.of(at).reshape(m, n), 0);
    }

    /// {@return the matrix with the given blocks along the diagonal and zeros elsewhere}
    public static NDArray blockDiag(NDArray... blocks) {
        int n = java.util.Arrays.stream(blocks).mapToInt(b -> b.size(1)).sum();
        List<NDArray> rows = new java.util.ArrayList<>();
        int before = 0;
        for (NDArray b : blocks) {
            rows.add(Np.pad(b, new int[][] {{0, 0}, {before, n - before - b.size(1)}}));
            before += b.size(1);
        }
        return Np.concatenate(rows, 0);
    }

    /// {@return the powers `x[i]^(n−1), …, x[i], 1` in the columns of row `i`}
    public static NDArray vander(NDArray x, int n) {
        List<NDArray> columns = new java.util.ArrayList<>();
        NDArray power = Np.onesLike(x);
        for (int j = 0; j < n; j++) {
            columns.addFirst(power);
            power = power.times(x);
        }
        return Np.stack(columns, -1);
    }
}
