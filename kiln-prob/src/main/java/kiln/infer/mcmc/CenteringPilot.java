package kiln.infer.mcmc;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kiln.array.Diagnosis;
import kiln.infer.CountedDensity;
import kiln.infer.Information;
import kiln.infer.PosteriorDensity;

/// A short chain before the run that finds out what the data says about the elements of hierarchies, see [Centering#ADAPTED].
///
/// It begins where the first chain will, in the coordinates of the model as written. At its draws x, the score of an element less that of its prior is
/// the score of the rest of the model, and a line through these is a normal likelihood:
///
/// ```
/// ∂L/∂x − ∂ log p(x | loc, scale)/∂x  ≈  h − k x,     k = −Cov(x, ·)/Var(x), at least 0
/// ```
///
/// In a normal hierarchy the line is exact from the second draw on, wherever the chain is: unlike moments of the draws, it does not need a chain that has
/// seen the whole posterior.
///
/// Where the line explains little of the scores of a site, because they depend on other coordinates as much, there is no such likelihood, and the site stays
/// as written: the effects of crossed factors around a common intercept are of this kind.
///
/// @param draws iterations, all of them adapting; the first third is left out
public record CenteringPilot(int draws) {
    /// What [MCMC] does.
    public static final CenteringPilot DEFAULT = new CenteringPilot(100);

    /// The part of the scores of a site that a line must explain, in the mean over its elements.
    private static final double CLEAR = 0.15;

    /// With a shorter warm-up there is no pilot: its chain would be longer than theirs.
    private static final int LEAST_WARMUP = 100;

    /// A density in chosen coordinates.
    ///
    /// @param density   the posterior; the given one if it has no hierarchy
    /// @param gradients evaluations that the choice took
    public record Adapted(PosteriorDensity density, long gradients) {}

    /// {@return the pilot of a sampler; empty where the coordinates stay as written}
    static Optional<CenteringPilot> of(Kernel sampler, int numWarmup) {
        return sampler instanceof AdaptiveSampler<?> s
                        && s.settings().centering() == Centering.ADAPTED
                        && s.settings().adaptMassMatrix()
                        && s.settings().inverseMassMatrix().isEmpty()
                        && s.settings().siteMetrics().isEmpty()
                        && numWarmup >= LEAST_WARMUP
                ? Optional.of(DEFAULT)
                : Optional.empty();
    }

    /// Chooses the coordinates of a posterior.
    ///
    /// @param written its density as the model is written
    /// @param start   a position with finite density and gradient
    /// @param seed    seed of all random numbers
    /// @param stop    is asked between iterations; true to give up
    /// @throws CancellationException if it was to give up
    public Adapted adapt(PosteriorDensity written, double[] start, long seed, BooleanSupplier stop) {
        int[] coordinates = written.hierarchical();
        if (coordinates.length == 0) {
            return new Adapted(written, 0);
        }
        var density = new CountedDensity(written);
        double[] x = start.clone();
        double[] score = new double[x.length];
        double[] prior = new double[x.length];
        var lines = new Line[coordinates.length];
        Arrays.setAll(lines, _ -> new Line());
        Chain chain = new NUTS().start(density, x, seed, draws);
        for (int n = 0; n < draws; n++) {
            if (stop.getAsBoolean()) {
                // Other coordinates make other draws: with a half-finished choice the run would not be the one that its key stands for.
                throw new CancellationException(new Diagnosis("MCMC", "the run ended before all chains had a draw")
                        .got("a stop while it chose the coordinates of its hierarchies")
                        .fix("run it again: nothing of it was kept.")
                        .message());
            }
            chain.next(x);
            if (n >= draws / 3) {
                density.valueAndGradient(x, score);
                written.priorScores(x, prior);
                for (int k = 0; k < coordinates.length; k++) {
                    lines[k].add(x[coordinates[k]], score[coordinates[k]] - prior[coordinates[k]]);
                }
            }
        }
        double[] precision = new double[x.length];
        double[] linear = new double[x.length];
        Map<String, List<Integer>> sites = IntStream.range(0, lines.length).boxed()
                .collect(Collectors.groupingBy(k -> site(written, coordinates[k]), LinkedHashMap::new, Collectors.toList()));
        for (List<Integer> site : sites.values()) {
            boolean clear = site.stream().mapToDouble(k -> lines[k].explained()).average().orElseThrow() >= CLEAR;
            for (int k : site) {
                precision[coordinates[k]] = clear ? lines[k].precision() : Double.POSITIVE_INFINITY;
                linear[coordinates[k]] = clear ? lines[k].linear() : 0;
            }
        }
        return new Adapted(written.informed(new Information(precision, linear)), density.count());
    }

    /// The site of a coordinate: its label is `theta[3]`.
    private static String site(PosteriorDensity density, int coordinate) {
        return density.label(coordinate).replaceFirst("\\[\\d+]$", "");
    }

    /// The least squares line of the scores of a normal likelihood.
    static final class Line {
        private final Welford both = new Welford(2, true);

        void add(double x, double score) {
            both.add(new double[] {x, score});
        }

        /// `k`; 0 where the scores do not fall with x, or are no numbers.
        double precision() {
            double k = -both.covariance(0, 1) / both.variance(0);
            return k > 0 && k < Double.POSITIVE_INFINITY ? k : 0;
        }

        /// The part of the variance of the scores that the line explains, in [0, 1]; 0 where they are no numbers or do not fall, 1 where they are constant.
        double explained() {
            double all = both.variance(1);
            double part = all == 0 ? 1 : precision() * precision() * both.variance(0) / all;
            return Double.isFinite(part) ? part : 0;
        }

        /// `h`, for which the line goes through the means; 0 where there is no precision.
        double linear() {
            double k = precision();
            double h = k * both.mean(0) + both.mean(1);
            return k > 0 && Double.isFinite(h) ? h : 0;
        }
    }
}
