package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;
import kiln.math.Elementary;

/// The walkers of [ESS]: slice samples along directions.
///
/// ```
/// y = L(q) − e, e ~ Exp(1);   interval [l, r] = [−u, 1 − u], stepped out by whole widths while L > y at its ends
/// t uniform in [l, r] until L(q + t η) > y, the interval shrinking towards 0 at every miss
/// μ ← 2 μ E / (E + C)   for E expansions and C contractions of an iteration of the warm-up
/// ```
final class SliceWalkers extends Walkers {
    private static final String KERNEL = "ESS";

    private final ESS settings;
    private final WeightedMoves<ESS.Move> moves;
    private final double[] direction;
    private final double[] probe;
    private double mu;
    private long expansions;
    private long contractions;

    SliceWalkers(ESS settings, LogDensity density, double[][] initialPositions, long seed, int numWarmup) {
        super(KERNEL, density, settings.randomizeSplit(), initialPositions, seed, numWarmup);
        this.settings = settings;
        moves = WeightedMoves.of(KERNEL, settings.weights());
        direction = new double[density.dimension()];
        probe = new double[density.dimension()];
        mu = settings.initMu();
    }

    SliceWalkers(ESS settings, LogDensity density, ChainState state) {
        super(KERNEL, density, settings.randomizeSplit(), state);
        this.settings = settings;
        moves = WeightedMoves.of(KERNEL, settings.weights());
        direction = new double[density.dimension()];
        probe = new double[density.dimension()];
        mu = state.real("mu");
    }

    @Override
    void move(int[] active, int from, int to) {
        ESS.Move move = moves.choose(random);
        for (int k = from; k < to; k++) {
            direct(move, active, from, to);
            slice(active[k]);
        }
    }

    // ---- directions

    private void direct(ESS.Move move, int[] active, int from, int to) {
        switch (move) {
            case ESS.DifferentialMove _ -> {
                int a = still(active, from, to, NONE);
                between(a, still(active, from, to, a));
            }
            case ESS.RandomMove _ -> {
                double square = 0;
                for (int i = 0; i < direction.length; i++) {
                    direction[i] = random.normal();
                    square += direction[i] * direction[i];
                }
                scale(1 / Math.sqrt(square));
            }
            case ESS.GaussianMove _ -> {
                scale(0);
                addNormal(1, active, from, to);
            }
            case ESS.KDEMove m -> {
                double count = active.length - (to - from);
                double width = m.bandwidth() > 0 ? m.bandwidth() : Elementary.exp(-Elementary.log(count) / (direction.length + 4));
                // Both centres may be the same walker: the draws are independent.
                between(still(active, from, to, NONE), still(active, from, to, NONE));
                // The difference of two kernels of width w has the width √2 w.
                addNormal(Math.sqrt(2) * width, active, from, to);
            }
        }
        scale(2 * mu);
    }

    /// `direction ← a − b`.
    private void between(int a, int b) {
        for (int i = 0; i < direction.length; i++) {
            direction[i] = position[a][i] - position[b][i];
        }
    }

    private void scale(double factor) {
        for (int i = 0; i < direction.length; i++) {
            direction[i] *= factor;
        }
    }

    /// Adds a normal vector with the covariance of the walkers that stand still: `Σ ε_j (q_j − q̄) / √(m − 1)`.
    private void addNormal(double factor, int[] active, int from, int to) {
        int m = active.length - (to - from);
        double sum = 0;
        double[] weights = new double[m];
        for (int j = 0; j < m; j++) {
            weights[j] = random.normal();
            sum += weights[j];
        }
        double norm = factor / Math.sqrt(m - 1.0);
        for (int j = 0; j < m; j++) {
            // Σ ε_j (q_j − q̄) = Σ (ε_j − ε̄) q_j
            double w = norm * (weights[j] - sum / m);
            double[] q = position[active[j < from ? j : j + (to - from)]];
            for (int i = 0; i < direction.length; i++) {
                direction[i] += w * q[i];
            }
        }
    }

    // ---- the slice

    private void slice(int walker) {
        double[] q = position[walker];
        double level = logDensity[walker] + Elementary.log(random.uniform());
        double left = -random.uniform();
        double right = left + 1;
        int leftSteps = (int) (settings.maxSteps() * random.uniform());
        int rightSteps = settings.maxSteps() - 1 - leftSteps;
        for (; leftSteps > 0 && along(q, left) > level; leftSteps--) {
            left--;
            expansions++;
        }
        for (; rightSteps > 0 && along(q, right) > level; rightSteps--) {
            right++;
            expansions++;
        }
        for (int i = 0; i < settings.maxIter(); i++) {
            double t = left + (right - left) * random.uniform();
            double value = along(q, t);
            if (value > level) {
                System.arraycopy(probe, 0, q, 0, q.length);
                logDensity[walker] = value;
                acceptProb[walker] = 1;
                return;
            }
            if (t < 0) {
                left = t;
            } else {
                right = t;
            }
            contractions++;
        }
        acceptProb[walker] = 0;
    }

    private double along(double[] q, double t) {
        for (int i = 0; i < q.length; i++) {
            probe[i] = q[i] + t * direction[i];
        }
        return valueAt(probe);
    }

    @Override
    void learn(boolean warmup) {
        if (warmup && settings.tuneMu()) {
            double e = Math.max(1, expansions);
            mu *= 2 * e / (e + contractions);
        }
        expansions = 0;
        contractions = 0;
    }

    @Override
    void save(ChainState.Builder state) {
        state.put("mu", mu);
    }
}
