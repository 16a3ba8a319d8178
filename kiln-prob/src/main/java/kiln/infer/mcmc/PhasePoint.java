package kiln.infer.mcmc;

/// A point of phase space with all that the dynamics carries along: position, momentum, velocity, gradient, energy.
///
/// Mutable and recycled by [PhasePoints]: the tree of one transition refers to points instead of copying them.
final class PhasePoint {
    final double[] position;
    final double[] momentum;
    final double[] velocity;
    final double[] gradient;

    /// `L(q)`, in nats.
    double logDensity;

    /// `H = K(p) − L(q)`, in nats; `+∞` where it cannot be computed.
    double energy;

    /// How often the tree refers to this point as a first, last or proposed one.
    int references;

    PhasePoint(int dimension) {
        position = new double[dimension];
        momentum = new double[dimension];
        velocity = new double[dimension];
        gradient = new double[dimension];
    }

    /// A fresh momentum of the metric, with velocity and energy.
    void refresh(Metric metric, ChainRandom random) {
        metric.sampleMomentum(random, momentum);
        setEnergy(metric.velocity(momentum, velocity));
    }

    /// `H = kinetic − L`; whatever is not finite, also a density of `+∞`, becomes `+∞`.
    void setEnergy(double kinetic) {
        double h = kinetic - logDensity;
        energy = Double.isFinite(h) ? h : Double.POSITIVE_INFINITY;
    }
}
