package kiln.bench.kernel;

import static kiln.array.Np.logsumexp;
import static kiln.model.Primitives.factor;
import static kiln.model.Primitives.sample;

import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.func.Carried;
import kiln.func.Control;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;

/// Hidden Markov chain of three states over 600 simulated steps with normal emissions: the forward algorithm in logarithms.
///
/// ```
/// logits[i][j] ~ N(0, 1),  log A[i] = log softmax(logits[i]),  mu[j] ~ N(0, 3),  sigma ~ HalfNormal(1)
/// a[0][j] = −log 3 + log N(y[0]; mu[j], sigma),  a[t][j] = log Σᵢ exp(a[t−1][i] + log A[i][j]) + log N(y[t]; mu[j], sigma)
/// L = log Σⱼ exp(a[T−1][j]) + prior,  q = (logits, mu, log sigma)
/// ```
public final class HiddenMarkov implements Kernel {
    private static final int T = 600;
    private static final int K = 3;
    private static final int MU = K * K;
    private static final int SIGMA = MU + K;
    private static final double CONSTANT =
            Priors.normal(K * K, 1) + Priors.normal(K, 3) + Priors.halfNormal(1) + Priors.normal(T, 1) - Math.log(K);

    private final double[] y = new double[T];

    /// Simulates the observations.
    public HiddenMarkov() {
        PRNGKey[] keys = PRNGKey.key(12).split(2);
        double[] noise = keys[0].normal(T).toDoubleArray();
        double[] move = keys[1].uniform(T).toDoubleArray();
        int state = 0;
        for (int t = 0; t < T; t++) {
            state = move[t] < 0.8 ? state : (state + (move[t] < 0.9 ? 1 : 2)) % K;
            y[t] = 2 * (state - 1) + 0.7 * noise[t];
        }
    }

    @Override
    public String name() {
        return "hmm";
    }

    @Override
    public String title() {
        return "hidden Markov model, 3 states, 600 steps";
    }

    @Override
    public String target() {
        return "≤ 1.6 C";
    }

    @Override
    public double[] point() {
        return new double[] {1.1, -0.4, -0.6, -0.5, 1.3, -0.7, -0.3, -0.8, 0.9, -1.7, 0.2, 1.8, -0.2};
    }

    @Override
    public LogDensity kiln() {
        NDArray observed = NDArray.of(y);
        return PosteriorDensity.of(
                () -> {
                    var logits = sample("logits", new Normal(0, 1).expand(K, K).toEvent(2));
                    var mu = sample("mu", new Normal(0, 3).expand(K).toEvent(1));
                    var sigma = sample("sigma", new HalfNormal(1));
                    NDArray transition = logits.minus(logsumexp(logits, 1).expandDims(1));
                    NDArray emission = new Normal(mu, sigma).logProb(observed.expandDims(1));
                    NDArray start = emission.get(0).minus(Math.log(K));
                    NDArray last = Control.scan(
                                    (NDArray a, NDArray now) ->
                                            Carried.of(logsumexp(a.expandDims(1).plus(transition), 0).plus(now)),
                                    start,
                                    emission.get(Index.slice(1, null)))
                            .carry();
                    factor("y", logsumexp(last));
                },
                PRNGKey.key(0));
    }

    @Override
    public LogDensity java() {
        return new Java();
    }

    @Override
    public LogDensity c() {
        return NativeCode.density("hidden_markov", SIGMA + 1, CONSTANT, T, (long) T * K * K, y);
    }

    private final class Java implements LogDensity {
        /// `weight[t][i][j]`: the share of state `i` in the sum that state `j` gets at step `t`.
        private final double[] weight = new double[T * K * K];

        private final double[] logA = new double[K * K];
        private final double[] dLogA = new double[K * K];
        private double[] a = new double[K];
        private double[] next = new double[K];

        @Override
        public int dimension() {
            return SIGMA + 1;
        }

        @Override
        public double valueAndGradient(double[] q, double[] gradient) {
            double sigma = Math.exp(q[SIGMA]);
            double precision = 1 / (sigma * sigma);
            double value = CONSTANT - 0.5 * sigma * sigma + (1 - T) * q[SIGMA];
            for (int i = 0; i < K; i++) {
                double total = 0;
                for (int j = 0; j < K; j++) {
                    total += Math.exp(q[i * K + j]);
                }
                for (int j = 0; j < K; j++) {
                    logA[i * K + j] = q[i * K + j] - Math.log(total);
                    dLogA[i * K + j] = 0;
                    value -= 0.5 * q[i * K + j] * q[i * K + j];
                }
            }
            for (int j = 0; j < K; j++) {
                double residual = y[0] - q[MU + j];
                a[j] = -0.5 * residual * residual * precision;
                value -= q[MU + j] * q[MU + j] / 18;
            }
            for (int t = 1; t < T; t++) {
                forward(q, t, precision);
            }
            double largest = Math.max(a[0], Math.max(a[1], a[2]));
            double total = 0;
            for (int j = 0; j < K; j++) {
                next[j] = Math.exp(a[j] - largest);
                total += next[j];
            }
            for (int j = 0; j < K; j++) {
                a[j] = next[j] / total;
                gradient[MU + j] = -q[MU + j] / 9;
            }
            double squares = 0;
            for (int t = T - 1; t >= 0; t--) {
                for (int j = 0; j < K; j++) {
                    double residual = y[t] - q[MU + j];
                    gradient[MU + j] += a[j] * residual * precision;
                    squares += a[j] * residual * residual;
                }
                if (t > 0) {
                    backward(t);
                }
            }
            gradient[SIGMA] = squares * precision - T + 1 - sigma * sigma;
            for (int i = 0; i < K; i++) {
                double row = 0;
                for (int j = 0; j < K; j++) {
                    row += dLogA[i * K + j];
                }
                for (int j = 0; j < K; j++) {
                    int ij = i * K + j;
                    gradient[ij] = dLogA[ij] - Math.exp(logA[ij]) * row - q[ij];
                }
            }
            return value + largest + Math.log(total);
        }

        /// `a` of step `t` from that of step `t − 1`.
        private void forward(double[] q, int t, double precision) {
            for (int j = 0; j < K; j++) {
                double largest = Double.NEGATIVE_INFINITY;
                for (int i = 0; i < K; i++) {
                    largest = Math.max(largest, a[i] + logA[i * K + j]);
                }
                double total = 0;
                for (int i = 0; i < K; i++) {
                    double e = Math.exp(a[i] + logA[i * K + j] - largest);
                    weight[(t * K + i) * K + j] = e;
                    total += e;
                }
                for (int i = 0; i < K; i++) {
                    weight[(t * K + i) * K + j] /= total;
                }
                double residual = y[t] - q[MU + j];
                next[j] = largest + Math.log(total) - 0.5 * residual * residual * precision;
            }
            double[] free = a;
            a = next;
            next = free;
        }

        /// The probabilities of the states at step `t − 1` from those at step `t`, and what the step adds to the gradient.
        private void backward(int t) {
            for (int i = 0; i < K; i++) {
                double sum = 0;
                for (int j = 0; j < K; j++) {
                    double both = a[j] * weight[(t * K + i) * K + j];
                    dLogA[i * K + j] += both;
                    sum += both;
                }
                next[i] = sum;
            }
            double[] free = a;
            a = next;
            next = free;
        }
    }
}
