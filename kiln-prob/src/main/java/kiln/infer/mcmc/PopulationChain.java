package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;
import kiln.math.Elementary;

/// A chain of [SA]: `n` points `x₁ … x_n`, of which an iteration replaces one or none.
///
/// ```
/// x₀ ~ N(mean, covariance of x₁ … x_n);   drop x_i, i in 0…n, with probability ∝ q_i(x_i) / π(x_i)
/// q_i = the normal fit of all points but x_i
/// ```
///
/// With the scatter `C = Σ (x_i − m)(x_i − m)ᵀ` of all `n + 1` points, `c = (n + 1)/n` and the leverage
/// `h_i = (x_i − m)ᵀ C⁻¹ (x_i − m)`, leaving a point out is a rank-one change: `|C_i| = |C| (1 − c h_i)`, so that
///
/// ```
/// log q_i(x_i) = const − ½ log(1 − c h_i) − ½ n c² h_i / (1 − c h_i)
/// ```
///
/// and one factorisation serves all of them. The diagonal fit sums the same expression over coordinates.
///
/// Source: Zhu (2019), algorithm 1; the formulas for leaving one out follow from the Sherman–Morrison identity.
final class PopulationChain implements Chain {
    private static final String KERNEL = "SA";

    private final LogDensity density;
    private final boolean dense;
    private final int numWarmup;
    private final ChainRandom random;
    private final double[][] points;
    private final double[] values;
    private final double[] scratch;
    private final double[] logWeight;
    private final double[] mean;
    private final double[] centred;
    private final double[][] scatter;
    private double[] fresh;
    private long iteration;
    private int drawn;
    private double acceptProb;

    PopulationChain(LogDensity density, int n, boolean dense, double[] initialPosition, long seed, int numWarmup) {
        this(density, n, dense, new ChainRandom(seed), numWarmup);
        double value = valueAt(initialPosition);
        if (value == Double.NEGATIVE_INFINITY) {
            throw new IllegalArgumentException("SA: the initial position has no finite log density.\n  Got:      "
                    + java.util.Arrays.toString(initialPosition));
        }
        for (int i = 0; i < n; i++) {
            // Nearer and nearer to the start, until the point has a density at all.
            double spread = 1;
            do {
                for (int j = 0; j < mean.length; j++) {
                    points[i][j] = initialPosition[j] + spread * random.normal();
                }
                values[i] = valueAt(points[i]);
                spread *= 0.5;
            } while (values[i] == Double.NEGATIVE_INFINITY);
        }
    }

    PopulationChain(LogDensity density, boolean dense, ChainState state) {
        this(density, state.madeBy(KERNEL).doubles("values").length, dense, ChainRandom.ofWords(state.longs("random")),
                (int) state.integer("numWarmup"));
        double[] saved = state.doubles("values");
        double[] all = state.doubles("population");
        int d = mean.length;
        if (all.length != points.length * d) {
            throw new IllegalArgumentException("SA: the state does not have the dimension of the density.\n  Expected: " + points.length * d
                    + " coordinates\n  Got:      " + all.length);
        }
        for (int i = 0; i < points.length; i++) {
            System.arraycopy(all, i * d, points[i], 0, d);
            values[i] = saved[i];
        }
        iteration = state.iteration();
        drawn = (int) state.integer("drawn");
    }

    private PopulationChain(LogDensity density, int n, boolean dense, ChainRandom random, int numWarmup) {
        int d = density.dimension();
        this.density = density;
        this.dense = dense;
        this.random = random;
        this.numWarmup = numWarmup;
        points = new double[n][d];
        values = new double[n];
        scratch = new double[d];
        logWeight = new double[n + 1];
        mean = new double[d];
        centred = new double[d];
        scatter = new double[dense ? d : 1][d];
        fresh = new double[d];
    }

    private double valueAt(double[] q) {
        double value = density.value(q, scratch);
        return Double.isFinite(value) ? value : Double.NEGATIVE_INFINITY;
    }

    @Override
    public void next(double[] position) {
        int n = points.length;
        propose();
        double value = valueAt(fresh);
        int dropped = n;
        if (value == Double.NEGATIVE_INFINITY) {
            acceptProb = 0;
        } else {
            weigh(value);
            dropped = choose();
        }
        if (dropped < n) {
            double[] old = points[dropped];
            points[dropped] = fresh;
            values[dropped] = value;
            fresh = old;
        }
        drawn = (int) (n * random.uniform());
        iteration++;
        System.arraycopy(points[drawn], 0, position, 0, position.length);
    }

    /// Draws the new point from the normal fit of the population: `mean + Σ ε_i (x_i − mean) / √n` has its covariance.
    private void propose() {
        int n = points.length;
        average(n, false);
        if (dense) {
            System.arraycopy(mean, 0, fresh, 0, mean.length);
            for (double[] x : points) {
                double w = random.normal() / Math.sqrt(n);
                for (int j = 0; j < mean.length; j++) {
                    fresh[j] += w * (x[j] - mean[j]);
                }
            }
        } else {
            for (int j = 0; j < mean.length; j++) {
                double square = 0;
                for (double[] x : points) {
                    square += (x[j] - mean[j]) * (x[j] - mean[j]);
                }
                fresh[j] = mean[j] + Math.sqrt(square / n) * random.normal();
            }
        }
    }

    private void average(int n, boolean withFresh) {
        for (int j = 0; j < mean.length; j++) {
            double sum = withFresh ? fresh[j] : 0;
            for (double[] x : points) {
                sum += x[j];
            }
            mean[j] = sum / (withFresh ? n + 1 : n);
        }
    }

    /// `log q_i(x_i) − L(x_i)` of all points, the new one last.
    private void weigh(double freshValue) {
        int n = points.length;
        average(n, true);
        for (double[] row : scatter) {
            java.util.Arrays.fill(row, 0);
        }
        for (int i = 0; i <= n; i++) {
            centre(i);
            for (int r = 0; r < scatter.length; r++) {
                for (int j = 0; j < (dense ? r + 1 : mean.length); j++) {
                    scatter[r][j] += dense ? centred[r] * centred[j] : centred[j] * centred[j];
                }
            }
        }
        if (dense) {
            factorise();
        }
        double c = (n + 1.0) / n;
        for (int i = 0; i <= n; i++) {
            centre(i);
            double log = 0;
            if (dense) {
                log = leftOut(solvedSquare(), n, c);
            } else {
                for (int j = 0; j < mean.length; j++) {
                    log += leftOut(centred[j] * centred[j] / scatter[0][j], n, c);
                }
            }
            logWeight[i] = log - (i < n ? values[i] : freshValue);
        }
    }

    private static double leftOut(double leverage, int n, double c) {
        double rest = 1 - c * leverage;
        // A point that alone spans a direction has no density under the fit of the others: it is not the one to drop.
        return rest > 0 ? -0.5 * Elementary.log(rest) - 0.5 * n * c * c * leverage / rest : Double.NEGATIVE_INFINITY;
    }

    private void centre(int i) {
        double[] x = i < points.length ? points[i] : fresh;
        for (int j = 0; j < mean.length; j++) {
            centred[j] = x[j] - mean[j];
        }
    }

    /// Cholesky factor of the scatter in place, lower triangle.
    private void factorise() {
        int d = mean.length;
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = scatter[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= scatter[i][k] * scatter[j][k];
                }
                scatter[i][j] = i > j ? sum / scatter[j][j] : Math.sqrt(sum);
            }
        }
    }

    /// `|L⁻¹ x|²` of the centred point.
    private double solvedSquare() {
        double sum = 0;
        for (int i = 0; i < mean.length; i++) {
            double x = centred[i];
            for (int k = 0; k < i; k++) {
                x -= scatter[i][k] * centred[k];
            }
            centred[i] = x / scatter[i][i];
            sum += centred[i] * centred[i];
        }
        return sum;
    }

    /// Which point to drop; the number of points for the new one.
    private int choose() {
        int n = points.length;
        double max = Double.NEGATIVE_INFINITY;
        for (double w : logWeight) {
            max = Math.max(max, w);
        }
        if (!(max > Double.NEGATIVE_INFINITY && max < Double.POSITIVE_INFINITY)) {
            acceptProb = 0;
            return n;
        }
        double sum = 0;
        for (int i = 0; i <= n; i++) {
            logWeight[i] = Elementary.exp(logWeight[i] - max);
            sum += logWeight[i];
        }
        acceptProb = 1 - logWeight[n] / sum;
        double u = random.uniform() * sum;
        for (int i = 0; i < n; i++) {
            u -= logWeight[i];
            if (u < 0) {
                return i;
            }
        }
        return n;
    }

    @Override
    public int dimension() {
        return mean.length;
    }

    @Override
    public long iteration() {
        return iteration;
    }

    @Override
    public int numWarmup() {
        return numWarmup;
    }

    @Override
    public double potentialEnergy() {
        return -values[drawn];
    }

    @Override
    public double acceptProb() {
        return acceptProb;
    }

    @Override
    public int numSteps() {
        return 1;
    }

    @Override
    public ChainState state() {
        int d = mean.length;
        double[] all = new double[points.length * d];
        for (int i = 0; i < points.length; i++) {
            System.arraycopy(points[i], 0, all, i * d, d);
        }
        return new ChainState.Builder(KERNEL)
                .put("position", points[drawn])
                .put("population", all)
                .put("values", values)
                .put("random", random.words())
                .put("iteration", iteration)
                .put("drawn", (long) drawn)
                .put("numWarmup", (long) numWarmup)
                .build();
    }
}
