package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;
import kiln.math.Elementary;

/// The walkers of [AIES]: proposals that are accepted or refused.
///
/// ```
/// differential evolution   accept with min(1, exp(L(q') − L(q)))
/// stretch                  z = (1 + (a − 1) u)² / a;   accept with min(1, z^(d−1) exp(L(q') − L(q)))
/// ```
final class AffineInvariantWalkers extends Walkers {
    private static final String KERNEL = "AIES";

    private final WeightedMoves<AIES.Move> moves;
    private final double[] proposal;

    AffineInvariantWalkers(AIES settings, LogDensity density, double[][] initialPositions, long seed, int numWarmup) {
        super(KERNEL, density, settings.randomizeSplit(), initialPositions, seed, numWarmup);
        moves = WeightedMoves.of(KERNEL, settings.weights());
        proposal = new double[density.dimension()];
    }

    AffineInvariantWalkers(AIES settings, LogDensity density, ChainState state) {
        super(KERNEL, density, settings.randomizeSplit(), state);
        moves = WeightedMoves.of(KERNEL, settings.weights());
        proposal = new double[density.dimension()];
    }

    @Override
    void move(int[] active, int from, int to) {
        AIES.Move move = moves.choose(random);
        for (int k = from; k < to; k++) {
            int walker = active[k];
            double[] q = position[walker];
            double logFactor = switch (move) {
                case AIES.DEMove m -> evolve(m, q, active, from, to);
                case AIES.StretchMove m -> stretch(m, q, active, from, to);
            };
            double value = valueAt(proposal);
            double log = logFactor + value - logDensity[walker];
            acceptProb[walker] = log >= 0 ? 1 : Elementary.exp(log);
            if (random.uniform() < acceptProb[walker]) {
                System.arraycopy(proposal, 0, q, 0, q.length);
                logDensity[walker] = value;
            }
        }
    }

    private double evolve(AIES.DEMove move, double[] q, int[] active, int from, int to) {
        int first = still(active, from, to, NONE);
        double[] a = position[first];
        double[] b = position[still(active, from, to, first)];
        double g = move.g0() > 0 ? move.g0() : 2.38 / Math.sqrt(2.0 * q.length);
        double gamma = g + g * move.sigma() * random.normal();
        for (int i = 0; i < q.length; i++) {
            proposal[i] = q[i] + gamma * (a[i] - b[i]);
        }
        return 0;
    }

    private double stretch(AIES.StretchMove move, double[] q, int[] active, int from, int to) {
        double root = 1 + (move.a() - 1) * random.uniform();
        double z = root * root / move.a();
        double[] a = position[still(active, from, to, NONE)];
        for (int i = 0; i < q.length; i++) {
            proposal[i] = a[i] + z * (q[i] - a[i]);
        }
        return (q.length - 1) * Elementary.log(z);
    }

    @Override
    void learn(boolean warmup) {}

    @Override
    void save(ChainState.Builder state) {}
}
