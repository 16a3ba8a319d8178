package kiln.infer.mcmc;

import java.util.Arrays;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;

/// A short chain before the run that finds the coordinates for the variables of a hierarchy, see [Centring#ADAPTED].
public final class CentringPilot {
    public static int ROUNDS = 2;
    public static int DRAWS = 150;
    public static double MARGIN = 0.0;
    public static boolean BY_SITE = false;
    private CentringPilot() {}

    /// A density with its evaluations.
    private static final class Counted implements LogDensity {
        private final LogDensity density;
        private long count;

        Counted(LogDensity density) {
            this.density = density;
        }

        @Override
        public int dimension() {
            return density.dimension();
        }

        @Override
        public double valueAndGradient(double[] position, double[] gradient) {
            count++;
            return density.valueAndGradient(position, gradient);
        }
    }

    public record Adapted(PosteriorDensity density, long gradients) {}

    public static Adapted adapt(PosteriorDensity written, double[] start, long seed) {
        PosteriorDensity now = written;
        int[] free = now.centerable();
        long gradients = 0;
        double[] q = start.clone();
        if (free.length == 0) {
            return new Adapted(written, 0);
        }
        int d = written.dimension();
        double[] gradient = new double[d];
        double[] loc = new double[d];
        double[] scale = new double[d];
        for (int r = 0; r < ROUNDS; r++) {
            var counted = new Counted(now);
            Chain chain = new NUTS().start(counted, q, seed + r, DRAWS);
            double[] c = now.centring();
            var choices = new CentringChoice[d];
            for (int i : free) {
                choices[i] = new CentringChoice();
            }
            for (int n = 0; n < DRAWS; n++) {
                chain.next(q);
                if (n < DRAWS / 3) {
                    continue;
                }
                counted.valueAndGradient(q, gradient);
                now.located(q, loc, scale);
                for (int i : free) {
                    choices[i].add(q[i], gradient[i], c[i], loc[i], scale[i]);
                }
            }
            gradients += counted.count;
            double[] next = c.clone();
            double[][] losses = new double[d][];
            for (int i : free) {
                losses[i] = choices[i].losses();
            }
            if (BY_SITE) {
                // sum over coordinates of a site: label prefix
                for (String s : now.centringBySite().keySet()) {
                    int[] own = now.coordinates(s);
                    double[] sum = new double[CentringChoice.GRID.length];
                    for (int i : own) for (int k = 0; k < sum.length; k++) sum[k] += losses[i][k];
                    for (int i : own) losses[i] = sum;
                }
            }
            for (int i : free) {
                double[] l = losses[i];
                int best = 0;
                for (int k = 1; k < l.length; k++) if (l[k] <= l[best]) best = k;
                int at = 0;
                for (int k = 0; k < l.length; k++) if (CentringChoice.GRID[k] == c[i]) at = k;
                if (l[best] < l[at] - MARGIN) next[i] = CentringChoice.GRID[best];
            }
            if (Arrays.equals(next, c)) {
                break;
            }
            double[] w = flatten(now, q);
            now = written.centring(next);
            q = at(now, written, w);
        }
        return new Adapted(now, gradients);
    }

    private static double[] flatten(PosteriorDensity d, double[] q) {
        return d.unconstrained(new double[][][] {{q}}).values().stream().flatMapToDouble(x -> Arrays.stream(x.toDoubleArray())).toArray();
    }

    public static double[] at(PosteriorDensity now, PosteriorDensity written, double[] w) {
        var values = written.unconstrained(new double[][][] {{w}});
        values.replaceAll((_, x) -> x.get(0).get(0));
        return now.position(values);
    }
}
