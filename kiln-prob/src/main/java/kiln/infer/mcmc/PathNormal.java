package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kiln.math.CholeskyFactor;
import kiln.math.Elementary;

/// The normal approximation of a density at a point of a quasi-Newton path: one Newton step away, with L-BFGS's inverse Hessian as covariance.
///
/// ```
/// Σ = diag(α) + (αY) N + Nᵀ (αY)ᵀ + Nᵀ T N,    R = upper(SᵀY),  N = −R⁻¹ Sᵀ,  T = Yᵀ diag(α) Y + diag(R)
/// μ = x + Σ ∇L(x)
/// ```
///
/// with the last steps `S` and bends `Y` of the path as columns. With `W = [α½ Y, α^−½ Nᵀ]` and an orthonormal basis `Q` of its columns, `Σ = α½ (I + Q (L Lᵀ − I) Qᵀ) α½`
/// for a lower factor `L` of the size of the basis, so that a draw costs `O(d m)`.
///
/// Source: Zhang, Carpenter, Gelman and Vehtari, *Pathfinder* (2022), section 2.2; Byrd, Nocedal and Schnabel (1994).
final class PathNormal {
    private final double[] centre;
    private final double[] scale;
    private final List<double[]> basis;
    private final double[][] factor;
    private final double logConstant;

    private PathNormal(double[] centre, double[] scale, List<double[]> basis, double[][] factor, double logConstant) {
        this.centre = centre;
        this.scale = scale;
        this.basis = basis;
        this.factor = factor;
        this.logConstant = logConstant;
    }

    /// The approximation at a point.
    ///
    /// @param x        the point
    /// @param gradient `∇L(x)`
    /// @param alpha    diagonal of the inverse Hessian the pairs correct, > 0
    /// @param steps    `s`, the oldest first
    /// @param bends    `y`, each with `s·y > 0`
    /// @return empty if the covariance is not positive definite in double precision
    static Optional<PathNormal> at(double[] x, double[] gradient, double[] alpha, List<double[]> steps, List<double[]> bends) {
        int d = x.length;
        int m = steps.size();
        double[] scale = new double[d];
        double[] inverse = new double[d];
        double logDeterminant = 0;
        for (int i = 0; i < d; i++) {
            scale[i] = Math.sqrt(alpha[i]);
            inverse[i] = 1 / scale[i];
            logDeterminant += Elementary.log(scale[i]);
        }
        double[][] n = new double[m][];
        for (int i = m - 1; i >= 0; i--) {
            n[i] = steps.get(i).clone();
            for (int j = i + 1; j < m; j++) {
                add(n[i], Dots.dot(steps.get(i), bends.get(j)), n[j]);
            }
            double r = -Dots.dot(steps.get(i), bends.get(i));
            for (int k = 0; k < d; k++) {
                n[i][k] /= r;
            }
        }
        List<double[]> columns = new ArrayList<>();
        bends.forEach(y -> columns.add(product(scale, y)));
        for (double[] row : n) {
            columns.add(product(inverse, row));
        }
        List<double[]> basis = new ArrayList<>();
        columns.forEach(c -> Orthonormal.extend(basis, c.clone()));
        // The middle matrix is [[0, I], [I, T]]; the first m columns belong to Y, the others to N.
        double[][] middle = new double[2 * m][2 * m];
        for (int i = 0; i < m; i++) {
            middle[i][m + i] = 1;
            middle[m + i][i] = 1;
            for (int j = 0; j < m; j++) {
                middle[m + i][m + j] = Dots.dot(columns.get(i), columns.get(j));
            }
            middle[m + i][m + i] += Dots.dot(steps.get(i), bends.get(i));
        }
        int size = basis.size();
        double[][] coordinates = new double[size][2 * m];
        for (int b = 0; b < size; b++) {
            for (int c = 0; c < 2 * m; c++) {
                coordinates[b][c] = Dots.dot(basis.get(b), columns.get(c));
            }
        }
        double[] flat = new double[size * size];
        for (int a = 0; a < size; a++) {
            double[] row = new double[2 * m];
            for (int c = 0; c < 2 * m; c++) {
                add(row, coordinates[a][c], middle[c]);
            }
            for (int b = 0; b <= a; b++) {
                flat[a * size + b] = Dots.dot(row, coordinates[b]) + (a == b ? 1 : 0);
            }
        }
        if (size > 0 && new CholeskyFactor(size).factor(flat, 0) >= 0) {
            return Optional.empty();
        }
        double[][] factor = new double[size][size];
        for (int a = 0; a < size; a++) {
            System.arraycopy(flat, a * size, factor[a], 0, a + 1);
            logDeterminant += Elementary.log(factor[a][a]);
        }
        if (!Double.isFinite(logDeterminant)) {
            return Optional.empty();
        }
        PathNormal normal = new PathNormal(x.clone(), scale, basis, factor, -logDeterminant - 0.5 * d * Elementary.log(2 * StrictMath.PI));
        normal.moveTo(gradient);
        return Optional.of(normal);
    }

    /// `x ← x + Σ g`.
    private void moveTo(double[] gradient) {
        double[] w = product(scale, gradient);
        double[] inBasis = inBasis(w);
        double[] half = new double[inBasis.length];
        for (int a = 0; a < half.length; a++) {
            for (int b = a; b < half.length; b++) {
                half[a] += factor[b][a] * inBasis[b];
            }
        }
        correct(w, half, inBasis);
        for (int i = 0; i < w.length; i++) {
            centre[i] += scale[i] * w[i];
        }
    }

    /// `w ← w + Q (L v − r)`.
    private void correct(double[] w, double[] v, double[] r) {
        for (int a = 0; a < v.length; a++) {
            add(w, Dots.dot(factor[a], v) - r[a], basis.get(a));
        }
    }

    /// Draws a position.
    ///
    /// @param q receives it, length `d`
    /// @return its log density under this normal, in nats
    double draw(ChainRandom random, double[] q) {
        for (int i = 0; i < q.length; i++) {
            q[i] = random.normal();
        }
        double log = logConstant - 0.5 * Dots.dot(q, q);
        double[] inBasis = inBasis(q);
        correct(q, inBasis, inBasis);
        for (int i = 0; i < q.length; i++) {
            q[i] = centre[i] + scale[i] * q[i];
        }
        return log;
    }

    private double[] inBasis(double[] v) {
        return basis.stream().mapToDouble(b -> Dots.dot(b, v)).toArray();
    }

    private static double[] product(double[] a, double[] b) {
        double[] out = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            out[i] = a[i] * b[i];
        }
        return out;
    }

    private static void add(double[] to, double factor, double[] v) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * v[i];
        }
    }

    /// {@return the logarithm of the normal's volume, `½ log det 2πΣ`: with the height of a peak of this shape that of the mass under it}
    double logVolume() {
        return -logConstant;
    }

    /// {@return the mean `μ`; not to be changed}
    double[] centre() {
        return centre;
    }
}
