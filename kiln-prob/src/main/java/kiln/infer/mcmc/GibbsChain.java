package kiln.infer.mcmc;

import java.util.Arrays;
import kiln.infer.DiscreteDensity;
import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;
import kiln.math.Elementary;

/// A chain of [DiscreteHMCGibbs]: sweeps over the discrete coordinates, and a chain of the inner kernel that sees them as constants.
final class GibbsChain implements Chain {
    static final String KERNEL = "DiscreteHMCGibbs";

    private final DiscreteHMCGibbs kernel;
    private final Conditional conditional;
    private final double[][] supports;
    private final int[] order;
    private final double[] logs;
    private final double[] weights;
    private final HamiltonianChain inner;

    /// The density of the continuous coordinates, given the discrete ones.
    private static final class Conditional implements LogDensity {
        private final DiscreteDensity density;
        private final int continuous;
        private final double[] position;
        private final double[] gradient;

        Conditional(DiscreteDensity density, double[] position) {
            this.density = density;
            continuous = density.continuous();
            this.position = position;
            gradient = new double[position.length];
        }

        @Override
        public int dimension() {
            return continuous;
        }

        @Override
        public double valueAndGradient(double[] q, double[] g) {
            System.arraycopy(q, 0, position, 0, continuous);
            double value = density.valueAndGradient(position, gradient);
            System.arraycopy(gradient, 0, g, 0, continuous);
            return value;
        }
    }

    private GibbsChain(DiscreteHMCGibbs kernel, Conditional conditional, double[][] supports, HamiltonianChain inner) {
        this.kernel = kernel;
        this.conditional = conditional;
        this.supports = supports;
        this.inner = inner;
        order = new int[supports.length];
        logs = new double[Arrays.stream(supports).mapToInt(s -> s.length).max().orElse(0)];
        weights = new double[logs.length];
    }

    private static double[][] supports(DiscreteDensity density) {
        double[][] out = new double[density.dimension() - density.continuous()][];
        for (int i = 0; i < out.length; i++) {
            out[i] = density.support(i);
        }
        return out;
    }

    static GibbsChain start(DiscreteHMCGibbs kernel, DiscreteDensity density, double[] initialPosition, long seed, int numWarmup) {
        double[] position = initialPosition.clone();
        double[][] supports = supports(density);
        for (int i = 0; i < supports.length; i++) {
            int at = density.continuous() + i;
            position[at] = DiscreteDensity.nearest(supports[i], position[at]);
        }
        var conditional = new Conditional(density, position);
        PhasePoints points = new PhasePoints(conditional.dimension());
        var inner = HamiltonianChain.start(KERNEL, conditional, Trajectory.of(kernel.inner(), conditional, points), points,
                kernel.inner().settings(), Arrays.copyOf(position, conditional.dimension()), seed, numWarmup);
        return new GibbsChain(kernel, conditional, supports, inner);
    }

    static GibbsChain resume(DiscreteHMCGibbs kernel, DiscreteDensity density, ChainState state) {
        double[] position = state.madeBy(KERNEL).position();
        var conditional = new Conditional(density, position);
        PhasePoints points = new PhasePoints(conditional.dimension());
        var inner = HamiltonianChain.resume(KERNEL, conditional, Trajectory.of(kernel.inner(), conditional, points), points,
                kernel.inner().settings(), state, Arrays.copyOf(position, conditional.dimension()));
        return new GibbsChain(kernel, conditional, supports(density), inner);
    }

    @Override
    public void next(double[] out) {
        double[] all = conditional.position;
        System.arraycopy(inner.position(), 0, all, 0, conditional.continuous);
        sweep(inner.random());
        inner.refresh();
        inner.next(out);
        System.arraycopy(all, conditional.continuous, out, conditional.continuous, supports.length);
    }

    /// Every discrete coordinate once, in random order.
    private void sweep(ChainRandom random) {
        for (int i = 0; i < order.length; i++) {
            int j = (int) (random.uniform() * (i + 1));
            order[i] = order[j];
            order[j] = i;
        }
        double logDensity = -inner.potentialEnergy();
        for (int i : order) {
            if (supports[i].length > 1) {
                logDensity = kernel.randomWalk() ? walk(i, logDensity, random) : draw(i, logDensity, random);
            }
        }
    }

    private double at(int coordinate, double value) {
        double[] all = conditional.position;
        double before = all[coordinate];
        all[coordinate] = value;
        double density = conditional.density.valueAndGradient(all, conditional.gradient);
        all[coordinate] = before;
        return Double.isNaN(density) ? Double.NEGATIVE_INFINITY : density;
    }

    private int indexOf(int i) {
        return Arrays.binarySearch(supports[i], conditional.position[conditional.continuous + i]);
    }

    /// One value proposed uniformly.
    private double walk(int i, double logDensity, ChainRandom random) {
        int coordinate = conditional.continuous + i;
        int present = indexOf(i);
        int count = supports[i].length - (kernel.modified() ? 1 : 0);
        int k = (int) (random.uniform() * count);
        if (kernel.modified() && k >= present) {
            k++;
        }
        double proposed = k == present ? logDensity : at(coordinate, supports[i][k]);
        if (Elementary.log(random.uniform()) < proposed - logDensity) {
            conditional.position[coordinate] = supports[i][k];
            return proposed;
        }
        return logDensity;
    }

    /// One value drawn from the conditional distribution, or from what is left of it without the present value.
    private double draw(int i, double logDensity, ChainRandom random) {
        int coordinate = conditional.continuous + i;
        int present = indexOf(i);
        int count = supports[i].length;
        double max = logDensity;
        for (int k = 0; k < count; k++) {
            logs[k] = k == present ? logDensity : at(coordinate, supports[i][k]);
            max = Math.max(max, logs[k]);
        }
        double total = 0;
        for (int k = 0; k < count; k++) {
            weights[k] = Elementary.exp(logs[k] - max);
            total += weights[k];
        }
        double others = total - weights[present];
        double u = random.uniform() * (kernel.modified() ? others : total);
        int chosen = -1;
        for (int k = 0; k < count; k++) {
            if (weights[k] > 0 && !(kernel.modified() && k == present)) {
                chosen = k;
                u -= weights[k];
                if (u < 0) {
                    break;
                }
            }
        }
        boolean accepted = chosen >= 0;
        if (kernel.modified() && accepted) {
            accepted = random.uniform() * (total - weights[chosen]) < others;
        }
        if (!accepted) {
            return logDensity;
        }
        conditional.position[coordinate] = supports[i][chosen];
        return logs[chosen];
    }

    @Override
    public int dimension() {
        return conditional.position.length;
    }

    @Override
    public long iteration() {
        return inner.iteration();
    }

    @Override
    public int numWarmup() {
        return inner.numWarmup();
    }

    @Override
    public double potentialEnergy() {
        return inner.potentialEnergy();
    }

    @Override
    public double energy() {
        return inner.energy();
    }

    @Override
    public double acceptProb() {
        return inner.acceptProb();
    }

    @Override
    public int numSteps() {
        return inner.numSteps();
    }

    @Override
    public int treeDepth() {
        return inner.treeDepth();
    }

    @Override
    public boolean diverging() {
        return inner.diverging();
    }

    @Override
    public double stepSize() {
        return inner.stepSize();
    }

    @Override
    public Metric metric() {
        return inner.metric();
    }

    @Override
    public ChainState state() {
        double[] all = conditional.position.clone();
        System.arraycopy(inner.position(), 0, all, 0, conditional.continuous);
        var state = new ChainState.Builder(KERNEL).put("position", all);
        inner.save(state);
        return state.build();
    }
}
