// Sum of lgamma(a + x): q = log a; see LgammaSum.java.
//
// libm's lgamma does not vectorise. This one does: shifted by seven, then Stirling's series (Abramowitz and Stegun 6.1.40, 6.3.18).
// The product of the seven factors takes one logarithm, and its logarithmic derivative one division.
#include <math.h>
#define HALF_LOG_2PI 0.91893853320467274178

double lgamma_sum(const double *restrict q, double *restrict gradient, long n, const void *const *data, double *scratch) {
    const double *restrict x = data[0];
    const double a = exp(q[0]);
    double value = 0, slope = 0;
    for (long i = 0; i < n; i++) {
        double s = a + x[i];
        double product = s, derivative = 1;
#pragma GCC unroll 6
        for (int k = 1; k < 7; k++) {
            derivative = derivative * (s + k) + product;
            product = product * (s + k);
        }
        double z = s + 7, inverse = 1 / z, w = inverse * inverse, log_z = log(z);
        double series = inverse * (1.0 / 12 + w * (-1.0 / 360 + w * (1.0 / 1260 + w * (-1.0 / 1680 + w * (1.0 / 1188
                + w * (-691.0 / 360360 + w * (1.0 / 156 + w * (-3617.0 / 122400))))))));
        double series_derivative = -w * (1.0 / 12 + w * (-1.0 / 120 + w * (1.0 / 252 + w * (-1.0 / 240 + w * (1.0 / 132
                + w * (-691.0 / 32760 + w * (1.0 / 12 + w * (-3617.0 / 8160))))))));
        value += (z - 0.5) * log_z - z + HALF_LOG_2PI + series - log(product);
        slope += log_z - 0.5 * inverse + series_derivative - derivative / product;
    }
    gradient[0] = -a * slope - q[0];
    return -0.5 * q[0] * q[0] - value;
}
