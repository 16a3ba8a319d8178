// Sum of log(1 + exp(a + b x)): q = (a, b); see SoftplusSum.java.
#include <math.h>

double softplus_sum(const double *restrict q, double *restrict gradient, long n, const void *const *data, double *scratch) {
    const double *restrict x = data[0];
    const double a = q[0], b = q[1];
    double value = 0, d_a = 0, d_b = 0;
    for (long i = 0; i < n; i++) {
        double eta = a + b * x[i];
        double e = exp(-fabs(eta));
        double inverse = 1 / (1 + e);
        value += fmax(eta, 0) + log(1 + e);
        double sigmoid = eta >= 0 ? inverse : e * inverse;
        d_a += sigmoid;
        d_b += sigmoid * x[i];
    }
    gradient[0] = -d_a - a;
    gradient[1] = -d_b - b;
    return -0.5 * (a * a + b * b) - value;
}
