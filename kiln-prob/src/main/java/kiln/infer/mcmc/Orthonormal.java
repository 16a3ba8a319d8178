package kiln.infer.mcmc;

import java.util.List;

/// Orthonormal bases, one vector after the other.
final class Orthonormal {
    /// A vector that keeps less than this part of its length outside of the span of the others adds nothing but rounding.
    private static final double DEPENDENT = 1e-6;

    private Orthonormal() {}

    /// Adds the part of a vector that is orthogonal to a basis, by Gram and Schmidt, twice, which is enough (Kahan and Parlett).
    ///
    /// @param v overwritten, and owned by the basis if it is independent of it
    static void extend(List<double[]> basis, double[] v) {
        double length = Math.sqrt(Dots.dot(v, v));
        for (int pass = 0; pass < 2; pass++) {
            for (double[] b : basis) {
                double along = Dots.dot(b, v);
                for (int i = 0; i < v.length; i++) {
                    v[i] -= along * b[i];
                }
            }
        }
        double rest = Math.sqrt(Dots.dot(v, v));
        if (rest > DEPENDENT * length) {
            for (int i = 0; i < v.length; i++) {
                v[i] /= rest;
            }
            basis.add(v);
        }
    }
}
