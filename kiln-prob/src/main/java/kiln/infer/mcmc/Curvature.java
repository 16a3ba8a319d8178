package kiln.infer.mcmc;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import kiln.array.Linalg;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;
import org.jspecify.annotations.Nullable;

/// Minus the second derivatives of a log density at one place, with the priors of hierarchies and without them, by differences of its gradient.
///
/// A column takes two gradients, when it is first asked for.
final class Curvature {
    /// Of a difference, in standard deviations of the coordinate.
    private static final double STEP = 1e-3;

    /// In more dimensions columns of vectors are not kept, and these are not looked at together: both grow with the square at least.
    private static final int MOST_DIMENSIONS = 500;

    private final LogDensity density;
    private final PosteriorDensity told;
    private final double[] at;
    private final double[] spread;
    private final Map<Integer, Column> columns = new HashMap<>();

    /// Derivatives by a coordinate and all coordinates.
    private static final class Column {
        /// Less the scores of the priors of hierarchies: rows of their elements have what the rest of the model says.
        final double[] known;
        /// Of these scores alone.
        final double[] prior;

        Column(double[] known, double[] prior) {
            this.known = known;
            this.prior = prior;
        }
    }

    /// @param density the density of the posterior, which counts its evaluations
    /// @param told    the posterior
    /// @param at      a place in its middle
    /// @param spread  standard deviations of the coordinates, about
    Curvature(LogDensity density, PosteriorDensity told, double[] at, double[] spread) {
        this.density = density;
        this.told = told;
        this.at = at.clone();
        this.spread = spread.clone();
    }

    /// {@return the place, of some coordinates}
    double[] at(int[] some) {
        return Arrays.stream(some).mapToDouble(i -> at[i]).toArray();
    }

    /// {@return whether many coordinates can be looked at together}
    boolean isWhole() {
        return at.length <= MOST_DIMENSIONS;
    }

    /// {@return the precision of the prior of an element}
    double prior(int i) {
        return Math.max(0, column(i).prior[i]);
    }

    /// {@return what is known of some coordinates and others, `[columns, rows]`; of elements of hierarchies in the rows without their priors}
    NDArray known(int[] some, int[] rows) {
        return block(some, rows, false);
    }

    /// {@return the same with all priors}
    NDArray whole(int[] some, int[] rows) {
        return block(some, rows, true);
    }

    private NDArray block(int[] some, int[] rows, boolean isWhole) {
        double[] out = new double[some.length * rows.length];
        for (int c = 0; c < some.length; c++) {
            Column column = column(some[c]);
            for (int r = 0; r < rows.length; r++) {
                out[c * rows.length + r] = column.known[rows[r]] + (isWhole ? column.prior[rows[r]] : 0);
            }
        }
        return NDArray.of(Shape.of(some.length, rows.length), out);
    }

    private Column column(int i) {
        Column before = columns.get(i);
        if (before != null) {
            return before;
        }
        double step = STEP * spread[i];
        double[] x = at.clone();
        double[][] score = new double[2][x.length];
        double[][] own = new double[2][x.length];
        for (int side = 0; side < 2; side++) {
            x[i] = at[i] + (side == 0 ? -step : step);
            density.valueAndGradient(x, score[side]);
            told.priorScores(x, own[side]);
        }
        double[] known = new double[x.length];
        double[] prior = new double[x.length];
        Arrays.setAll(known, j -> ((score[0][j] - own[0][j]) - (score[1][j] - own[1][j])) / (2 * step));
        Arrays.setAll(prior, j -> (own[0][j] - own[1][j]) / (2 * step));
        var out = new Column(known, prior);
        if (isWhole() || told.vectors().stream().flatMapToInt(VectorInformation::coordinates).noneMatch(j -> j == i)) {
            columns.put(i, out);
        }
        return out;
    }

    /// {@return `A⁻¹ B`; null where A is not positive definite, or something not finite}
    static @Nullable NDArray solve(NDArray a, NDArray b) {
        if (!(Np.all(Np.isfinite(a)).isTrue() && Np.all(Np.isfinite(b)).isTrue())) {
            return null;
        }
        NDArray factor = Linalg.cholesky(symmetric(a));
        return Np.all(Np.isfinite(factor)).isTrue() ? Linalg.choSolve(factor, b) : null;
    }

    static NDArray symmetric(NDArray a) {
        return a.plus(a.transpose()).times(0.5);
    }
}
