package kiln.bench.kernel;

import static kiln.array.Np.exp;
import static kiln.array.Np.eye;
import static kiln.array.Np.square;
import static kiln.array.Np.zeros;
import static kiln.model.Primitives.sample;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.HalfNormal;
import kiln.dist.MultivariateNormal;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;

/// Gaussian process regression on 200 simulated points: a Cholesky factor, an inverse, and what the gradient needs of them.
///
/// ```
/// rho, alpha, sigma ~ HalfNormal(2),  C[i][j] = alpha² exp(−(x[i] − x[j])² / (2 rho²)) + sigma² [i = j],  y ~ N(0, C)
/// q = (log rho, log alpha, log sigma)
/// ```
///
/// The plain-Java reference is blocked: see [SymmetricInverse].
public final class GaussianProcess implements Kernel {
    private static final int N = 200;
    private static final double CONSTANT = 3 * Priors.halfNormal(2) + Priors.normal(N, 1);

    private final double[] x;
    private final double[] y;

    /// Simulates the data.
    public GaussianProcess() {
        PRNGKey[] keys = PRNGKey.key(13).split(2);
        x = keys[0].uniform(Shape.of(N), 0, 10).toDoubleArray();
        y = keys[1].normal(N).times(0.3).toDoubleArray();
        for (int i = 0; i < N; i++) {
            y[i] += Math.sin(x[i]);
        }
    }

    @Override
    public String name() {
        return "gp";
    }

    @Override
    public String title() {
        return "Gaussian process, 200 points";
    }

    @Override
    public String target() {
        return "≤ 1.3 Java";
    }

    @Override
    public double[] point() {
        return new double[] {0.2, -0.1, -1.0};
    }

    @Override
    public LogDensity kiln() {
        NDArray place = NDArray.of(x);
        NDArray observed = NDArray.of(y);
        return PosteriorDensity.of(
                () -> {
                    var rho = sample("rho", new HalfNormal(2));
                    var alpha = sample("alpha", new HalfNormal(2));
                    var sigma = sample("sigma", new HalfNormal(2));
                    NDArray distance = place.expandDims(1).minus(place);
                    NDArray kernel = square(alpha).times(exp(square(distance).div(square(rho).times(-2))));
                    NDArray covariance = kernel.plus(square(sigma).times(eye(N)));
                    sample("y", MultivariateNormal.covariance(zeros(N), covariance), observed);
                },
                PRNGKey.key(0));
    }

    @Override
    public LogDensity java() {
        return new Java();
    }

    @Override
    public LogDensity c() {
        return NativeCode.density("gaussian_process", 3, CONSTANT, N, 4L * N * N + 2 * N, squaredDistances(), y);
    }

    /// {@return the C function with the factorisation and the inverse of OpenBLAS, on one thread}
    ///
    /// @throws IllegalStateException if there is no `gcc`, or [NativeCode#hasOpenBlas()] is false
    public LogDensity openBlas() {
        return NativeCode.density("gaussian_process", NativeCode.OPENBLAS, 3, CONSTANT, N, 4L * N * N + 2 * N, squaredDistances(), y);
    }

    private double[] squaredDistances() {
        double[] distances = new double[N * N];
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                distances[i * N + j] = (x[i] - x[j]) * (x[i] - x[j]);
            }
        }
        return distances;
    }

    private final class Java implements LogDensity {
        private final double[] distances = squaredDistances();
        private final double[][] smooth = new double[N][N];
        private final SymmetricInverse work = new SymmetricInverse(N);
        private final double[] weights = new double[N];

        @Override
        public int dimension() {
            return 3;
        }

        @Override
        public double valueAndGradient(double[] q, double[] gradient) {
            double rho = Math.exp(q[0]);
            double alpha = Math.exp(q[1]);
            double sigma = Math.exp(q[2]);
            double factor = -0.5 / (rho * rho);
            double[][] c = work.matrix();
            for (int i = 0; i < N; i++) {
                // The gradient reads the lower triangle; the factorisation works on the rows of the upper one.
                for (int j = 0; j <= i; j++) {
                    double covariance = alpha * alpha * Math.exp(distances[i * N + j] * factor);
                    smooth[i][j] = covariance;
                    c[j][i] = covariance;
                }
                c[i][i] += sigma * sigma;
            }
            double logDeterminant = work.invert();
            double[][] inverse = work.inverse();
            double fit = 0;
            for (int i = 0; i < N; i++) {
                double w = 0;
                for (int j = 0; j <= i; j++) {
                    w += inverse[i][j] * y[j];
                }
                for (int j = i + 1; j < N; j++) {
                    w += inverse[j][i] * y[j];
                }
                weights[i] = w;
                fit += w * y[i];
            }
            double dRho = 0;
            double dAlpha = 0;
            double dSigma = 0;
            for (int i = 0; i < N; i++) {
                for (int j = 0; j < i; j++) {
                    // dL/dC[i][j] and dL/dC[j][i], times C without the noise
                    double both = (weights[i] * weights[j] - inverse[i][j]) * smooth[i][j];
                    dAlpha += both;
                    dRho += both * distances[i * N + j];
                }
                double own = 0.5 * (weights[i] * weights[i] - inverse[i][i]);
                dAlpha += own * smooth[i][i];
                dSigma += own;
            }
            gradient[0] = dRho / (rho * rho) - rho * rho / 4 + 1;
            gradient[1] = 2 * dAlpha - alpha * alpha / 4 + 1;
            gradient[2] = 2 * dSigma * sigma * sigma - sigma * sigma / 4 + 1;
            return CONSTANT - 0.5 * (fit + logDeterminant) - (rho * rho + alpha * alpha + sigma * sigma) / 8 + q[0] + q[1] + q[2];
        }
    }
}
