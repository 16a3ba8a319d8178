package kiln.infer.mcmc;

import kiln.math.Elementary;

/// The no-U-turn transition: doubles a trajectory forwards or backwards in time until it turns back, and draws a point of it.
///
/// ```
/// weight of a point     exp(H₀ − H)
/// inside a new half     its proposal by weights (multinomial), uniform
/// between the halves    the new half with min(1, w_new / w_old) (biased progressive)
/// go on while           C(A_first, B_last, ρ_A + ρ_B), C(A_first, B_first, ρ_A + p_B_first), C(A_last, B_last, ρ_B + p_A_last)
///   with                C(a, b, r):  v_a · r > 0  and  v_b · r > 0,     ρ the sum of the momenta of a half
/// ```
///
/// the same three tests at every merge of two neighbouring subtrees `A`, `B` of the new half. The last two stop the resonance where
/// a trajectory of a near-Gaussian density makes almost a full period and looks straight. A half that turns or diverges inside is
/// dropped entirely. A transition diverges where `H − H₀ > 1000`; a fall in energy of any size does not.
///
/// The subtrees are merged like the carries of a binary counter, one pending node per level, so the memory is `O(depth)` points
/// and no call nests. Weights are kept relative to a reference energy instead of as logarithms: one exponential per point.
///
/// Source: Hoffman and Gelman, *The No-U-Turn Sampler* (2014); Betancourt, *A conceptual introduction to Hamiltonian Monte Carlo*
/// (2017), appendix A; the additional tests: Stan pull request 2800 (2019).
final class NoUTurnTrajectory implements SteppedTrajectory {
    /// Above this fall in energy the weights are rescaled; `exp(600)` is still far from overflow.
    private static final double RESCALE_AT = 600;

    private final Integrator integrator;
    private final int maxWarmupTreeDepth;
    private final int maxTreeDepth;
    private final double maxEnergyError;
    private final PhasePoints points;

    /// The subtrees by their numbers, which change places instead of them (see [PhasePoints]).
    private final Subtree[] subtrees;

    private final int[] pending;
    private int treeNumber;
    private int halfNumber;

    private int limit;
    private double reference;
    private double initialEnergy;
    private double eps;
    private double acceptSum;
    private int numSteps;
    private int numPoints;
    private int treeDepth;
    private boolean diverging;
    private double signedEps;
    private boolean treeIsForward; // whether the last point of the tree is the end that is later in time

    // Of a transition whose steps somebody else makes:
    private ChainRandom random = new ChainRandom(0);
    private PhasePoint previous = new PhasePoint(0);
    private PhasePoint next = previous;
    private boolean wantsStep;
    private int leaf;

    /// The same depth in the warm-up and after it.
    NoUTurnTrajectory(Integrator integrator, PhasePoints points, int maxTreeDepth, double maxEnergyError) {
        this(integrator, points, maxTreeDepth, maxTreeDepth, maxEnergyError);
    }

    NoUTurnTrajectory(Integrator integrator, PhasePoints points, int maxWarmupTreeDepth, int maxTreeDepth, double maxEnergyError) {
        this.integrator = integrator;
        this.points = points;
        this.maxWarmupTreeDepth = maxWarmupTreeDepth;
        this.maxTreeDepth = maxTreeDepth;
        this.maxEnergyError = maxEnergyError;
        limit = maxTreeDepth;
        pending = new int[Math.max(maxWarmupTreeDepth, maxTreeDepth)];
        treeNumber = pending.length;
        halfNumber = treeNumber + 1;
        subtrees = new Subtree[halfNumber + 1];
        for (int k = 0; k < subtrees.length; k++) {
            subtrees[k] = new Subtree(points);
        }
        for (int k = 0; k < pending.length; k++) {
            pending[k] = k;
        }
    }

    @Override
    public void warmUp(boolean isWarmingUp) {
        limit = isWarmingUp ? maxWarmupTreeDepth : maxTreeDepth;
    }

    @Override
    public PhasePoint advance(PhasePoint current, double stepSize, Metric metric, ChainRandom own) {
        boolean goesOn = start(current, stepSize, metric, own);
        while (goesOn) {
            // The points stay in local variables: what is stored in a field costs the garbage collector's bookkeeping, at every step.
            PhasePoint from = subtrees[treeNumber].last();
            int leaves = 1 << treeDepth;
            for (int n = 0; n < leaves && goesOn; n++) {
                PhasePoint to = points.take();
                boolean reached = integrator.step(metric, signedEps, from, to);
                numSteps += integrator.gradients();
                goesOn = reached ? extend(to, n, leaves, own) : refuse();
                from = to;
            }
            goesOn = goesOn && join(own) && beginHalf(own);
        }
        return end();
    }

    @Override
    public void begin(PhasePoint current, double stepSize, Metric metric, ChainRandom own) {
        random = own;
        wantsStep = start(current, stepSize, metric, own);
        previous = current;
        next = points.take();
        leaf = 0;
    }

    @Override
    public boolean wantsStep() {
        return wantsStep;
    }

    @Override
    public PhasePoint from() {
        return previous;
    }

    @Override
    public PhasePoint to() {
        return next;
    }

    @Override
    public double eps() {
        return signedEps;
    }

    @Override
    public void stepped() {
        numSteps++;
        int leaves = 1 << treeDepth;
        wantsStep = extend(next, leaf++, leaves, random);
        previous = next;
        if (wantsStep && leaf == leaves) {
            wantsStep = join(random) && beginHalf(random);
            previous = subtrees[treeNumber].last();
            leaf = 0;
        }
        if (wantsStep) {
            next = points.take();
        }
    }

    @Override
    public PhasePoint end() {
        PhasePoint draw = subtrees[treeNumber].proposal();
        points.releaseAllBut(draw);
        return draw;
    }

    /// Begins a trajectory with its first point.
    ///
    /// @return whether there is to be a half
    private boolean start(PhasePoint current, double stepSize, Metric metric, ChainRandom own) {
        current.refresh(metric, own);
        initialEnergy = current.energy;
        reference = initialEnergy;
        acceptSum = 0;
        numSteps = 0;
        numPoints = 0;
        treeDepth = 0;
        diverging = false;
        eps = stepSize;
        subtrees[treeNumber].setLeaf(current, 1);
        treeIsForward = true;
        return beginHalf(own);
    }

    /// Chooses the end of the trajectory from which a half of `2^treeDepth` new points is to grow.
    ///
    /// @return whether there is to be one
    private boolean beginHalf(ChainRandom own) {
        if (treeDepth >= limit) {
            return false;
        }
        boolean forward = own.uniform() > 0.5;
        if (forward != treeIsForward) {
            subtrees[treeNumber].reverse();
            treeIsForward = forward;
        }
        signedEps = forward ? eps : -eps;
        return true;
    }

    /// The trajectory ends before a point that the integrator does not reach.
    private boolean refuse() {
        acceptSum += integrator.acceptance(0);
        numPoints++;
        diverging = integrator.diverging();
        return false;
    }

    /// Adds the point that was reached to the new half, the subtree [#halfNumber].
    ///
    /// @param n      its number, from 0
    /// @param leaves how many points the half is to have
    /// @return whether the half neither diverges nor turns in one of its subtrees so far
    private boolean extend(PhasePoint reached, int n, int leaves, ChainRandom own) {
        if (!addLeaf(reached)) {
            return false;
        }
        // The trailing one bits of n count the subtrees of equal size that wait for this one.
        int level = 0;
        for (; (n >>> level & 1) == 1; level++) {
            Subtree before = subtrees[pending[level]];
            Subtree half = subtrees[halfNumber];
            double total = before.weight + half.weight;
            boolean takeNew = own.uniform() * total < half.weight;
            if (!half.append(before, takeNew)) {
                return false;
            }
        }
        if (n + 1 < leaves) {
            int done = halfNumber;
            halfNumber = pending[level];
            pending[level] = done;
        }
        return true;
    }

    /// Joins the new half to the tree.
    ///
    /// @return whether the doubled tree goes on
    private boolean join(ChainRandom own) {
        treeDepth++;
        Subtree tree = subtrees[treeNumber];
        Subtree half = subtrees[halfNumber];
        boolean takeNew = half.weight > tree.weight || own.uniform() * tree.weight < half.weight;
        boolean goesOn = half.append(tree, takeNew);
        int merged = halfNumber;
        halfNumber = treeNumber;
        treeNumber = merged;
        return goesOn;
    }

    /// Accounts for a new point and makes it the subtree [#halfNumber].
    ///
    /// @return whether it does not diverge
    private boolean addLeaf(PhasePoint point) {
        numPoints++;
        double h = point.energy;
        if (reference - h > RESCALE_AT) {
            rescale(h);
        }
        double weight = Elementary.exp(reference - h);
        acceptSum += integrator.acceptance(
                h <= initialEnergy ? 1 : reference == initialEnergy ? weight : Elementary.exp(initialEnergy - h));
        subtrees[halfNumber].setLeaf(point, weight);
        diverging = h - initialEnergy > maxEnergyError;
        return !diverging;
    }

    private void rescale(double newReference) {
        double factor = Elementary.exp(newReference - reference);
        for (Subtree s : subtrees) {
            s.weight *= factor;
        }
        reference = newReference;
    }

    @Override
    public double maxStepSize() {
        return Double.POSITIVE_INFINITY;
    }

    @Override
    public double stepSize() {
        return eps;
    }

    @Override
    public double acceptProb() {
        return numPoints == 0 ? 1 : acceptSum / numPoints;
    }

    @Override
    public int numSteps() {
        return numSteps;
    }

    @Override
    public int treeDepth() {
        return treeDepth;
    }

    @Override
    public boolean diverging() {
        return diverging;
    }
}
