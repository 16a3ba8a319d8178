package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;

/// A chain of an [AdaptiveSampler]: a [Trajectory] that makes transitions and a [Warmup] that learns from them.
final class HamiltonianChain implements Chain {
    private final String kernel;
    private final LogDensity density;
    private final Trajectory trajectory;
    private final PhasePoints points;
    private final ChainRandom random;
    private final Warmup warmup;
    private PhasePoint current;
    private double energy;

    private HamiltonianChain(String kernel, LogDensity density, Trajectory trajectory, PhasePoints points, ChainRandom random, Warmup warmup,
            PhasePoint current) {
        this.kernel = kernel;
        this.density = density;
        this.trajectory = trajectory;
        this.points = points;
        this.random = random;
        this.warmup = warmup;
        this.current = current;
        this.energy = Double.NaN;
    }

    static HamiltonianChain start(String kernel, LogDensity density, Trajectory trajectory, PhasePoints points, HMCSettings settings,
            double[] initialPosition, long seed, int numWarmup) {
        int d = checkDimension(density, initialPosition.length);
        PhasePoint point = points.take();
        System.arraycopy(initialPosition, 0, point.position, 0, d);
        trajectory.warmUp(numWarmup > 0);
        trajectory.evaluate(density, point);
        boolean withGradient = trajectory.wantsGradient();
        boolean finite = Double.isFinite(point.logDensity);
        for (double g : point.gradient) {
            finite &= !withGradient || Double.isFinite(g);
        }
        if (!finite) {
            throw new IllegalArgumentException("The initial position has no finite log density" + (withGradient ? " and gradient" : "") + ".\n"
                    + "  Got:      log density " + point.logDensity + (withGradient ? ", gradient " + java.util.Arrays.toString(point.gradient) : "")
                    + " at " + java.util.Arrays.toString(point.position) + "\n"
                    + "  Fix:      find a position with Initialisation.uniform.");
        }
        ChainRandom random = new ChainRandom(seed);
        Warmup warmup = Warmup.of(settings.of(density), DenseBlocks.of(settings, density), d, numWarmup, trajectory.maxStepSize());
        warmup.begin(trajectory, density, points, point, random);
        return new HamiltonianChain(kernel, density, trajectory, points, random, warmup, point);
    }

    static HamiltonianChain resume(String kernel, LogDensity density, Trajectory trajectory, PhasePoints points, HMCSettings settings,
            ChainState state) {
        return resume(kernel, density, trajectory, points, settings, state, state.madeBy(kernel).position());
    }

    /// Continues from a state of a kernel whose chains consist of more than this one.
    ///
    /// @param position the part of the state's position that belongs to this chain
    static HamiltonianChain resume(String kernel, LogDensity density, Trajectory trajectory, PhasePoints points, HMCSettings settings,
            ChainState state, double[] position) {
        int d = checkDimension(density, position.length);
        PhasePoint point = points.take();
        System.arraycopy(position, 0, point.position, 0, d);
        System.arraycopy(state.doubles("gradient"), 0, point.gradient, 0, d);
        point.logDensity = state.real("logDensity");
        Warmup warmup = Warmup.of(state, settings.of(density), DenseBlocks.of(settings, density), d, trajectory.maxStepSize());
        return new HamiltonianChain(kernel, density, trajectory, points, ChainRandom.ofWords(state.longs("random")), warmup, point);
    }

    private static int checkDimension(LogDensity density, int got) {
        if (got != density.dimension()) {
            throw new IllegalArgumentException("The position does not have the dimension of the density.\n"
                    + "  Expected: " + density.dimension() + " coordinates\n  Got:      " + got);
        }
        return got;
    }

    @Override
    public void next(double[] position) {
        trajectory.warmUp(isWarmingUp());
        take(trajectory.advance(current, warmup.stepSize(), warmup.dynamics(), random), position);
    }

    /// {@return what moves the chain: its metric, with its kinetic energy}
    Metric dynamics() {
        return warmup.dynamics();
    }

    /// {@return the transitions of the chain, step by step}
    SteppedTrajectory stepped() {
        return (SteppedTrajectory) trajectory;
    }

    /// Begins an iteration whose steps somebody else makes.
    void begin() {
        trajectory.warmUp(isWarmingUp());
        stepped().begin(current, warmup.stepSize(), warmup.dynamics(), random);
    }

    /// Ends an iteration whose steps were made.
    ///
    /// @param position receives the draw, as by [#next]
    void end(double[] position) {
        take(stepped().end(), position);
    }

    private void take(PhasePoint draw, double[] position) {
        PhasePoint before = current;
        current = draw;
        energy = current.energy;
        warmup.learn(density, points, current, trajectory, current != before, random);
        System.arraycopy(current.position, 0, position, 0, current.position.length);
    }

    @Override
    public int dimension() {
        return current.position.length;
    }

    @Override
    public long iteration() {
        return warmup.iteration();
    }

    @Override
    public int numWarmup() {
        return warmup.numWarmup();
    }

    @Override
    public double potentialEnergy() {
        return -current.logDensity;
    }

    @Override
    public double energy() {
        return energy;
    }

    @Override
    public double acceptProb() {
        return trajectory.acceptProb();
    }

    @Override
    public int numSteps() {
        return trajectory.numSteps();
    }

    @Override
    public int treeDepth() {
        return trajectory.treeDepth();
    }

    @Override
    public boolean diverging() {
        return trajectory.diverging();
    }

    @Override
    public double stepSize() {
        return trajectory.stepSize();
    }

    @Override
    public Metric metric() {
        return warmup.metric();
    }

    @Override
    public ChainState state() {
        ChainState.Builder state = new ChainState.Builder(kernel).put("position", current.position);
        save(state);
        return state.build();
    }

    /// Adds everything but the position.
    void save(ChainState.Builder state) {
        state.put("gradient", current.gradient).put("logDensity", current.logDensity).put("random", random.words());
        warmup.save(state);
    }

    /// Where the chain is; only read.
    double[] position() {
        return current.position;
    }

    /// The random numbers of the chain, for a kernel that it is a part of.
    ChainRandom random() {
        return random;
    }

    /// Evaluates the density anew where the chain is: it has changed.
    void refresh() {
        trajectory.evaluate(density, current);
    }
}
