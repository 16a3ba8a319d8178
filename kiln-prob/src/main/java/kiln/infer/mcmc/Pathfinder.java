package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.diagnostics.PSIS;
import kiln.infer.LogDensity;
import kiln.infer.Posterior;
import kiln.infer.PosteriorDensity;
import kiln.model.Model;

/// A quick normal approximation of a posterior, from the shape that a climb to its mode reveals; and places for MCMC to start from.
///
/// ```
/// var found = new Pathfinder(() -> model(x, y)).run(key(0));
/// found.posterior().printSummary();
/// new MCMC(new NUTS(() -> model(x, y))).initParams(found.initParams(key(1), 4))
/// ```
///
/// From each of `numPaths` random places a quasi-Newton method climbs. Every point of the path has a normal approximation with
/// L-BFGS's inverse Hessian as its covariance; the one with the highest evidence lower bound is kept, which need not be the one at the mode. Draws of
/// all paths are weighted by `density / normal`, the weights are Pareto smoothed, and `numDraws` of them are resampled.
///
/// It takes hundreds to thousands of gradients. [Result#k] says how far the draws can be trusted: below 0.7 as importance sampling,
/// above only as a place to start from.
///
/// Source: Zhang, Carpenter, Gelman and Vehtari, *Pathfinder: parallel quasi-Newton variational inference* (2022), algorithms 1 and 2.
/// Differs in the line search (bisection for the weak Wolfe conditions).
///
/// @param target        what is approximated
/// @param numPaths      how many paths, ≥ 1; default 4
/// @param numDraws      how many draws the result has, ≥ 1; default 1000; each path makes as many to choose from
/// @param numElboDraws  draws from which the evidence lower bound of a point is estimated, ≥ 1; default 25
/// @param maxIterations after so many steps a path ends, ≥ 1; default 1000
/// @param history       `J`, how many of the last steps the inverse Hessian is made from, ≥ 1; default 6
public record Pathfinder(Target target, int numPaths, int numDraws, int numElboDraws, int maxIterations, int history) {
    /// @throws IllegalArgumentException if a number is below 1
    public Pathfinder {
        HMCSettings.require(numPaths >= 1, "numPaths must be ≥ 1", numPaths);
        HMCSettings.require(numDraws >= 1, "numDraws must be ≥ 1", numDraws);
        HMCSettings.require(numElboDraws >= 1, "numElboDraws must be ≥ 1", numElboDraws);
        HMCSettings.require(maxIterations >= 1, "maxIterations must be ≥ 1", maxIterations);
        HMCSettings.require(history >= 1, "history must be ≥ 1", history);
    }

    /// The defaults, for the posterior of a model.
    public Pathfinder(Model model) {
        this(new Target.Posterior(model), 4, 1000, 25, 1000, 6);
    }

    /// The defaults, for a density that the user wrote.
    public Pathfinder(LogDensity density) {
        this(new Target.Density(density), 4, 1000, 25, 1000, 6);
    }

    /// A copy with another [#numPaths()].
    public Pathfinder numPaths(int v) {
        return new Pathfinder(target, v, numDraws, numElboDraws, maxIterations, history);
    }

    /// A copy with another [#numDraws()].
    public Pathfinder numDraws(int v) {
        return new Pathfinder(target, numPaths, v, numElboDraws, maxIterations, history);
    }

    /// A copy with another [#numElboDraws()].
    public Pathfinder numElboDraws(int v) {
        return new Pathfinder(target, numPaths, numDraws, v, maxIterations, history);
    }

    /// A copy with another [#maxIterations()].
    public Pathfinder maxIterations(int v) {
        return new Pathfinder(target, numPaths, numDraws, numElboDraws, v, history);
    }

    /// A copy with another [#history()].
    public Pathfinder history(int v) {
        return new Pathfinder(target, numPaths, numDraws, numElboDraws, maxIterations, v);
    }

    /// What was found.
    public static final class Result {
        private final PosteriorDensity density;
        private final double[][] draws;
        private final double[] elbos;
        private final double k;

        private Result(PosteriorDensity density, double[][] draws, double[] elbos, double k) {
            this.density = density;
            this.draws = draws;
            this.elbos = elbos;
            this.k = k;
        }

        /// {@return the draws, as one chain}
        public Posterior posterior() {
            return new Posterior(density.constrain(new double[][][] {draws}), density.deterministic(), Map.of(), new int[1]).of(density, List.of());
        }

        /// {@return Pareto's `k` of the weights: below 0.7 the draws can stand for the posterior; +∞ if no tail can be fitted}
        public double k() {
            return k;
        }

        /// {@return the evidence lower bound of each path that reached a usable approximation, in nats; a copy}
        public double[] elbos() {
            return elbos.clone();
        }

        /// {@return some of the draws, as places where chains start: for [MCMC#initParams]}
        ///
        /// @param key    source of randomness
        /// @param chains how many, ≥ 1 and at most the number of draws
        public Map<String, NDArray> initParams(PRNGKey key, int chains) {
            HMCSettings.require(chains >= 1 && chains <= draws.length, "chains must lie in 1…" + draws.length, chains);
            int[] order = key.permutation(draws.length).toIntArray();
            double[][][] places = new double[chains][1][];
            for (int c = 0; c < chains; c++) {
                places[c][0] = draws[order[c]];
            }
            Map<String, NDArray> out = new HashMap<>();
            density.unconstrained(places).forEach((site, x) -> out.put(site, x.squeeze(1)));
            return out;
        }
    }

    /// Follows all paths.
    ///
    /// @param key source of all random numbers
    /// @throws InitialisationException if no place with a finite density and gradient was found to start from, or no path had an
    ///                                 approximation
    public Result run(PRNGKey key) {
        PRNGKey[] keys = key.split(numPaths + 2);
        PosteriorDensity density = target.density("Pathfinder", model -> PosteriorDensity.of(model, keys[0]));
        List<PathfinderPath> paths = new ArrayList<>();
        PathDraws draws = new PathDraws(numPaths * numDraws, density.dimension());
        for (int p = 0; p < numPaths; p++) {
            ChainRandom random = new ChainRandom(keys[p + 2].bits());
            Optional<PathfinderPath> path = switch (
                    Initialisation.uniform(density, random, Initialisation.DEFAULT_RADIUS, Initialisation.DEFAULT_TRIES)) {
                case Initialisation.Found f -> PathfinderPath.follow(this, density, f.position(), random);
                case Initialisation.Failed f -> throw new InitialisationException(StartReport.of(density, f));
            };
            path.ifPresent(found -> {
                paths.add(found);
                draws.add(found.normal(), numDraws, density, random);
            });
        }
        if (draws.isEmpty()) {
            throw new InitialisationException(new Diagnosis("Pathfinder", "no path had a normal approximation with a finite density")
                    .expected("a density that falls off from a mode")
                    .got(numPaths + " paths, each without")
                    .fix("run MCMC, whose chains need no mode."));
        }
        PSIS weights = draws.smoothed();
        double[][] chosen = draws.resample(weights, numDraws, new ChainRandom(keys[1].bits()));
        return new Result(density, chosen, paths.stream().mapToDouble(PathfinderPath::elbo).toArray(), weights.k());
    }
}
