// Linear regression on two columns: q = (beta[0..2], log sigma); see Kidiq.java.
#include <math.h>

double kidiq(const double *restrict q, double *restrict gradient, long n, const void *const *data, double *scratch) {
    const double *restrict score = data[0], *restrict high_school = data[1], *restrict iq = data[2];
    const double b0 = q[0], b1 = q[1], b2 = q[2], sigma = exp(q[3]);
    double sum0 = 0, sum1 = 0, sum2 = 0, squares = 0;
    for (long i = 0; i < n; i++) {
        double residual = score[i] - (b0 + b1 * high_school[i] + b2 * iq[i]);
        sum0 += residual;
        sum1 += residual * high_school[i];
        sum2 += residual * iq[i];
        squares += residual * residual;
    }
    double precision = 1 / (sigma * sigma), ratio2 = sigma * sigma / 6.25;
    gradient[0] = sum0 * precision;
    gradient[1] = sum1 * precision;
    gradient[2] = sum2 * precision;
    gradient[3] = 1 - n - 2 * ratio2 / (1 + ratio2) + squares * precision;
    return -0.5 * squares * precision - log(1 + ratio2) + (1 - n) * q[3];
}
