package kiln.infer.mcmc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kiln.dist.Distribution;
import kiln.infer.DistributionDensity;

/// The kinetic energy of momenta that a distribution draws.
///
/// What is compiled for a dimension serves all chains.
final class DistributedMomenta implements KineticEnergy {
    private final Distribution momenta;
    private final Map<Integer, DistributionDensity> compiled = new ConcurrentHashMap<>();

    /// @param momenta the distribution of the scaled momentum
    DistributedMomenta(Distribution momenta) {
        this.momenta = momenta;
    }

    @Override
    public KineticEnergy worker(int dimension) {
        return new Worker(this, compiled.computeIfAbsent(dimension, d -> DistributionDensity.of(momenta, d)).worker());
    }

    @Override
    public double valueAndGradient(double[] u, double[] gradient) {
        return worker(u.length).valueAndGradient(u, gradient);
    }

    @Override
    public void sample(ChainRandom random, double[] u) {
        worker(u.length).sample(random, u);
    }

    @Override
    public String toString() {
        return momenta.toString();
    }

    /// The compiled energy of one chain.
    private record Worker(DistributedMomenta energy, DistributionDensity compiled) implements KineticEnergy {
        @Override
        public double valueAndGradient(double[] u, double[] gradient) {
            double value = compiled.density().valueAndGradient(u, gradient);
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] = -gradient[i];
            }
            return -value;
        }

        @Override
        public void sample(ChainRandom random, double[] u) {
            compiled.draw(random.nextLong(), u);
        }

        @Override
        public String toString() {
            return energy.toString();
        }
    }
}
