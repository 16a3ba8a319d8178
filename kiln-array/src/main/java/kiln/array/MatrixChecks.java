package kiln.array;

import java.util.Arrays;
import kiln.math.CholeskyFactor;
import kiln.math.LuFactor;

/// Says which matrix of a stack has no Cholesky factor or no inverse, where the numbers are known.
///
/// NaN and infinities in the matrix are not complained about: they were there before.
final class MatrixChecks {
    private MatrixChecks() {}

    /// Complains if a factor is NaN though the matrix is finite.
    static void requirePositiveDefinite(NDArray a, NDArray factor) {
        if (!a.isKnown() || !factor.isKnown() || a.size() == 0) {
            return;
        }
        int n = a.size(-1);
        double[] all = a.toDoubleArray();
        double[] l = factor.toDoubleArray();
        for (int s = 0; s < all.length / (n * n); s++) {
            double[] matrix = Arrays.copyOfRange(all, s * n * n, (s + 1) * n * n);
            if (Double.isNaN(l[s * n * n]) && Arrays.stream(matrix).allMatch(Double::isFinite)) {
                var f = new CholeskyFactor(n);
                int at = f.factor(matrix, 0);
                throw new DomainException(new Diagnosis("cholesky", "a matrix is not positive definite")
                        .expected("symmetric matrices with positive pivots")
                        .got("pivot " + at + " of " + n + " is " + f.pivot() + which(a, s))
                        .at(UserCode.line())
                        .fix("add a small multiple of the identity: a.plus(eye(" + n + ").times(1e-6))."));
            }
        }
    }

    /// Complains if elimination meets a pivot that is exactly 0.
    static void requireRegular(String who, NDArray a) {
        if (!a.isKnown() || a.size() == 0) {
            return;
        }
        int n = a.size(-1);
        double[] all = a.toDoubleArray();
        for (int s = 0; s < all.length / (n * n); s++) {
            double[] matrix = Arrays.copyOfRange(all, s * n * n, (s + 1) * n * n);
            int at = LuFactor.of(matrix, n).singular();
            if (at >= 0 && Arrays.stream(matrix).allMatch(Double::isFinite)) {
                throw new DomainException(new Diagnosis(who, "a matrix is singular")
                        .expected("matrices of full rank")
                        .got("pivot " + at + " of " + n + " is 0.0" + which(a, s))
                        .at(UserCode.line())
                        .fix("use pinv(a) or lstsq(a, b), or add a small multiple of the identity."));
            }
        }
    }

    /// `, matrix [1, 0] of shape [2, 3, 4, 4]`, or nothing about the place if there is one matrix only.
    private static String which(NDArray a, int s) {
        Shape lead = a.shape().dropLast(2);
        if (lead.rank() == 0) {
            return ", shape " + a.shape();
        }
        int[] index = new int[lead.rank()];
        int rest = s;
        for (int d = index.length - 1; d >= 0; d--) {
            index[d] = rest % lead.dim(d);
            rest /= lead.dim(d);
        }
        return ", matrix " + Arrays.toString(index) + ", shape " + a.shape();
    }
}
