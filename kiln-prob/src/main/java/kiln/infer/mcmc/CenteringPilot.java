package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
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
/// Where the location of a site is a variable that follows the deviations from it, x is the deviation. Where the model has a standard z and computes `x = loc + scale z` by
/// hand, it is that x.
///
/// In a normal hierarchy the line is exact from the second draw on, wherever the chain is: unlike moments of the draws, it does not need a chain that has
/// seen the whole posterior.
///
/// Between the chain and the lines it finds the directions in which elements are told apart, and what follows them ([Directions]); lines are those of directions, and
/// their precisions are held near the curvature along them. What is said of vectors is taken from the curvature alone ([VectorInformation]).
///
/// @param draws iterations, all of them adapting; the first third is left out
public record CenteringPilot(int draws) {
    /// What [MCMC] does.
    public static final CenteringPilot DEFAULT = new CenteringPilot(100);

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
        boolean isScalar = !written.hierarchical().isEmpty();
        if (!isScalar && written.vectors().isEmpty()) {
            return new Adapted(written, 0);
        }
        var density = new CountedDensity(written);
        double[] x = start.clone();
        List<double[]> positions = new ArrayList<>();
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
                positions.add(x.clone());
            }
        }
        Optional<PosteriorDensity> deviations = written.deviations();
        var told = new Told(deviations.orElseGet(written::centred), positions);
        Directions directions = isScalar ? told.directions() : Directions.none();
        long gradients = 0;
        if (deviations.isPresent() && !directions.isSheared()) {
            // Around locations that do not follow them, deviations say little: the data knows the positions.
            gradients = told.density.count();
            told = new Told(written.centred(), positions);
            directions = Directions.none();
        }
        PosteriorDensity informed = written.informed(told.information(directions));
        gradients += told.density.count();
        // The first call runs the model. Chains begin in threads of their own, which wait for ever if the class that the model is in is just being initialised by this one.
        informed.ofWritten(start);
        return new Adapted(informed, density.count() + gradients);
    }

    /// What the rest of a model says at the draws.
    private static final class Told {
        private final PosteriorDensity posterior;
        private final CountedDensity density;
        private final List<double[]> positions;
        private final List<double[]> scores = new ArrayList<>();
        private final Curvature curvature;

        /// @param written positions as written
        Told(PosteriorDensity posterior, List<double[]> written) {
            this.posterior = posterior;
            positions = written.stream().map(posterior::ofWritten).toList();
            density = new CountedDensity(posterior);
            int d = posterior.dimension();
            double[] prior = new double[d];
            for (double[] x : positions) {
                double[] score = new double[d];
                density.valueAndGradient(x, score);
                posterior.priorScores(x, prior);
                Arrays.setAll(score, i -> score[i] - prior[i]);
                scores.add(score);
            }
            Welford moments = moments(positions);
            curvature = new Curvature(density, posterior, means(moments), spread(moments));
        }

        Directions directions() {
            return Directions.of(posterior, curvature);
        }

        private Welford moments(List<double[]> some) {
            var moments = new Welford(posterior.dimension(), false);
            some.forEach(moments::add);
            return moments;
        }

        private double[] means(Welford moments) {
            return IntStream.range(0, posterior.dimension()).mapToDouble(moments::mean).toArray();
        }

        private double[] spread(Welford moments) {
            return IntStream.range(0, posterior.dimension()).mapToDouble(i -> Math.sqrt(moments.variance(i))).toArray();
        }

        /// {@return the lines of directions, and what is said of vectors}
        Information information(Directions directions) {
            int d = posterior.dimension();
            var lines = new Line[d];
            Arrays.setAll(lines, _ -> new Line());
            for (int n = 0; n < positions.size(); n++) {
                double[] t = positions.get(n).clone();
                double[] score = scores.get(n).clone();
                directions.turn(t, score);
                for (int i = 0; i < d; i++) {
                    lines[i].add(t[i], score[i]);
                }
            }
            double[] precision = new double[d];
            double[] linear = new double[d];
            for (PosteriorDensity.Located site : posterior.hierarchical()) {
                for (int i = site.first(); i < site.first() + site.size(); i++) {
                    precision[i] = directions.precision(i, lines[i].precision());
                    linear[i] = lines[i].linear(precision[i]);
                }
            }
            return directions.with(precision, linear, VectorInformation.of(posterior, curvature, means(moments(scores))));
        }
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

        /// `h`, for which a line of precision k goes through the means; 0 where there is no precision.
        double linear(double k) {
            double h = k * both.mean(0) + both.mean(1);
            return k > 0 && Double.isFinite(h) ? h : 0;
        }
    }
}
