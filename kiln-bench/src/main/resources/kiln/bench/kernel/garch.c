// GARCH(1, 1): q = (mu, log a0, logit a1, logit(b1 / (1 - a1))); see Garch.java.
//
// The two recursions are loops of their own with one fused multiply-add in the chain; all else vectorises.
#include <math.h>
#define START 0.5

double garch(const double *restrict q, double *restrict gradient, long n, const void *const *data, double *scratch) {
    const double *restrict y = data[0];
    double *restrict h = scratch, *restrict input = scratch + n, *restrict later = scratch + 2 * n;
    const double mu = q[0], a0 = exp(q[1]), a1 = 1 / (1 + exp(-q[2])), share = 1 / (1 + exp(-q[3]));
    const double b1 = (1 - a1) * share;
    for (long t = 0; t < n; t++) {
        double shock = y[t] - mu;
        input[t] = a0 + a1 * shock * shock;
    }
    double variance = START;
    for (long t = 0; t < n; t++) {
        h[t] = variance;
        variance = input[t] + b1 * variance;
    }
    double value = 0, d_mu = 0, d_a0 = 0, d_a1 = 0, d_b1 = 0;
    for (long t = 0; t < n; t++) {
        double shock = y[t] - mu, inverse = 1 / h[t], scaled = shock * inverse;
        value -= 0.5 * (log(h[t]) + shock * scaled);
        d_mu += scaled;
        input[t] = 0.5 * (scaled * scaled - inverse);
    }
    double carried = 0;
    for (long t = n - 1; t >= 0; t--) {
        later[t] = carried;
        carried = input[t] + b1 * carried;
    }
    for (long t = 0; t < n; t++) {
        double shock = y[t] - mu;
        d_a0 += later[t];
        d_a1 += later[t] * shock * shock;
        d_b1 += later[t] * h[t];
        d_mu -= 2 * a1 * later[t] * shock;
    }
    gradient[0] = d_mu - mu;
    gradient[1] = (d_a0 - a0) * a0 + 1;
    gradient[2] = (d_a1 - d_b1 * share) * a1 * (1 - a1) + 1 - 2 * a1;
    gradient[3] = d_b1 * (1 - a1) * share * (1 - share) + 1 - 2 * share;
    return value - 0.5 * mu * mu - 0.5 * a0 * a0 + q[1] + log(a1 * (1 - a1)) + log(share * (1 - share));
}
