// Hidden Markov chain of three states: q = (logits[3][3], mu[3], log sigma); see HiddenMarkov.java.
//
// The forward algorithm in logarithms keeps the weights of each step; the way back then needs no exponential.
#include <math.h>
#define K 3

double hidden_markov(const double *restrict q, double *restrict gradient, long n, const void *const *data, double *scratch) {
    const double *restrict y = data[0], *restrict mu = q + K * K;
    double(*restrict weight)[K][K] = (double(*)[K][K]) scratch;
    double log_a[K][K], d_log_a[K][K] = {{0}}, a[K], next[K];
    const double log_sigma = q[K * K + K], sigma = exp(log_sigma), precision = 1 / (sigma * sigma);
    double value = -0.5 * sigma * sigma + (1 - n) * log_sigma;
    for (int i = 0; i < K; i++) {
        double total = 0;
        for (int j = 0; j < K; j++) {
            total += exp(q[i * K + j]);
            value -= 0.5 * q[i * K + j] * q[i * K + j];
        }
        for (int j = 0; j < K; j++) {
            log_a[i][j] = q[i * K + j] - log(total);
        }
    }
    for (int j = 0; j < K; j++) {
        a[j] = -0.5 * (y[0] - mu[j]) * (y[0] - mu[j]) * precision;
        value -= mu[j] * mu[j] / 18;
    }
    for (long t = 1; t < n; t++) {
        for (int j = 0; j < K; j++) {
            double s0 = a[0] + log_a[0][j], s1 = a[1] + log_a[1][j], s2 = a[2] + log_a[2][j];
            double largest = fmax(s0, fmax(s1, s2));
            double e0 = exp(s0 - largest), e1 = exp(s1 - largest), e2 = exp(s2 - largest);
            double total = e0 + e1 + e2, inverse = 1 / total;
            weight[t][0][j] = e0 * inverse;
            weight[t][1][j] = e1 * inverse;
            weight[t][2][j] = e2 * inverse;
            next[j] = largest + log(total) - 0.5 * (y[t] - mu[j]) * (y[t] - mu[j]) * precision;
        }
        for (int j = 0; j < K; j++) {
            a[j] = next[j];
        }
    }
    double largest = fmax(a[0], fmax(a[1], a[2])), total = 0, squares = 0, d_mu[K] = {0};
    for (int j = 0; j < K; j++) {
        a[j] = exp(a[j] - largest);
        total += a[j];
    }
    for (int j = 0; j < K; j++) {
        a[j] /= total;
    }
    for (long t = n - 1; t >= 0; t--) {
        for (int j = 0; j < K; j++) {
            double residual = y[t] - mu[j];
            d_mu[j] += a[j] * residual;
            squares += a[j] * residual * residual;
        }
        if (t > 0) {
            for (int i = 0; i < K; i++) {
                double sum = 0;
                for (int j = 0; j < K; j++) {
                    double both = a[j] * weight[t][i][j];
                    d_log_a[i][j] += both;
                    sum += both;
                }
                next[i] = sum;
            }
            for (int i = 0; i < K; i++) {
                a[i] = next[i];
            }
        }
    }
    for (int i = 0; i < K; i++) {
        double row = d_log_a[i][0] + d_log_a[i][1] + d_log_a[i][2];
        for (int j = 0; j < K; j++) {
            gradient[i * K + j] = d_log_a[i][j] - exp(log_a[i][j]) * row - q[i * K + j];
        }
        gradient[K * K + i] = d_mu[i] * precision - mu[i] / 9;
    }
    gradient[K * K + K] = squares * precision - n + 1 - sigma * sigma;
    return value + largest + log(total);
}
