// Latent AR(1) observed with noise: q = (phi, log tau, log sigma, z[0..n-1]); see Ar1.java.
//
// The recursions are loops of their own with one fused multiply-add in the chain; all else vectorises.
#include <math.h>

double ar1(const double *restrict q, double *restrict gradient, long n, const void *const *data, double *scratch) {
    const double *restrict y = data[0], *restrict z = q + 3;
    double *restrict h = scratch + 1, *restrict slope = scratch + n + 2, *restrict d_z = gradient + 3;
    const double phi = q[0], tau = exp(q[1]), sigma = exp(q[2]), precision = 1 / (sigma * sigma);
    double level = 0, standard = 0, squares = 0, d_phi = 0, d_tau = 0;
    h[-1] = 0;
    for (long t = 0; t < n; t++) {
        level = tau * z[t] + phi * level;
        h[t] = level;
    }
    for (long t = 0; t < n; t++) {
        double residual = y[t] - h[t];
        standard += z[t] * z[t];
        squares += residual * residual;
        slope[t] = residual * precision;
    }
    double carried = 0;
    for (long t = n - 1; t >= 0; t--) {
        carried = slope[t] + phi * carried;
        slope[t] = carried;
    }
    for (long t = 0; t < n; t++) {
        d_phi += slope[t] * h[t - 1];
        d_tau += slope[t] * z[t];
        d_z[t] = tau * slope[t] - z[t];
    }
    gradient[0] = d_phi - 4 * phi;
    gradient[1] = (d_tau - tau) * tau + 1;
    gradient[2] = squares * precision - n + 1 - sigma * sigma;
    return -2 * phi * phi - 0.5 * (tau * tau + sigma * sigma + standard + squares * precision) + q[1] + (1 - n) * q[2];
}
