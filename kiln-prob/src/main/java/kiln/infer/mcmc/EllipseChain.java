package kiln.infer.mcmc;

import kiln.infer.GaussianPrior;
import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;
import kiln.math.Elementary;

/// A chain of [EllipticalSlice].
final class EllipseChain implements Chain {
    static final String KERNEL = "EllipticalSlice";

    private final LogDensity density;
    private final GaussianPrior prior;
    private final ChainRandom random;
    private final int numWarmup;
    private final double[] position;
    private final double[] mean;
    private final double[] ellipse;
    private final double[] proposal;
    private final double[] scratch;
    private long iteration;
    private double logLikelihood;
    private double logDensity;
    private int numSteps;

    EllipseChain(LogDensity density, GaussianPrior prior, double[] initialPosition, ChainRandom random, long iteration, int numWarmup) {
        this.density = density;
        this.prior = prior;
        this.random = random;
        this.iteration = iteration;
        this.numWarmup = numWarmup;
        position = initialPosition.clone();
        mean = prior.mean();
        ellipse = new double[position.length];
        proposal = new double[position.length];
        scratch = new double[position.length];
        logLikelihood = logLikelihoodAt(position);
        if (logLikelihood == Double.NEGATIVE_INFINITY) {
            throw new IllegalArgumentException("EllipticalSlice: the initial position has no finite log density.\n  Got:      "
                    + java.util.Arrays.toString(position));
        }
    }

    private double logLikelihoodAt(double[] q) {
        logDensity = density.value(q, scratch);
        double value = logDensity - prior.logDensity(q, scratch);
        return Double.isFinite(value) ? value : Double.NEGATIVE_INFINITY;
    }

    @Override
    public void next(double[] out) {
        int d = position.length;
        for (int i = 0; i < d; i++) {
            scratch[i] = random.normal();
        }
        prior.scale(scratch, ellipse);
        double level = logLikelihood + Elementary.log(random.uniform());
        double theta = 2 * StrictMath.PI * random.uniform();
        double low = theta - 2 * StrictMath.PI;
        double high = theta;
        numSteps = 0;
        while (true) {
            double cos = StrictMath.cos(theta);
            double sin = StrictMath.sin(theta);
            for (int i = 0; i < d; i++) {
                proposal[i] = mean[i] + (position[i] - mean[i]) * cos + ellipse[i] * sin;
            }
            numSteps++;
            double value = logLikelihoodAt(proposal);
            // A bracket of no width is the point itself, which lies above the level but for rounding.
            if (value > level || high - low < 1e-300) {
                System.arraycopy(proposal, 0, position, 0, d);
                logLikelihood = value;
                break;
            }
            if (theta < 0) {
                low = theta;
            } else {
                high = theta;
            }
            theta = low + (high - low) * random.uniform();
        }
        iteration++;
        System.arraycopy(position, 0, out, 0, d);
    }

    @Override
    public int dimension() {
        return position.length;
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
        return -logDensity;
    }

    @Override
    public double acceptProb() {
        return 1;
    }

    @Override
    public int numSteps() {
        return numSteps;
    }

    @Override
    public ChainState state() {
        return new ChainState.Builder(KERNEL)
                .put("position", position)
                .put("random", random.words())
                .put("iteration", iteration)
                .put("numWarmup", (long) numWarmup)
                .build();
    }
}
