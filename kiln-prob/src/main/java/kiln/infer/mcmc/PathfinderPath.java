package kiln.infer.mcmc;

import java.util.Optional;
import kiln.infer.LogDensity;

/// One path of [Pathfinder]: uphill from a random place, with a normal approximation at every point, of which the best is kept.
final class PathfinderPath {
    /// A step that gains less changes nothing about the approximation, in nats.
    private static final double FLAT = 1e-7;

    private final PathNormal normal;
    private final double elbo;
    private final int steps;

    private PathfinderPath(PathNormal normal, double elbo, int steps) {
        this.normal = normal;
        this.elbo = elbo;
        this.steps = steps;
    }

    /// Follows a path.
    ///
    /// @return empty if no point of it had a usable approximation
    static Optional<PathfinderPath> follow(Pathfinder settings, LogDensity density, double[] start, ChainRandom random) {
        ShapedAscent path = new ShapedAscent(density, start, settings.history());
        Ascent ascent = path.ascent();
        Optional<PathNormal> best = Optional.empty();
        double highest = Double.NEGATIVE_INFINITY;
        while (ascent.count() < settings.maxIterations() && path.advance()) {
            Optional<PathNormal> normal = path.normal();
            if (normal.isPresent()) {
                double elbo = elbo(normal.get(), density, settings.numElboDraws(), random);
                if (elbo > highest) {
                    highest = elbo;
                    best = normal;
                }
            }
            if (ascent.gain() < FLAT) {
                break;
            }
        }
        double reached = highest;
        return best.map(n -> new PathfinderPath(n, reached, ascent.count()));
    }

    /// `mean of L(φ) − log q(φ)` over draws `φ` of the approximation; `−∞` if the density cannot be computed at one of them.
    private static double elbo(PathNormal normal, LogDensity density, int draws, ChainRandom random) {
        double[] q = new double[density.dimension()];
        double[] gradient = new double[q.length];
        double sum = 0;
        for (int k = 0; k < draws; k++) {
            double log = normal.draw(random, q);
            double value = density.valueAndGradient(q, gradient);
            sum += Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value - log;
        }
        return sum / draws;
    }

    /// {@return the approximation with the highest ELBO}
    PathNormal normal() {
        return normal;
    }

    /// {@return its ELBO, in nats}
    double elbo() {
        return elbo;
    }

    /// {@return the number of steps of the path}
    int steps() {
        return steps;
    }
}
