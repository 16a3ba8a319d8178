package kiln.dist;

import java.util.Arrays;

/// Adaptive quadrature of many integrals side by side, each over its own panels.
///
/// Of the 15 nodes of a panel 7 make another rule that tells the error. Panels whose error is too large are halved, those of all integrals
/// at once, so that an integrand that is a program on arrays runs once for each halving.
///
/// Source: A. S. Kronrod, *Nodes and weights of quadrature formulas* (1965); the error estimate is that of QUADPACK (Piessens et al., 1983).
final class GaussKronrod {
    private static final double[] NODES = {
        0.9914553711208126, 0.9491079123427585, 0.8648644233597691, 0.7415311855993944, 0.5860872354676911, 0.4058451513773972,
        0.2077849550078985, 0
    };
    private static final double[] WEIGHTS = {
        0.02293532201052922, 0.06309209262997855, 0.1047900103222502, 0.1406532597159259, 0.1690047266392679, 0.1903505780647854,
        0.2044329400752989, 0.2094821410847278
    };
    private static final double[] GAUSS = {0.1294849661688697, 0.2797053914892767, 0.3818300505051189, 0.4179591836734694};
    private static final int SIZE = 2 * NODES.length - 1;
    private static final int DEEPEST = 30;

    /// So many halvings on, more panels than there were to begin with, and than these, are noise: only some places are left where an
    /// integrand is not smooth.
    private static final int MOST = 64;

    private static final int MANY = 4;

    /// What a panel may be wrong by, in parts of the integral of the absolute values.
    private static final double ROOM = 1e-15;

    private GaussKronrod() {}

    /// The integrands: for each integral its values at any number of nodes.
    interface Integrand {
        /// {@return values as many as nodes}
        double[][] at(double[][] x);
    }

    /// {@return the integrals}
    ///
    /// @param ends  ends of the panels to begin with, rising; an integral without any is 0
    /// @param scale sizes that the errors may be compared with, as the sum goes on with other terms
    static Integral[] integrate(double[][] ends, double[] scale, Integrand f) {
        int n = ends.length;
        var sum = new Integral[n];
        double[][] open = new double[n][];
        for (int i = 0; i < n; i++) {
            sum[i] = new Integral(scale[i]);
            open[i] = pairs(ends[i]);
        }
        for (int depth = 0; Arrays.stream(open).anyMatch(p -> p.length > 0); depth++) {
            double[][] x = new double[n][];
            Arrays.setAll(x, i -> nodes(open[i]));
            double[][] y = f.at(x);
            for (int i = 0; i < n; i++) {
                open[i] = sum[i].add(open[i], x[i], y[i], depth);
            }
        }
        Arrays.stream(sum).forEach(Integral::trim);
        return sum;
    }

    private static double[] pairs(double[] ends) {
        double[] out = new double[Math.max(0, 2 * ends.length - 2)];
        Arrays.setAll(out, i -> ends[(i + 1) / 2]);
        return out;
    }

    private static double[] nodes(double[] open) {
        double[] x = new double[open.length / 2 * SIZE];
        for (int p = 0; p < open.length / 2; p++) {
            double middle = 0.5 * (open[2 * p] + open[2 * p + 1]);
            double half = 0.5 * (open[2 * p + 1] - open[2 * p]);
            for (int k = 0; k < SIZE; k++) {
                x[p * SIZE + k] = middle + half * node(k);
            }
        }
        return x;
    }

    private static double node(int k) {
        return k < NODES.length ? -NODES[k] : NODES[SIZE - 1 - k];
    }

    private static int rank(int k) {
        return Math.min(k, SIZE - 1 - k);
    }

    /// An integral, and the rule that gave it.
    static final class Integral {
        private double scale;
        private double value;
        private double error;
        private double lost;
        private double[] nodes = new double[8 * SIZE];
        private double[] weights = new double[8 * SIZE];
        private int size;
        private int first;

        private Integral(double scale) {
            this.scale = scale;
        }

        double value() {
            return value;
        }

        /// What the value may be wrong by.
        double error() {
            return error;
        }

        /// The length over which the integrand was infinite; it counts as 0 there.
        double lost() {
            return lost;
        }

        /// The nodes of the panels.
        double[] nodes() {
            return nodes;
        }

        /// The integral is the sum of weights and values of the integrand at the nodes.
        double[] weights() {
            return weights;
        }

        /// Takes the panels that are exact enough.
        ///
        /// @return the ends of the halves of the others
        private double[] add(double[] open, double[] x, double[] y, int depth) {
            int n = open.length / 2;
            double[] kronrod = new double[n];
            double[] better = new double[n];
            for (int p = 0; p < n; p++) {
                double half = 0.5 * (open[2 * p + 1] - open[2 * p]);
                double gauss = 0;
                for (int k = 0; k < SIZE; k++) {
                    double f = Double.isInfinite(y[p * SIZE + k]) ? 0 : y[p * SIZE + k];
                    kronrod[p] += WEIGHTS[rank(k)] * f * half;
                    gauss += rank(k) % 2 == 1 ? GAUSS[rank(k) / 2] * f * half : 0;
                }
                // The error of the better rule is about the power 1.5 of that of the other.
                double apart = Math.abs(kronrod[p] - gauss);
                better[p] = apart * Math.min(1, Math.sqrt(200 * apart / (Math.abs(kronrod[p]) + Double.MIN_NORMAL)));
                scale += depth == 0 ? Math.abs(kronrod[p]) : 0;
            }
            first = depth == 0 ? n : first;
            boolean last = depth == DEEPEST || (depth > MANY && n > Math.max(MOST, first));
            double[] halves = new double[4 * n];
            int left = 0;
            for (int p = 0; p < n; p++) {
                if (last || !(better[p] > ROOM * scale)) {
                    value += kronrod[p];
                    error += better[p];
                    keep(open[2 * p], open[2 * p + 1], x, y, p * SIZE);
                } else {
                    double middle = 0.5 * (open[2 * p] + open[2 * p + 1]);
                    halves[left++] = open[2 * p];
                    halves[left++] = middle;
                    halves[left++] = middle;
                    halves[left++] = open[2 * p + 1];
                }
            }
            return Arrays.copyOf(halves, left);
        }

        private void trim() {
            nodes = Arrays.copyOf(nodes, size);
            weights = Arrays.copyOf(weights, size);
        }

        private void keep(double from, double to, double[] x, double[] y, int at) {
            if (size + SIZE > nodes.length) {
                nodes = Arrays.copyOf(nodes, 2 * nodes.length);
                weights = Arrays.copyOf(weights, 2 * weights.length);
            }
            for (int k = 0; k < SIZE; k++) {
                double weight = WEIGHTS[rank(k)] * 0.5 * (to - from);
                lost += Double.isInfinite(y[at + k]) ? weight : 0;
                nodes[size] = x[at + k];
                weights[size++] = weight;
            }
        }
    }
}
