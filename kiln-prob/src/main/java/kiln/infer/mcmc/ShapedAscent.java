package kiln.infer.mcmc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import kiln.infer.LogDensity;

/// An [Ascent] that keeps what its points tell of the shape of the density: at each of them, the normal approximation with L-BFGS's inverse Hessian.
///
/// Source: Zhang, Carpenter, Gelman and Vehtari, *Pathfinder* (2022), algorithm 3; Gilbert and Lemaréchal (1989) for the diagonal.
final class ShapedAscent {
    /// A pair whose bend is steeper than this would make the diagonal vanish.
    private static final double STEEPEST = 1e12;

    private final Ascent ascent;
    private final int history;
    private final double[] alpha;
    private final Deque<double[]> steps = new ArrayDeque<>();
    private final Deque<double[]> bends = new ArrayDeque<>();

    /// @param start   where it begins, length `d`; density and gradient are finite there
    /// @param history the number of steps the inverse Hessian is made from, ≥ 1
    ShapedAscent(LogDensity density, double[] start, int history) {
        ascent = new Ascent(density, start, history);
        this.history = history;
        alpha = new double[start.length];
        Arrays.fill(alpha, 1);
    }

    /// Moves on to the next point.
    ///
    /// @return whether there is one
    boolean advance() {
        if (!ascent.advance()) {
            return false;
        }
        double[] s = ascent.lastStep().clone();
        double[] y = ascent.lastBend().clone();
        double inner = Dots.dot(s, y);
        if (inner > 0 && Dots.dot(y, y) <= STEEPEST * inner) {
            improve(s, y, inner);
            steps.addLast(s);
            bends.addLast(y);
            if (steps.size() > history) {
                steps.removeFirst();
                bends.removeFirst();
            }
        }
        return true;
    }

    /// The diagonal update of Gilbert and Lemaréchal (1989).
    ///
    /// ```
    /// a = yᵀ(αy),  b = y·s,  c = sᵀ(s/α);    α_i ← b / (a/α_i + y_i² − (a/c) (s_i/α_i)²)
    /// ```
    private void improve(double[] s, double[] y, double b) {
        double a = 0;
        double c = 0;
        for (int i = 0; i < alpha.length; i++) {
            a += y[i] * y[i] * alpha[i];
            c += s[i] * s[i] / alpha[i];
        }
        for (int i = 0; i < alpha.length; i++) {
            double r = s[i] / alpha[i];
            alpha[i] = b / (a / alpha[i] + y[i] * y[i] - a / c * r * r);
        }
    }

    /// {@return the approximation at the present point; empty if its covariance is not positive definite in double precision}
    Optional<PathNormal> normal() {
        return PathNormal.at(ascent.position(), ascent.gradient(), alpha, new ArrayList<>(steps), new ArrayList<>(bends));
    }

    /// {@return the path so far}
    Ascent ascent() {
        return ascent;
    }
}
