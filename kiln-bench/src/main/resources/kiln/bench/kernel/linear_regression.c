// Gaussian linear regression on ten columns: q = (beta, log sigma); see LinearRegression.java. Column after column.
#include <math.h>
#define D 10
#define TILE 500

double linear_regression(const double *restrict q, double *restrict gradient, long n, const void *const *data, double *scratch) {
    const double *restrict x = data[0], *restrict y = data[1];
    const double sigma = exp(q[D]), precision = 1 / (sigma * sigma);
    double residual[TILE] __attribute__((aligned(64)));
    double squares = 0, value = 0;
    for (int j = 0; j < D; j++) {
        gradient[j] = 0;
    }
    for (long from = 0; from < n; from += TILE) {
        long m = n - from < TILE ? n - from : TILE;
        for (long i = 0; i < m; i++) {
            residual[i] = y[from + i];
        }
        for (int j = 0; j < D; j += 5) {
            const double *restrict x0 = x + j * n + from, *restrict x1 = x0 + n, *restrict x2 = x1 + n;
            const double *restrict x3 = x2 + n, *restrict x4 = x3 + n;
            const double b0 = q[j], b1 = q[j + 1], b2 = q[j + 2], b3 = q[j + 3], b4 = q[j + 4];
            for (long i = 0; i < m; i++) {
                residual[i] -= x0[i] * b0 + x1[i] * b1 + x2[i] * b2 + x3[i] * b3 + x4[i] * b4;
            }
        }
        for (int j = 0; j < D; j += 5) {
            const double *restrict x0 = x + j * n + from, *restrict x1 = x0 + n, *restrict x2 = x1 + n;
            const double *restrict x3 = x2 + n, *restrict x4 = x3 + n;
            double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0;
            for (long i = 0; i < m; i++) {
                s0 += residual[i] * x0[i];
                s1 += residual[i] * x1[i];
                s2 += residual[i] * x2[i];
                s3 += residual[i] * x3[i];
                s4 += residual[i] * x4[i];
            }
            gradient[j] += s0;
            gradient[j + 1] += s1;
            gradient[j + 2] += s2;
            gradient[j + 3] += s3;
            gradient[j + 4] += s4;
        }
        for (long i = 0; i < m; i++) {
            squares += residual[i] * residual[i];
        }
    }
    for (int j = 0; j < D; j++) {
        value -= 0.5 * q[j] * q[j];
        gradient[j] = gradient[j] * precision - q[j];
    }
    gradient[D] = squares * precision - n + 1 - sigma * sigma;
    return value - 0.5 * sigma * sigma + q[D] - n * q[D] - 0.5 * squares * precision;
}
