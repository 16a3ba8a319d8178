// Latent AR(5) observed with noise: q = (phi[0..4], log tau, log sigma, z[0..n-1]); see Ar5.java.
//
// The recursions are loops of their own; all else vectorises.
#include <math.h>

// out[t] = factor x[t] + p[0] out[t-1] + ... + p[4] out[t-5], from the first to the last, or with step -1 from the last to the first.
//
// What is known earlier is added first, so that the chain is one multiply-add long. gcc would reorder it to twice the length.
__attribute__((noinline, optimize("no-associative-math"))) static void recursion(
        const double *p, double factor, const double *x, double *out, long n, long step) {
    const double p1 = p[0], p2 = p[1], p3 = p[2], p4 = p[3], p5 = p[4];
    double l1 = 0, l2 = 0, l3 = 0, l4 = 0, l5 = 0;
    for (long t = 0; t < n; t++) {
        double now = (factor * *x + p5 * l5 + p4 * l4 + p3 * l3 + p2 * l2) + p1 * l1;
        *out = now;
        l5 = l4, l4 = l3, l3 = l2, l2 = l1, l1 = now;
        x += step;
        out += step;
    }
}

double ar5(const double *restrict q, double *restrict gradient, long n, const void *const *data, double *scratch) {
    const double *restrict y = data[0], *restrict z = q + 7;
    double *restrict h = scratch + 5, *restrict slope = scratch + n + 10, *restrict d_z = gradient + 7;
    const double p1 = q[0], p2 = q[1], p3 = q[2], p4 = q[3], p5 = q[4];
    const double tau = exp(q[5]), sigma = exp(q[6]), precision = 1 / (sigma * sigma);
    double standard = 0, squares = 0, d1 = 0, d2 = 0, d3 = 0, d4 = 0, d5 = 0, d_tau = 0;
    for (long t = -5; t < 0; t++) {
        h[t] = 0;
    }
    recursion(q, tau, z, h, n, 1);
    for (long t = 0; t < n; t++) {
        double residual = y[t] - h[t];
        standard += z[t] * z[t];
        squares += residual * residual;
        slope[t] = residual * precision;
    }
    recursion(q, 1, slope + n - 1, slope + n - 1, n, -1);
    for (long t = 0; t < n; t++) {
        d1 += slope[t] * h[t - 1];
        d2 += slope[t] * h[t - 2];
        d3 += slope[t] * h[t - 3];
        d4 += slope[t] * h[t - 4];
        d5 += slope[t] * h[t - 5];
        d_tau += slope[t] * z[t];
        d_z[t] = tau * slope[t] - z[t];
    }
    gradient[0] = d1 - 4 * p1;
    gradient[1] = d2 - 4 * p2;
    gradient[2] = d3 - 4 * p3;
    gradient[3] = d4 - 4 * p4;
    gradient[4] = d5 - 4 * p5;
    gradient[5] = (d_tau - tau) * tau + 1;
    gradient[6] = squares * precision - n + 1 - sigma * sigma;
    return -2 * (p1 * p1 + p2 * p2 + p3 * p3 + p4 * p4 + p5 * p5)
            - 0.5 * (tau * tau + sigma * sigma + standard + squares * precision) + q[5] + (1 - n) * q[6];
}
