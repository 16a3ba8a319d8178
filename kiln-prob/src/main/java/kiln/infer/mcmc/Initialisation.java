package kiln.infer.mcmc;

import java.util.function.IntFunction;
import kiln.infer.LogDensity;

/// Search for a place to start: positions uniform in a cube of the unconstrained space until density and gradient are finite.
///
/// ```
/// q_i ~ Uniform(−radius, radius),  at most `maxTries` times
/// ```
///
/// A failure is a result: it says how often which coordinate was at fault, for the caller to translate into names of sites.
///
/// Source: *Stan Reference Manual*, "Initialization"; NumPyro's `init_to_uniform`.
public sealed interface Initialisation {
    /// Half the edge of Stan's and NumPyro's cube.
    double DEFAULT_RADIUS = 2;

    /// Number of tries of Stan and NumPyro.
    int DEFAULT_TRIES = 100;

    /// Pairs that L-BFGS remembers; from 3 to 20 are usual.
    int ASCENT_HISTORY = 6;

    /// Beyond this the last digit of a log density is above 10⁻⁶ nats.
    double LOW = 0x1p32;

    /// One small gain may be a bend on the way.
    int SLOW_STEPS = 2;

    /// After so many steps the climb ends wherever it is; tens are usual.
    int MOST_STEPS = 500;

    /// Draws from the best approximation of a path that a start is chosen from.
    int START_DRAWS = 10;

    /// Draws that tell which approximation of such a path is the best.
    int START_ELBO_DRAWS = 5;

    /// A position with finite density and gradient.
    final class Found implements Initialisation {
        private final double[] position;
        private final double logDensity;
        private final int tries;

        private Found(double[] position, double logDensity, int tries) {
            this.position = position;
            this.logDensity = logDensity;
            this.tries = tries;
        }

        /// {@return the position, length `d`, a copy}
        public double[] position() {
            return position.clone();
        }

        /// {@return the log density there, in nats}
        public double logDensity() {
            return logDensity;
        }

        /// {@return the number of positions tried, this one included}
        public int tries() {
            return tries;
        }
    }

    /// No position was usable.
    final class Failed implements Initialisation {
        private final int tries;
        private final int badValues;
        private final int[] badGradients;
        private final double[] position;
        private final double logDensity;
        private final double[] gradient;

        private Failed(int tries, int badValues, int[] badGradients, double[] position, double logDensity, double[] gradient) {
            this.tries = tries;
            this.badValues = badValues;
            this.badGradients = badGradients;
            this.position = position;
            this.logDensity = logDensity;
            this.gradient = gradient;
        }

        /// {@return the number of positions tried}
        public int tries() {
            return tries;
        }

        /// {@return on how many tries the log density itself was not finite}
        public int badValues() {
            return badValues;
        }

        /// {@return per coordinate, on how many tries its derivative was not finite while the log density was; a copy}
        public int[] badGradients() {
            return badGradients.clone();
        }

        /// {@return the last position tried, a copy}
        public double[] lastPosition() {
            return position.clone();
        }

        /// {@return the log density at the last position}
        public double lastLogDensity() {
            return logDensity;
        }

        /// {@return the gradient at the last position, a copy}
        public double[] lastGradient() {
            return gradient.clone();
        }
    }

    /// Tries positions uniform in a cube.
    ///
    /// @param random   generator that is moved on by `d` numbers per try
    /// @param radius   half the edge of the cube, ≥ 0
    /// @param maxTries ≥ 1
    static Initialisation uniform(LogDensity density, ChainRandom random, double radius, int maxTries) {
        double[] q = new double[density.dimension()];
        return search(density, q, maxTries, () -> {
            for (int i = 0; i < q.length; i++) {
                q[i] = radius * (2 * random.uniform() - 1);
            }
        });
    }

    /// Climbs from a position so low that energies have no digits left for a sampler's acceptance probabilities, to near the height at which
    /// the posterior's mass lies; any other position stays as it is.
    ///
    /// ```
    /// if |L| > 2³², about 4 · 10⁹ nats (the last digit of a double is then 10⁻⁶):   L-BFGS until two steps in a row gain at most d/2 nats each
    /// ```
    ///
    /// A random position may lie 10¹⁵ nats below the posterior, where the rounding of the energy alone refuses every step. The climb ends
    /// far from the mode: draws of a `d`-dimensional normal lie `d/2` nats below its mode on average. Other positions are not climbed from, because
    /// the quick way up ends at the nearest local mode, which the first iterations of a warm-up often pass by.
    ///
    /// @param from a position with finite density and gradient
    /// @return the position reached, with the tries of `from`
    static Found uphill(LogDensity density, Found from) {
        if (Math.abs(from.logDensity) <= LOW) {
            return from;
        }
        Ascent ascent = new Ascent(density, from.position, ASCENT_HISTORY);
        double enough = 0.5 * from.position.length;
        int slow = 0;
        while (slow < SLOW_STEPS && ascent.count() < MOST_STEPS && ascent.advance()) {
            slow = ascent.gain() > enough ? 0 : slow + 1;
        }
        return new Found(ascent.position(), ascent.value(), from.tries);
    }

    /// A place of the posterior, roughly, that Pathfinder proposes: from `paths` uniform positions it climbs, draws 10 times from the best normal
    /// approximation on each way, and takes one of all these draws with a probability in proportion to `density / normal`.
    ///
    /// So chains that each start like this are spread over the modes by the mass they seem to have; one that lies tens of nats below, where a chain
    /// may stay for hundreds of iterations, is left out as soon as one way leads past it. Where no way has an approximation it is the first uniform position,
    /// [#uphill] from there.
    ///
    /// @param random generator that is moved on by an unknown number of numbers
    /// @param paths  how many ways, ≥ 0; none for a uniform position, [#uphill] from there
    static Initialisation pathfinder(LogDensity density, ChainRandom random, int paths) {
        Initialisation first = uniform(density, random, DEFAULT_RADIUS, DEFAULT_TRIES);
        if (!(first instanceof Found start)) {
            return first;
        }
        Pathfinder settings = new Pathfinder(density).numElboDraws(START_ELBO_DRAWS).maxIterations(MOST_STEPS).history(ASCENT_HISTORY);
        PathDraws draws = new PathDraws(paths * START_DRAWS, density.dimension());
        for (int p = 0; p < paths; p++) {
            Initialisation from = p == 0 ? start : uniform(density, random, DEFAULT_RADIUS, DEFAULT_TRIES);
            if (from instanceof Found f) {
                PathfinderPath.follow(settings, density, f.position, random).ifPresent(path -> draws.add(path.normal(), START_DRAWS, density, random));
            }
        }
        return draws.isEmpty() ? uphill(density, start) : at(density, draws.one(random));
    }

    /// Tries positions that something proposes.
    ///
    /// @param propose  the position of a try, numbered from 0; length `d`
    /// @param maxTries ≥ 1
    static Initialisation proposed(LogDensity density, IntFunction<double[]> propose, int maxTries) {
        double[] q = new double[density.dimension()];
        int[] tries = new int[1];
        return search(density, q, maxTries, () -> System.arraycopy(propose.apply(tries[0]++), 0, q, 0, q.length));
    }

    /// Tries the one position the user gave.
    ///
    /// @param position length `d`; copied
    static Initialisation at(LogDensity density, double[] position) {
        return search(density, position.clone(), 1, () -> {});
    }

    private static Initialisation search(LogDensity density, double[] q, int maxTries, Runnable propose) {
        if (maxTries < 1) {
            throw new IllegalArgumentException("Initialisation: maxTries must be ≥ 1.\n  Got:      " + maxTries);
        }
        double[] gradient = new double[q.length];
        int[] badGradients = new int[q.length];
        int badValues = 0;
        double value = Double.NaN;
        for (int tries = 1; tries <= maxTries; tries++) {
            propose.run();
            value = density.valueAndGradient(q, gradient);
            boolean finite = Double.isFinite(value);
            if (!finite) {
                badValues++;
            } else {
                for (int i = 0; i < q.length; i++) {
                    if (!Double.isFinite(gradient[i])) {
                        badGradients[i]++;
                        finite = false;
                    }
                }
            }
            if (finite) {
                return new Found(q, value, tries);
            }
        }
        return new Failed(maxTries, badValues, badGradients, q, value, gradient);
    }
}
