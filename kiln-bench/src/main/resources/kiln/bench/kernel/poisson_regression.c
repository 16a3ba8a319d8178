// Poisson regression with group offsets: q = (mu, b, log tau, offset[0..84]); see PoissonRegression.java.
//
// The scatter is a loop of its own, so that the other loops vectorise.
#include <math.h>
#define GROUPS 85
#define TILE 500

double poisson_regression(const double *restrict q, double *restrict gradient, long n, const void *const *data, double *scratch) {
    const double *restrict x = data[0], *restrict y = data[1], *restrict offset = q + 3;
    const long *restrict group = data[2];
    const double mu = q[0], b = q[1], tau = exp(q[2]), precision = 1 / (tau * tau);
    double residual[TILE] __attribute__((aligned(64)));
    double squares = 0, value = 0, d_mu = 0, d_b = 0;
    for (int g = 0; g < GROUPS; g++) {
        squares += offset[g] * offset[g];
        gradient[g + 3] = -offset[g] * precision;
    }
    for (long from = 0; from < n; from += TILE) {
        long m = n - from < TILE ? n - from : TILE;
        for (long i = 0; i < m; i++) {
            double log_rate = mu + offset[group[from + i]] + b * x[from + i];
            double rate = exp(log_rate);
            value += y[from + i] * log_rate - rate;
            double r = y[from + i] - rate;
            d_mu += r;
            d_b += r * x[from + i];
            residual[i] = r;
        }
        for (long i = 0; i < m; i++) {
            gradient[group[from + i] + 3] += residual[i];
        }
    }
    gradient[0] = d_mu - mu / 4;
    gradient[1] = d_b - b;
    gradient[2] = 1 - tau * tau - GROUPS + squares * precision;
    return value - mu * mu / 8 - b * b / 2 - tau * tau / 2 + q[2] - GROUPS * q[2] - 0.5 * squares * precision;
}
