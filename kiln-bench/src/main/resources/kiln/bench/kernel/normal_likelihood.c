// Normal observations: q = (mu, log sigma); see NormalLikelihood.java.
#include <math.h>

double normal_likelihood(const double *restrict q, double *restrict gradient, long n, const void *const *data, double *scratch) {
    const double *restrict y = data[0];
    const double mu = q[0], sigma = exp(q[1]), precision = 1 / (sigma * sigma);
    double sum = 0, squares = 0;
    for (long i = 0; i < n; i++) {
        double residual = y[i] - mu;
        sum += residual;
        squares += residual * residual;
    }
    gradient[0] = sum * precision - mu / 100;
    gradient[1] = squares * precision - n + 1 - sigma * sigma / 100;
    return -mu * mu / 200 - sigma * sigma / 200 + q[1] - n * q[1] - 0.5 * squares * precision;
}
