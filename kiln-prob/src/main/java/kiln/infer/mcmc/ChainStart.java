package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.List;
import kiln.infer.LogDensity;
import kiln.math.Elementary;

/// How a chain finds the place it starts from.
///
/// All begin at positions uniform in (−2, 2) on the unconstrained space, as Stan and NumPyro do; they differ in what they do there.
public sealed interface ChainStart {
    /// What [MCMC] does unless told otherwise: four climbs.
    ChainStart DEFAULT = new Ascents(4);

    /// Looks for a place.
    ///
    /// @param random generator that is moved on
    /// @return a position, or why there is none: the density was not finite at a hundred uniform positions
    Initialisation find(LogDensity density, ChainRandom random);

    /// The uniform position itself; uphill from there if it is hopelessly low, see [Initialisation#uphill].
    record Uniform() implements ChainStart {
        @Override
        public Initialisation find(LogDensity density, ChainRandom random) {
            Initialisation place = uniform(density, random);
            return place instanceof Initialisation.Found f ? Initialisation.uphill(density, f) : place;
        }
    }

    /// Climbs from several uniform positions to see how much of the posterior lies above them, and starts on the slope below a mode that may matter.
    ///
    /// ```
    /// way k:   L-BFGS from a uniform position; its points have about the mass  m = L + ½ log det 2πΣ,  Σ the inverse Hessian of L-BFGS
    ///          until m was not raised by ½ nat for five steps
    /// chosen:  the first way with  max m ≥ (max m of all ways) − (2 d + 10)
    /// start:   the first point of that way with  m ≥ (its max m) − (2 d + 10)
    /// ```
    ///
    /// What is left out are modes that are many orders of magnitude lighter, where a chain may stay for hundreds of iterations all the same. Modes that
    /// may have mass are all kept, so that chains that disagree can show it. Masses, not heights, because the joint density of
    /// a hierarchical model often has a high and narrow spike; a start in it, or on the way to it, would be none. A way that still rises after a hundred steps
    /// says nothing of where to start: if it is the one, its uniform position is taken, as by [Uniform].
    ///
    /// @param number of ways, ≥ 1
    record Ascents(int number) implements ChainStart {
        private static final int MOST_STEPS = 100;
        private static final int PATIENCE = 5;
        private static final double GAIN = 0.5;

        /// @throws IllegalArgumentException if the number is below 1
        public Ascents {
            HMCSettings.require(number >= 1, "the number of ascents must be ≥ 1", number);
        }

        /// A point of a climb with the logarithm of the mass about it.
        private record Point(Initialisation.Found place, double mass) {}

        /// The points of a climb, the lowest first.
        private record Way(List<Point> points, double mass, boolean isWhole) {}

        @Override
        public Initialisation find(LogDensity density, ChainRandom random) {
            List<Way> ways = new ArrayList<>();
            double highest = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < number; k++) {
                Initialisation from = uniform(density, random);
                if (from instanceof Initialisation.Found f) {
                    Way way = climb(density, f);
                    highest = way.isWhole ? Math.max(highest, way.mass) : highest;
                    ways.add(way);
                } else if (ways.isEmpty()) {
                    return from;
                }
            }
            double slack = 2 * density.dimension() + 10;
            double least = highest - slack;
            Way way = ways.stream().filter(w -> w.mass >= least).findFirst().orElseThrow();
            return way.isWhole
                    ? way.points.stream().filter(p -> p.mass >= way.mass - slack).findFirst().orElseThrow().place
                    : Initialisation.uphill(density, way.points.getFirst().place);
        }

        private static Way climb(LogDensity density, Initialisation.Found from) {
            ShapedAscent path = new ShapedAscent(density, from.position(), Initialisation.ASCENT_HISTORY);
            Ascent ascent = path.ascent();
            double most = from.logDensity() + 0.5 * density.dimension() * Elementary.log(2 * StrictMath.PI);
            List<Point> points = new ArrayList<>(List.of(new Point(from, most)));
            int idle = 0;
            while (idle < PATIENCE && ascent.count() < MOST_STEPS && path.advance()) {
                double mass = path.normal().map(n -> ascent.value() + n.logVolume()).orElse(Double.NEGATIVE_INFINITY);
                points.add(new Point(from.movedTo(ascent.position(), ascent.value()), mass));
                idle = mass > most + GAIN ? 0 : idle + 1;
                most = Math.max(most, mass);
            }
            return new Way(points, most, ascent.count() < MOST_STEPS);
        }
    }

    /// Draws from a normal approximation that Pathfinder makes: from each of several ways its best approximation gives ten draws, and one of all these
    /// is taken with a probability in proportion to `density / normal`.
    ///
    /// It starts in the midst of the posterior, where a normal comes near it, and in several modes by the mass they seem to have. It takes some hundred to thousand
    /// gradients a way. A density that is not bounded, as the joint density of a hierarchical model often is, can lead it into a narrow spike. Where no
    /// way has an approximation, it is [Uniform].
    ///
    /// @param number of ways, ≥ 1; 1 for single-path Pathfinder
    record Paths(int number) implements ChainStart {
        private static final int DRAWS = 10;
        private static final int ELBO_DRAWS = 5;

        /// @throws IllegalArgumentException if the number is below 1
        public Paths {
            HMCSettings.require(number >= 1, "the number of paths must be ≥ 1", number);
        }

        @Override
        public Initialisation find(LogDensity density, ChainRandom random) {
            Initialisation first = uniform(density, random);
            if (!(first instanceof Initialisation.Found start)) {
                return first;
            }
            Pathfinder settings = new Pathfinder(density).numElboDraws(ELBO_DRAWS);
            PathDraws draws = new PathDraws(number * DRAWS, density.dimension());
            for (int k = 0; k < number; k++) {
                if ((k == 0 ? start : uniform(density, random)) instanceof Initialisation.Found f) {
                    PathfinderPath.follow(settings, density, f.position(), random)
                            .ifPresent(path -> draws.add(path.normal(), DRAWS, density, random));
                }
            }
            return draws.isEmpty() ? Initialisation.uphill(density, start) : Initialisation.at(density, draws.one(random));
        }
    }

    private static Initialisation uniform(LogDensity density, ChainRandom random) {
        return Initialisation.uniform(density, random, Initialisation.DEFAULT_RADIUS, Initialisation.DEFAULT_TRIES);
    }
}
