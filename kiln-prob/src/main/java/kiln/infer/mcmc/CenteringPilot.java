package kiln.infer.mcmc;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;

/// A short chain before the run that chooses the coordinates of hierarchies, see [Centering#ADAPTED].
///
/// It begins where the first chain will, in the coordinates of the model as written. After a round [CenteringChoice] says for every element which
/// centring its draws prefer; if that is another one, the chain goes on in the new coordinates, which show more of the posterior, and chooses again.
///
/// @param rounds number of choices at most, ≥ 1
/// @param draws  iterations of a round, all of them adapting; the first third is left out
public record CenteringPilot(int rounds, int draws) {
    /// What [MCMC] does.
    public static final CenteringPilot DEFAULT = new CenteringPilot(2, 150);

    /// With a shorter warm-up there is no pilot: its chain would be longer than theirs.
    private static final int LEAST_WARMUP = 150;

    /// A density in chosen coordinates.
    ///
    /// @param density   the posterior; the given one if it has no hierarchy, or if it is best as written
    /// @param gradients evaluations that the choice took
    public record Adapted(PosteriorDensity density, long gradients) {}

    /// {@return the pilot of a sampler; empty where the coordinates stay as written}
    static Optional<CenteringPilot> of(Kernel sampler, int numWarmup) {
        return sampler instanceof AdaptiveSampler<?> s
                        && s.settings().centering() == Centering.ADAPTED
                        && s.settings().adaptMassMatrix()
                        && s.settings().inverseMassMatrix().isEmpty()
                        && numWarmup >= LEAST_WARMUP
                ? Optional.of(DEFAULT)
                : Optional.empty();
    }

    /// Chooses the coordinates of a posterior.
    ///
    /// @param written its density as the model is written
    /// @param start   a position with finite density and gradient
    /// @param seed    seed of all random numbers
    /// @param stop    is asked between iterations; true to leave the coordinates as they are by then
    public Adapted adapt(PosteriorDensity written, double[] start, long seed, BooleanSupplier stop) {
        PosteriorDensity density = written;
        double[] q = start.clone();
        ChainRandom random = new ChainRandom(seed);
        long gradients = 0;
        for (int r = 0; r < rounds && written.centerable().length > 0; r++) {
            Round round = new Round(density);
            if (!round.run(q, random.bits(), stop)) {
                break;
            }
            gradients += round.gradients;
            double[] next = round.best();
            if (Arrays.equals(next, density.centering())) {
                break;
            }
            double[] place = density.written(q);
            density = written.centering(next);
            q = density.ofWritten(place);
        }
        return new Adapted(density, gradients);
    }

    /// The draws in one set of coordinates.
    private final class Round implements LogDensity {
        private final PosteriorDensity density;
        private final int[] coordinates;
        private final double[] centering;
        private final CenteringChoice[] choices;
        private long gradients;

        Round(PosteriorDensity density) {
            this.density = density;
            coordinates = density.centerable();
            centering = density.centering();
            choices = new CenteringChoice[coordinates.length];
            Arrays.setAll(choices, _ -> new CenteringChoice());
        }

        @Override
        public int dimension() {
            return density.dimension();
        }

        @Override
        public double valueAndGradient(double[] position, double[] gradient) {
            gradients++;
            return density.valueAndGradient(position, gradient);
        }

        /// Draws from a position, and leaves it at the last draw.
        ///
        /// @return whether it came to the end
        boolean run(double[] q, long seed, BooleanSupplier stop) {
            double[] gradient = new double[q.length];
            double[] loc = new double[q.length];
            double[] scale = new double[q.length];
            Chain chain = new NUTS().start(this, q, seed, draws);
            for (int n = 0; n < draws; n++) {
                if (stop.getAsBoolean()) {
                    return false;
                }
                chain.next(q);
                if (n >= draws / 3) {
                    valueAndGradient(q, gradient);
                    density.located(q, loc, scale);
                    for (int k = 0; k < coordinates.length; k++) {
                        int i = coordinates[k];
                        choices[k].add(q[i], gradient[i], centering[i], loc[i], scale[i]);
                    }
                }
            }
            return true;
        }

        double[] best() {
            double[] out = centering.clone();
            for (int k = 0; k < coordinates.length; k++) {
                out[coordinates[k]] = choices[k].best(centering[coordinates[k]]);
            }
            return out;
        }
    }
}
