// Eight schools, non-centred: q = (mu, log tau, t[0..7]); see EightSchools.java.
#include <math.h>
#define J 8

double eight_schools(const double *restrict q, double *restrict gradient, long n, const void *const *data, double *scratch) {
    const double *restrict y = data[0], *restrict precision = data[1];
    const double *restrict t = q + 2;
    const double mu = q[0], tau = exp(q[1]);
    double squares = 0, d_mu = 0, d_tau = 0;
    for (int j = 0; j < J; j++) {
        double residual = y[j] - (mu + tau * t[j]);
        double pull = residual * precision[j];
        squares += t[j] * t[j] + residual * pull;
        d_mu += pull;
        d_tau += pull * t[j];
        gradient[j + 2] = pull * tau - t[j];
    }
    double ratio2 = tau * tau / 25;
    gradient[0] = d_mu - mu / 25;
    gradient[1] = d_tau * tau + 1 - 2 * ratio2 / (1 + ratio2);
    return -0.5 * squares - mu * mu / 50 - log(1 + ratio2) + q[1];
}
