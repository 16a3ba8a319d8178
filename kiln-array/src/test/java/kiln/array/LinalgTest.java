package kiln.array;

import static kiln.array.Linalg.*;
import static kiln.array.Np.array;
import static kiln.array.Np.eye;
import static kiln.array.Np.matrixTranspose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.function.Function;
import kiln.func.Functions;
import org.junit.jupiter.api.Test;

/// The facade against numpy 2.4's values and against identities that hold exactly.
class LinalgTest {
    private static final NDArray A = array(new double[][] {{4, 1, -2}, {1, 5, 3}, {-2, 3, 7}});
    private static final NDArray B = array(new double[][] {{1, 2, -1}, {3, 0, 4}, {2, -2, 1}, {0.5, 1, 1}});

    private static void assertClose(NDArray got, double... want) {
        assertThat(got.toDoubleArray()).hasSameSizeAs(want);
        for (int i = 0; i < want.length; i++) {
            assertThat(Math.abs(got.known().doubleAt(i) - want[i]))
                    .as("element %d: got %s, want %s", i, got.known().doubleAt(i), want[i])
                    .isLessThanOrEqualTo(1e-13 * Math.max(1, Math.abs(want[i])));
        }
    }

    private static void assertClose(NDArray got, NDArray want, double tolerance) {
        assertThat(got.shape()).isEqualTo(want.shape());
        assertThat(Np.abs(got.minus(want)).max().item()).isLessThanOrEqualTo(tolerance);
    }

    private static NDArray random(int seed, int... dims) {
        return NDArray.of(Shape.of(dims), new Random(seed).doubles(Shape.of(dims).size(), -1, 1).toArray());
    }

    @Test
    void valuesOfNumpy() {
        assertClose(cholesky(A), 2.0, 0.0, 0.0, 0.5, 2.179449471770337, 0.0, -1.0, 1.6059101370939322, 1.849608777979535);
        assertClose(qr(B).r(), -3.774917217635375, 0.3973597071195132, -3.5762373640756184, 0.0, 2.973567766700113,
                -0.5309942440535913, 0.0, 0.0, 2.4348657927227584);
        assertClose(eigvalsh(A), 1.3044113143349714, 5.30838907242745, 9.387199613237582);
        assertClose(svdvals(B), 5.551621472527021, 2.935419586712968, 1.6771436657957448);
        assertClose(inv(A), 0.4, -0.2, 0.2, -0.2, 0.3692307692307692, -0.2153846153846154, 0.2, -0.2153846153846154, 0.2923076923076923);
        assertClose(solve(A, array(1, 2, 3)), 0.6, -0.10769230769230773, 0.6461538461538462);
        assertClose(det(A), 65);
        assertClose(slogdet(A.unaryMinus()).sign(), -1);
        assertClose(slogdet(A.unaryMinus()).logdet(), 4.174387269895637);
        assertClose(matrixPower(A, 3), 125.0, -21.0, -166.0, -21.0, 280.0, 337.0, -166.0, 337.0, 574.0);
        assertClose(matrixPower(A, -2), 0.24, -0.19692307692307692, 0.18153846153846157, -0.19692307692307692, 0.22272189349112423,
                -0.18248520710059174, 0.18153846153846157, -0.18248520710059174, 0.17183431952662725);
        assertClose(matrixPower(A, 0), 1, 0, 0, 0, 1, 0, 0, 0, 1);
        assertClose(pinv(B), 0.34136546184738953, 0.024096385542168683, 0.3092369477911646, -0.06425702811244975, 0.19076305220883544,
                0.07228915662650601, -0.2389558232931726, 0.1405622489959839, -0.2650602409638555, 0.2048192771084337,
                -0.20481927710843378, 0.12048192771084335);
        LeastSquares fit = lstsq(B, array(1, 2, 3, 4));
        assertClose(fit.x(), 1.060240963855421, 0.18072289156626473, 0.01204819277108422);
        assertClose(fit.residuals(), 13.927710843373498);
        assertClose(cond(A), 7.19650275191262);
        assertClose(trace(A), 16);
        assertClose(choLogdet(cholesky(A)), 4.174387269895637);
        assertClose(choSolve(cholesky(A), array(1, 2, 3)), 0.6, -0.10769230769230773, 0.6461538461538462);
    }

    @Test
    void norms() {
        assertClose(matrixNorm(B, Norm.FROBENIUS), 6.5);
        assertClose(norm(B), 6.5);
        assertClose(matrixNorm(B, Norm.NUCLEAR), 10.164184725035733);
        assertClose(matrixNorm(B, Norm.TWO), 5.551621472527021);
        assertClose(matrixNorm(B, Norm.ONE), 7);
        assertClose(matrixNorm(B, Norm.INF), 7);
        assertClose(vectorNorm(array(1, -2, 3), 3), 3.3019272488946263);
        assertClose(vectorNorm(array(1, -2, 3), 1), 6);
        assertClose(vectorNorm(array(3, -4), 2), 5);
        assertClose(vectorNorm(array(1, -2, 3), Double.POSITIVE_INFINITY), 3);
    }

    @Test
    void factorsMultiplyToTheMatrix() {
        for (int n : new int[] {1, 2, 7, 40}) {
            NDArray x = random(n, 2, n, n);
            NDArray symmetric = x.plus(matrixTranspose(x));
            Eigen e = eigh(symmetric);
            assertClose(e.vectors().times(Np.expandDims(e.values(), -2)).matmul(matrixTranspose(e.vectors())), symmetric, 1e-13 * n);
            assertClose(matrixTranspose(e.vectors()).matmul(e.vectors()), Np.broadcastTo(eye(n), x.shape()), 1e-14 * n);
            assertClose(eigvalsh(symmetric), e.values(), 1e-14 * n);
            LU lu = lu(x);
            assertClose(lu.p().matmul(lu.l()).matmul(lu.u()), x, 1e-14 * n);
            NDArray definite = x.matmul(matrixTranspose(x)).plus(eye(n));
            NDArray l = cholesky(definite);
            assertClose(l.matmul(matrixTranspose(l)), definite, 1e-14 * n);
            assertClose(definite.matmul(inv(definite)), Np.broadcastTo(eye(n), x.shape()), 1e-12 * n);
            for (NDArray y : new NDArray[] {random(n, n + 3, n), random(n, n, n + 3), random(n, n, n)}) {
                int k = Math.min(y.size(0), y.size(1));
                QR qr = qr(y);
                assertClose(qr.q().matmul(qr.r()), y, 1e-14 * n);
                assertClose(matrixTranspose(qr.q()).matmul(qr.q()), eye(k), 1e-14 * n);
                SVD svd = svd(y);
                assertClose(svd.u().times(svd.s()).matmul(svd.vt()), y, 1e-13 * n);
                assertClose(matrixTranspose(svd.u()).matmul(svd.u()), eye(k), 1e-13 * n);
                assertClose(svd.vt().matmul(matrixTranspose(svd.vt())), eye(k), 1e-13 * n);
            }
        }
    }

    /// Equal eigenvalues, equal and zero singular values, extreme sizes.
    @Test
    void degenerateMatrices() {
        assertClose(eigvalsh(eye(4)), 1, 1, 1, 1);
        assertClose(eigvalsh(Np.ones(4, 4)), 0, 0, 0, 4);
        NDArray flat = Np.ones(4, 3);
        SVD svd = svd(flat);
        assertClose(svd.s(), Math.sqrt(12), 0, 0);
        assertClose(matrixTranspose(svd.u()).matmul(svd.u()), eye(3), 1e-14);
        assertClose(svd.u().times(svd.s()).matmul(svd.vt()), flat, 1e-14);
        assertClose(svdvals(Np.zeros(3, 2)), 0, 0);
        assertClose(matrixTranspose(svd(Np.zeros(3, 2)).u()).matmul(svd(Np.zeros(3, 2)).u()), eye(2), 1e-15);
        assertThat(matrixRank(flat).item()).isEqualTo(1);
        assertThat(matrixRank(A).item()).isEqualTo(3);
        assertClose(pinv(flat), matrixTranspose(flat).div(12), 1e-15);
        for (double size : new double[] {1e-300, 1e300}) {
            assertClose(eigvalsh(A.times(size)).div(size), 1.3044113143349714, 5.30838907242745, 9.387199613237582);
            assertClose(svdvals(B.times(size)).div(size), 5.551621472527021, 2.935419586712968, 1.6771436657957448);
            assertClose(qr(B.times(size)).r().div(size), qr(B).r(), 1e-14);
        }
        assertThat(eigvalsh(A.times(Double.NaN)).toDoubleArray()).containsOnly(Double.NaN);
        assertThat(svdvals(B.times(Double.POSITIVE_INFINITY)).toDoubleArray()).containsOnly(Double.NaN);
        // Equal values have a gradient, equal vectors have none.
        assertClose(Functions.grad((NDArray x) -> eigvalsh(x).sum()).apply(eye(2)), 1, 0, 0, 1);
        NDArray gradient = Functions.grad((NDArray x) -> eigh(x).vectors().get(0, 0)).apply(eye(2));
        assertThat(Np.all(Np.isfinite(gradient)).isTrue()).isFalse();
    }

    @Test
    void gradientsThroughTheFacade() {
        // d log det A = tr(A⁻¹ dA);  d det A = det A · tr(A⁻¹ dA)
        NDArray m = array(new double[][] {{1, 2, 0}, {3, -1, 4}, {0.5, 1, 2}});
        assertClose(Functions.grad((NDArray x) -> slogdet(x).logdet()).apply(m), matrixTranspose(inv(m)), 1e-13);
        assertClose(Functions.grad((NDArray x) -> det(x)).apply(m), matrixTranspose(inv(m)).times(det(m)), 1e-12);
        assertClose(Functions.grad((NDArray x) -> trace(expm(x))).apply(m.div(4)), matrixTranspose(expm(m.div(4))), 1e-13);
        assertClose(Functions.grad((NDArray x) -> matrixNorm(x, Norm.FROBENIUS)).apply(B), B.div(6.5), 1e-15);
        assertClose(Functions.jit(Functions.grad((NDArray x) -> svdvals(x).sum())).apply(B), svd(B).u().matmul(svd(B).vt()), 1e-13);
        // ⟨R, R⟩ = ⟨A, A⟩, also for a wide matrix; and compiled as interpreted.
        Function<NDArray, NDArray> square = Functions.grad((NDArray x) -> Np.square(qr(x).r()).sum());
        for (NDArray y : new NDArray[] {B, matrixTranspose(B)}) {
            assertClose(square.apply(y), y.times(2), 1e-13);
            assertClose(Functions.jit(square).apply(y), y.times(2), 1e-13);
        }
    }

    /// The derivative of the determinant is the matrix of cofactors, whatever the rank.
    @Test
    void determinantsOfSingularMatrices() {
        Function<NDArray, NDArray> slope = Functions.grad((NDArray x) -> det(x));
        NDArray rank2 = array(new double[][] {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
        assertClose(slope.apply(rank2), array(new double[][] {{-3, 6, -3}, {6, -12, 6}, {-3, 6, -3}}), 1e-14);
        assertClose(Functions.jit(slope).apply(rank2), slope.apply(rank2), 1e-14);
        assertClose(slope.apply(outer(array(1, 2, 3), array(1, 0, 2))), Np.zeros(3, 3), 1e-14);
        assertClose(slope.apply(Np.diag(array(2, 0, 3))), Np.diag(array(0, 6, 0)), 1e-14);
        assertClose(slope.apply(Np.zeros(3, 3)), Np.zeros(3, 3), 0);
        assertClose(slope.apply(array(new double[][] {{1, 2}, {2, 4}})), array(new double[][] {{4, -2}, {-2, 1}}), 1e-14);
        assertClose(slope.apply(Np.zeros(1, 1)), Np.ones(1, 1), 0);
        NDArray stack = Np.stack(java.util.List.of(rank2, A), 0);
        assertClose(Functions.vmap(slope).apply(stack).get(0), slope.apply(rank2), 1e-14);
        // det [[a, b], [c, d]] is bilinear: its second derivatives are 1 and −1 at every matrix.
        NDArray second = Functions.hessian((NDArray x) -> det(x)).apply(array(new double[][] {{1, 2}, {2, 4}}));
        assertClose(second.reshape(4, 4), array(new double[][] {{0, 0, 0, 1}, {0, 0, -1, 0}, {0, -1, 0, 0}, {1, 0, 0, 0}}), 0);
    }

    /// Every way to a Cholesky factor complains about known numbers and answers NaN in compiled code.
    @Test
    void choleskyOfAnIndefiniteMatrix() {
        NDArray indefinite = array(new double[][] {{1, 2}, {2, 1}});
        for (Function<NDArray, NDArray> f : java.util.List.<Function<NDArray, NDArray>>of(
                x -> Linalg.cholesky(x), x -> Np.cholesky(x), x -> PRNGKey.key(0).multivariateNormal(Np.zeros(2), x, Shape.of(3)))) {
            assertThatThrownBy(() -> f.apply(indefinite))
                    .isInstanceOf(DomainException.class)
                    .hasMessageContaining("cholesky: a matrix is not positive definite.")
                    .hasMessageContaining("Got:      pivot 1 of 2 is -3.0, shape [2, 2]");
            assertThat(Np.any(Np.isnan(Functions.jit(f).apply(indefinite))).isTrue()).isTrue();
        }
    }

    @Test
    void triangles() {
        NDArray l = cholesky(A);
        NDArray b = random(1, 3, 2);
        assertClose(l.matmul(solveTriangular(l, b, true, false)), b, 1e-14);
        assertClose(matrixTranspose(l).matmul(solveTriangular(l, b, true, true)), b, 1e-14);
        NDArray u = matrixTranspose(l);
        assertClose(u.matmul(solveTriangular(u, b, false, false)), b, 1e-14);
        assertClose(matrixTranspose(u).matmul(solveTriangular(u, b, false, true)), b, 1e-14);
        assertThat(solveTriangular(u, array(1, 2, 3), false, false).shape()).isEqualTo(Shape.of(3));
    }

    @Test
    void specialMatricesAndProducts() {
        assertClose(kron(array(new double[][] {{1, 2}, {3, 4}}), array(new double[][] {{0, 1}, {1, 0}})),
                0, 1, 0, 2, 1, 0, 2, 0, 0, 3, 0, 4, 3, 0, 4, 0);
        assertClose(cross(array(1, 2, 3), array(4, 5, 6)), -3, 6, -3);
        assertClose(vdot(A, A), 118);
        assertClose(outer(array(1, 2), array(3, 4)), 3, 4, 6, 8);
        assertClose(multiDot(array(1, 1, 1), A, array(1, 0, 2)), 20 - 1);
        assertClose(toeplitz(array(1, 2, 3), array(9, 4, 5, 6)), 1, 4, 5, 6, 2, 1, 4, 5, 3, 2, 1, 4);
        assertClose(blockDiag(array(new double[][] {{1, 2}}), array(new double[][] {{3}, {4}})), 1, 2, 0, 0, 0, 3, 0, 0, 4);
        assertClose(vander(array(2, 3), 3), 4, 2, 1, 9, 3, 1);
        assertClose(inv(NDArray.of(2, 0, 0, 4).reshape(2, 2)), 0.5, 0, 0, 0.25);
    }

    @Test
    void complaintsWhereTheNumbersAreKnown() {
        NDArray stack = Np.stack(java.util.List.of(A, array(new double[][] {{1, 2, 0}, {2, 1, 0}, {0, 0, 1}})), 0);
        assertThatThrownBy(() -> cholesky(stack))
                .isInstanceOf(DomainException.class)
                .extracting(Messages::withoutPlace).isEqualTo("""
                        cholesky: a matrix is not positive definite.
                          Expected: symmetric matrices with positive pivots
                          Got:      pivot 1 of 3 is -3.0, matrix [1], shape [2, 3, 3]
                          Fix:      add a small multiple of the identity: a.plus(eye(3).times(1e-6)).""");
        NDArray singular = array(new double[][] {{1, 2}, {2, 4}});
        String message = """
                        : a matrix is singular.
                          Expected: matrices of full rank
                          Got:      pivot 1 of 2 is 0.0, shape [2, 2]
                          Fix:      use pinv(a) or lstsq(a, b), or add a small multiple of the identity.""";
        assertThatThrownBy(() -> inv(singular)).isInstanceOf(DomainException.class).extracting(Messages::withoutPlace).isEqualTo("inv" + message);
        assertThatThrownBy(() -> solve(singular, array(1, 2))).isInstanceOf(DomainException.class).extracting(Messages::withoutPlace).isEqualTo("solve" + message);
        assertThatThrownBy(() -> inv(B)).isInstanceOf(ShapeException.class).hasMessageContaining("[…, n, n]");
        assertThat(Functions.jit((NDArray x) -> cholesky(x)).apply(stack).get(1).toDoubleArray()).containsOnly(Double.NaN);
        assertThat(Np.any(Np.isfinite(Functions.jit((NDArray x) -> inv(x)).apply(singular))).isTrue()).isFalse();
        assertThat(cholesky(A.times(Double.NaN)).toDoubleArray()).containsOnly(Double.NaN);
    }
}
