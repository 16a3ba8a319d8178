package kiln.infer.mcmc;

import java.util.Optional;
import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;

/// An ensemble that moves in two halves: each walker of one half by what the other half looks like, then the other way round.
///
/// Because a half stands still while the other moves, each move leaves the product of the targets invariant. The halves are the first and
/// the second half of an order, which is drawn anew at every iteration if `randomizeSplit`; the walkers keep their numbers.
///
/// Source: Foreman-Mackey, Hogg, Lang and Goodman, *emcee: the MCMC hammer* (2013), algorithm 3.
abstract sealed class Walkers implements Ensemble permits AffineInvariantWalkers, SliceWalkers {
    private final String kernel;
    private final LogDensity density;
    private final boolean randomizeSplit;
    private final int numWarmup;
    private final double[] scratch;
    private final int[] order;
    private long iteration;

    /// Stands for no walker at all.
    static final int NONE = -1;

    /// Generator of all random numbers of the ensemble.
    final ChainRandom random;

    /// Where the walkers are, `[walker][d]`.
    final double[][] position;

    /// `L` there.
    final double[] logDensity;

    /// Acceptance probability of the last move of each walker.
    final double[] acceptProb;

    /// {@return what the log is told of an ensemble with few walkers}
    static Optional<String> warning(String kernel, int chains, int dimension) {
        return chains >= 2 * dimension ? Optional.empty() : Optional.of(kernel + ": " + chains + " chains are few for " + dimension
                + " dimensions: walkers move slowly out of the space that they span. numChains(" + 2 * dimension + ") or more is a good number.");
    }

    /// A new ensemble.
    Walkers(String kernel, LogDensity density, boolean randomizeSplit, double[][] initialPositions, long seed, int numWarmup) {
        this.kernel = kernel;
        this.density = density;
        this.randomizeSplit = randomizeSplit;
        this.numWarmup = numWarmup;
        scratch = new double[density.dimension()];
        int n = initialPositions.length;
        if (n < 4 || n % 2 != 0) {
            throw new IllegalArgumentException(kernel + ": the number of chains must be even and at least 4.\n  Got:      " + n + "\n"
                    + "  Fix:      new MCMC(…).numChains(" + Math.max(4, 2 * density.dimension()) + "); twice the dimension is a good number.");
        }
        warning(kernel, n, density.dimension())
                .ifPresent(text -> System.getLogger("kiln.infer.mcmc").log(System.Logger.Level.WARNING, text));
        order = new int[n];
        position = new double[n][];
        logDensity = new double[n];
        acceptProb = new double[n];
        random = new ChainRandom(seed);
        for (int i = 0; i < n; i++) {
            order[i] = i;
            position[i] = initialPositions[i].clone();
            logDensity[i] = valueAt(position[i]);
            if (logDensity[i] == Double.NEGATIVE_INFINITY) {
                throw new IllegalArgumentException(kernel + ": an initial position has no finite log density.\n"
                        + "  Got:      chain " + i + " at " + java.util.Arrays.toString(position[i]));
            }
        }
    }

    /// The ensemble that a state describes.
    Walkers(String kernel, LogDensity density, boolean randomizeSplit, ChainState state) {
        this.kernel = kernel;
        this.density = density;
        this.randomizeSplit = randomizeSplit;
        int d = density.dimension();
        double[] all = state.madeBy(kernel).position();
        if (d == 0 || all.length % d != 0) {
            throw new IllegalArgumentException(kernel + ": the state does not have the dimension of the density.\n"
                    + "  Expected: a multiple of " + d + " coordinates\n  Got:      " + all.length);
        }
        scratch = new double[d];
        logDensity = state.doubles("logDensity");
        position = new double[logDensity.length][d];
        acceptProb = state.doubles("acceptProb");
        order = new int[position.length];
        long[] saved = state.longs("order");
        for (int i = 0; i < position.length; i++) {
            System.arraycopy(all, i * d, position[i], 0, d);
            order[i] = (int) saved[i];
        }
        random = ChainRandom.ofWords(state.longs("random"));
        iteration = state.iteration();
        numWarmup = (int) state.integer("numWarmup");
    }

    /// Moves the walkers `active[from], …, active[to − 1]`, looking only at those of `active` outside this range.
    abstract void move(int[] active, int from, int to);

    /// Learns from the iteration, both halves of which have moved.
    abstract void learn(boolean warmup);

    /// Adds what is special to this ensemble.
    abstract void save(ChainState.Builder state);

    /// {@return `L(q)`, and `−∞` where it is not a number}
    final double valueAt(double[] q) {
        double value = density.value(q, scratch);
        return Double.isFinite(value) ? value : Double.NEGATIVE_INFINITY;
    }

    /// {@return the number of a walker that stands still while the range moves, other than `not`}
    final int still(int[] active, int from, int to, int not) {
        int n = active.length - (to - from);
        while (true) {
            int k = (int) (random.uniform() * n);
            int walker = active[k < from ? k : k + (to - from)];
            if (walker != not) {
                return walker;
            }
        }
    }

    @Override
    public final void next(double[][] positions) {
        int n = order.length;
        if (randomizeSplit) {
            for (int i = n - 1; i > 0; i--) {
                int j = (int) (random.uniform() * (i + 1));
                int t = order[i];
                order[i] = order[j];
                order[j] = t;
            }
        }
        move(order, 0, n / 2);
        move(order, n / 2, n);
        learn(iteration < numWarmup);
        iteration++;
        for (int i = 0; i < n; i++) {
            System.arraycopy(position[i], 0, positions[i], 0, position[i].length);
        }
    }

    @Override
    public final int size() {
        return position.length;
    }

    @Override
    public final int dimension() {
        return scratch.length;
    }

    @Override
    public final long iteration() {
        return iteration;
    }

    @Override
    public final int numWarmup() {
        return numWarmup;
    }

    @Override
    public final double statistic(Statistic statistic, int chain) {
        return switch (statistic) {
            case POTENTIAL_ENERGY -> -logDensity[chain];
            case ACCEPT_PROB -> acceptProb[chain];
            case DIVERGING -> 0;
            default -> Double.NaN;
        };
    }

    @Override
    public final ChainState state() {
        int d = scratch.length;
        double[] all = new double[position.length * d];
        long[] saved = new long[order.length];
        for (int i = 0; i < position.length; i++) {
            System.arraycopy(position[i], 0, all, i * d, d);
            saved[i] = order[i];
        }
        ChainState.Builder state = new ChainState.Builder(kernel)
                .put("position", all)
                .put("logDensity", logDensity)
                .put("acceptProb", acceptProb)
                .put("order", saved)
                .put("random", random.words())
                .put("iteration", iteration)
                .put("numWarmup", (long) numWarmup);
        save(state);
        return state.build();
    }
}
