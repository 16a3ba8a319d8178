package kiln.infer.mcmc;

import java.util.function.ToDoubleBiFunction;
import kiln.infer.LogDensity;
import kiln.math.Elementary;

/// Log densities with hand-written gradients and exactly known moments.
final class Targets {
    private Targets() {}

    static LogDensity of(int dimension, ToDoubleBiFunction<double[], double[]> valueAndGradient) {
        return new LogDensity() {
            @Override
            public int dimension() {
                return dimension;
            }

            @Override
            public double valueAndGradient(double[] position, double[] gradient) {
                return valueAndGradient.applyAsDouble(position, gradient);
            }
        };
    }

    /// N(mean, P⁻¹), given by its precision matrix.
    static LogDensity gaussian(double[] mean, double[][] precision) {
        return of(mean.length, (q, g) -> {
            double sum = 0;
            for (int i = 0; i < q.length; i++) {
                double s = 0;
                for (int j = 0; j < q.length; j++) {
                    s += precision[i][j] * (q[j] - mean[j]);
                }
                g[i] = -s;
                sum += s * (q[i] - mean[i]);
            }
            return -0.5 * sum;
        });
    }

    /// Independent Student-t coordinates: variance `dof / (dof − 2)`.
    static LogDensity studentT(int dimension, double dof) {
        return of(dimension, (q, g) -> {
            double sum = 0;
            for (int i = 0; i < q.length; i++) {
                sum += Elementary.log1p(q[i] * q[i] / dof);
                g[i] = -(dof + 1) * q[i] / (dof + q[i] * q[i]);
            }
            return -0.5 * (dof + 1) * sum;
        });
    }

    /// Banana: `x ~ N(0, 1)`, `y | x ~ N(x²/2, 1)`: E y = 1/2, Var y = 3/2, skewness of y is not zero.
    static LogDensity banana() {
        return of(2, (q, g) -> {
            double r = q[1] - 0.5 * q[0] * q[0];
            g[0] = -q[0] + r * q[0];
            g[1] = -r;
            return -0.5 * (q[0] * q[0] + r * r);
        });
    }

    /// Half N(−2, 1), half N(2, 1).
    static LogDensity mixture() {
        return of(1, (q, g) -> {
            double t = Elementary.tanh(2 * q[0]);
            g[0] = -q[0] + 2 * t;
            double a = -0.5 * (q[0] + 2) * (q[0] + 2);
            double b = -0.5 * (q[0] - 2) * (q[0] - 2);
            return Elementary.logAddExp(a, b);
        });
    }

    /// Covariance of an autoregression of order 1 with scales 1, 2, …: strongly correlated for ρ near 1.
    static double[][] autoregressiveCovariance(int d, double rho) {
        double[][] s = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                s[i][j] = StrictMath.pow(rho, Math.abs(i - j)) * scale(i) * scale(j);
            }
        }
        return s;
    }

    /// Its inverse, which is tridiagonal.
    static double[][] autoregressivePrecision(int d, double rho) {
        double[][] p = new double[d][d];
        double f = 1 / (1 - rho * rho);
        for (int i = 0; i < d; i++) {
            boolean end = i == 0 || i == d - 1;
            p[i][i] = (d == 1 ? 1 : f * (end ? 1 : 1 + rho * rho)) / (scale(i) * scale(i));
            if (i > 0) {
                p[i][i - 1] = -f * rho / (scale(i) * scale(i - 1));
                p[i - 1][i] = p[i][i - 1];
            }
        }
        return p;
    }

    private static double scale(int i) {
        return 1 + 0.5 * i;
    }

    /// Positions `Uniform(−2, 2)` for some chains.
    static double[][] starts(LogDensity density, int chains) {
        double[][] q = new double[chains][];
        for (int c = 0; c < chains; c++) {
            Initialisation found = Initialisation.uniform(density, new ChainRandom(1000 + c), 2, 100);
            q[c] = switch (found) {
                case Initialisation.Found f -> f.position();
                case Initialisation.Failed f -> throw new AssertionError("no start after " + f.tries());
            };
        }
        return q;
    }

    static long[] seeds(int chains, long first) {
        long[] s = new long[chains];
        for (int c = 0; c < chains; c++) {
            s[c] = first + c;
        }
        return s;
    }
}
