package kiln.infer.mcmc;

/// The complete state of a chain between two draws: position, generator, step size, metric, and all running estimates of the warm-up.
///
/// Immutable; a chain resumed from it continues bit for bit.
public final class ChainState {
    private final double[] position;
    private final double[] gradient;
    private final double logDensity;
    private final ChainRandom random;
    private final Warmup warmup;

    /// Copies all that is mutable.
    ChainState(PhasePoint point, ChainRandom random, Warmup warmup) {
        position = point.position.clone();
        gradient = point.gradient.clone();
        logDensity = point.logDensity;
        this.random = random.copy();
        this.warmup = warmup.copy();
    }

    /// {@return the last draw on the unconstrained space, a copy}
    public double[] position() {
        return position.clone();
    }

    /// {@return the log density of the last draw, in nats}
    public double logDensity() {
        return logDensity;
    }

    /// {@return the number of iterations done, warm-up included}
    public long iteration() {
        return warmup.iteration();
    }

    /// {@return the step size of the next draw}
    public double stepSize() {
        return warmup.stepSize();
    }

    /// {@return the metric of the next draw}
    public Metric metric() {
        return warmup.metric();
    }

    /// Writes position, gradient and log density into a point of the same dimension.
    void restore(PhasePoint point) {
        System.arraycopy(position, 0, point.position, 0, position.length);
        System.arraycopy(gradient, 0, point.gradient, 0, gradient.length);
        point.logDensity = logDensity;
    }

    ChainRandom random() {
        return random.copy();
    }

    Warmup warmup() {
        return warmup.copy();
    }

    int dimension() {
        return position.length;
    }
}
