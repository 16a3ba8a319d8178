// Logistic regression on 25 columns: q = beta; see LogisticRegression.java. The design matrix lies column after column.
//
// Tiles of rows stay in the first-level cache: predictor by columns, five at a time; sigmoid; gradient by columns, five at a time.
#include <math.h>
#define D 25
#define TILE 500

double logistic_regression(const double *restrict q, double *restrict gradient, long n, const void *const *data, double *scratch) {
    const double *restrict x = data[0], *restrict y = data[1];
    double eta[TILE] __attribute__((aligned(64))), residual[TILE] __attribute__((aligned(64)));
    double value = 0;
    for (int j = 0; j < D; j++) {
        value -= 0.5 * q[j] * q[j];
        gradient[j] = -q[j];
    }
    for (long from = 0; from < n; from += TILE) {
        long m = n - from < TILE ? n - from : TILE;
        for (int j = 0; j < D; j += 5) {
            const double *restrict x0 = x + j * n + from, *restrict x1 = x0 + n, *restrict x2 = x1 + n;
            const double *restrict x3 = x2 + n, *restrict x4 = x3 + n;
            const double b0 = q[j], b1 = q[j + 1], b2 = q[j + 2], b3 = q[j + 3], b4 = q[j + 4];
            if (j == 0) {
                for (long i = 0; i < m; i++) {
                    eta[i] = x0[i] * b0 + x1[i] * b1 + x2[i] * b2 + x3[i] * b3 + x4[i] * b4;
                }
            } else {
                for (long i = 0; i < m; i++) {
                    eta[i] += x0[i] * b0 + x1[i] * b1 + x2[i] * b2 + x3[i] * b3 + x4[i] * b4;
                }
            }
        }
        for (long i = 0; i < m; i++) {
            double e = exp(-fabs(eta[i]));
            double inverse = 1 / (1 + e);
            double outcome = y[from + i];
            value += outcome * eta[i] - fmax(eta[i], 0) - log(1 + e);
            residual[i] = outcome - (eta[i] >= 0 ? inverse : e * inverse);
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
    }
    return value;
}
