package kiln.infer.mcmc;

/// A point of phase space with all that the dynamics carries along: position, momentum, velocity, gradient, acceleration, energy.
///
/// Mutable and recycled by [PhasePoints]: the tree of one transition refers to points instead of copying them.
final class PhasePoint {
    final double[] position;
    final double[] momentum;
    final double[] velocity;
    final double[] gradient;

    /// The gradient times the inverse mass matrix, for a [CorrelatedMetric] alone.
    final double[] acceleration;

    /// `L(q)`, in nats.
    double logDensity;

    /// `H = K(p) − L(q)`, in nats; `+∞` where it cannot be computed.
    double energy;

    /// The number of the point among its [PhasePoints]; −1 for one that belongs to none.
    final int number;

    /// How often the tree refers to this point as a first, last or proposed one.
    int references;

    /// A point that belongs to no [PhasePoints], which no trajectory can start from.
    PhasePoint(int dimension) {
        this(dimension, -1);
    }

    PhasePoint(int dimension, int number) {
        this.number = number;
        position = new double[dimension];
        momentum = new double[dimension];
        velocity = new double[dimension];
        gradient = new double[dimension];
        acceleration = new double[dimension];
    }

    /// A fresh momentum of the metric, with velocity and energy.
    void refresh(Metric metric, ChainRandom random) {
        metric.sampleMomentum(random, momentum);
        setEnergy(metric.complete(this));
    }

    /// `H = kinetic − L`; whatever is not finite, also a density of `+∞`, becomes `+∞`.
    void setEnergy(double kinetic) {
        double h = kinetic - logDensity;
        energy = Double.isFinite(h) ? h : Double.POSITIVE_INFINITY;
    }
}
