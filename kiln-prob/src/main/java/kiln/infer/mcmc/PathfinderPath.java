package kiln.infer.mcmc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import kiln.infer.LogDensity;

/// One path of [Pathfinder]: uphill from a random place, with a normal approximation at every point, of which the best is kept.
final class PathfinderPath {
    /// A step that gains less changes nothing about the approximation, in nats.
    private static final double FLAT = 1e-7;

    /// A pair whose bend is steeper than this would make the diagonal vanish.
    private static final double STEEPEST = 1e12;

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
        int d = start.length;
        Ascent ascent = new Ascent(density, start, settings.history());
        double[] alpha = new double[d];
        Arrays.fill(alpha, 1);
        Deque<double[]> steps = new ArrayDeque<>();
        Deque<double[]> bends = new ArrayDeque<>();
        Optional<PathNormal> best = Optional.empty();
        double highest = Double.NEGATIVE_INFINITY;
        while (ascent.count() < settings.maxIterations() && ascent.advance()) {
            double[] s = ascent.lastStep().clone();
            double[] y = ascent.lastBend().clone();
            double inner = Dots.dot(s, y);
            if (inner > 0 && Dots.dot(y, y) <= STEEPEST * inner) {
                improve(alpha, s, y, inner);
                steps.addLast(s);
                bends.addLast(y);
                if (steps.size() > settings.history()) {
                    steps.removeFirst();
                    bends.removeFirst();
                }
            }
            Optional<PathNormal> normal =
                    PathNormal.at(ascent.position(), ascent.gradient(), alpha, new ArrayList<>(steps), new ArrayList<>(bends));
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

    /// The diagonal update of Gilbert and Lemaréchal (1989).
    ///
    /// ```
    /// a = yᵀ(αy),  b = y·s,  c = sᵀ(s/α);    α_i ← b / (a/α_i + y_i² − (a/c) (s_i/α_i)²)
    /// ```
    private static void improve(double[] alpha, double[] s, double[] y, double b) {
        double a = 0;
        double c = 0;
        for (int i = 0; i < alpha.length; i++) {
            a += y[i] * y[i] * alpha[i];
            c += s[i] * s[i] / alpha[i];
        }
        for (int i = 0; i < alpha.length; i++) {
            double r = s[i] / alpha[i];
            alpha[i] = b / (a / alpha[i] + y[i] * y[i] - a / c * r * r);
        }
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
