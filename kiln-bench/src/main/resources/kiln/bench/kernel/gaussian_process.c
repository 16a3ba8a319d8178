// Gaussian process regression: q = (log rho, log alpha, log sigma); see GaussianProcess.java.
//
// The loops of SymmetricInverse.java: every inner loop adds four multiples of rows to a row. With -DOPENBLAS the factorisation and the
// inverse are LAPACK's as OpenBLAS has them, on one thread.
#include <math.h>
#include <string.h>

#ifdef OPENBLAS
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t length);
void dpotri_(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t length);
void openblas_set_num_threads(int threads);

__attribute__((constructor)) static void one_thread(void) {
    openblas_set_num_threads(1);
}

// The lower triangle becomes that of the inverse: LAPACK, which counts by columns, calls it the upper one. Returns log det C.
static double invert_in_place(int n, double *c) {
    int info = 0;
    double log_determinant = 0;
    dpotrf_("U", &n, c, &n, &info, 1);
    for (long i = 0; i < n; i++) {
        log_determinant += 2 * log(c[i * n + i]);
    }
    dpotri_("U", &n, c, &n, &info, 1);
    return info == 0 ? log_determinant : NAN;
}
#else

static inline void subtract4(double *restrict row, const double *restrict a, const double *restrict b, const double *restrict c,
        const double *restrict d, double fa, double fb, double fc, double fd, long from, long to) {
    for (long j = from; j < to; j++) {
        row[j] -= fa * a[j] + fb * b[j] + fc * c[j] + fd * d[j];
    }
}

static inline void subtract(double *restrict row, const double *restrict a, double factor, long from, long to) {
    for (long j = from; j < to; j++) {
        row[j] -= factor * a[j];
    }
}

// C = U' U (rows of u, upper triangle), W = inverse of U' (lower), C^-1 = W' W (lower). Returns log det C.
static double invert(long n, double *u, double *w, double *inverse) {
    double log_determinant = 0;
    for (long k = 0; k < n; k += 4) {
        for (long p = k; p < k + 4; p++) {
            for (long e = k; e < p; e++) {
                subtract(u + p * n, u + e * n, u[e * n + p], p, n);
            }
            double factor = 1 / sqrt(u[p * n + p]);
            for (long j = p; j < n; j++) {
                u[p * n + j] *= factor;
            }
        }
        const double *a = u + k * n, *b = a + n, *c = b + n, *d = c + n;
        for (long i = k + 4; i < n; i++) {
            subtract4(u + i * n, a, b, c, d, a[i], b[i], c[i], d[i], i, n);
        }
    }
    for (long i = 0; i < n; i++) {
        log_determinant += 2 * log(u[i * n + i]);
    }
    memset(w, 0, n * n * sizeof(double));
    memset(inverse, 0, n * n * sizeof(double));
    for (long i = 0; i < n; i++) {
        double *row = w + i * n;
        row[i] = 1;
        long k = 0;
        for (; k < (i & -4); k += 4) {
            const double *a = w + k * n;
            subtract4(row, a, a + n, a + 2 * n, a + 3 * n, u[k * n + i], u[(k + 1) * n + i], u[(k + 2) * n + i],
                    u[(k + 3) * n + i], 0, k + 4);
        }
        for (; k < i; k++) {
            subtract(row, w + k * n, u[k * n + i], 0, k + 1);
        }
        double factor = 1 / u[i * n + i];
        for (long j = 0; j <= i; j++) {
            row[j] *= factor;
        }
    }
    for (long i = 0; i < n; i++) {
        double *row = inverse + i * n;
        long k = i;
        for (; k % 4 != 0; k++) {
            subtract(row, w + k * n, -w[k * n + i], 0, i + 1);
        }
        for (; k < n; k += 4) {
            const double *a = w + k * n, *b = a + n, *c = b + n, *d = c + n;
            subtract4(row, a, b, c, d, -a[i], -b[i], -c[i], -d[i], 0, i + 1);
        }
    }
    return log_determinant;
}
#endif

double gaussian_process(const double *restrict q, double *restrict gradient, long n, const void *const *data, double *scratch) {
    const double *restrict distance = data[0], *restrict y = data[1];
    double *u = scratch, *w = u + n * n, *inverse = w + n * n, *smooth = inverse + n * n;
    (void)u, (void)w;
    double *restrict weight = smooth + n * n;
    const double rho = exp(q[0]), alpha = exp(q[1]), sigma = exp(q[2]), factor = -0.5 / (rho * rho);
    // The exponentials are taken on the lower triangle, by whose rows the gradient reads them, and copied to the upper one of u.
    for (long i = 0; i < n; i++) {
        double *restrict kept = smooth + i * n;
        const double *restrict d = distance + i * n;
        for (long j = 0; j <= i; j++) {
            kept[j] = alpha * alpha * exp(d[j] * factor);
        }
    }
#ifdef OPENBLAS
    for (long i = 0; i < n; i++) {
        memcpy(inverse + i * n, smooth + i * n, (i + 1) * sizeof(double));
        inverse[i * n + i] += sigma * sigma;
    }
    double log_determinant = invert_in_place((int)n, inverse);
#else
    for (long i = 0; i < n; i++) {
        for (long j = i; j < n; j++) {
            u[i * n + j] = smooth[j * n + i];
        }
        u[i * n + i] += sigma * sigma;
    }
    double log_determinant = invert(n, u, w, inverse);
#endif
    double fit = 0, d_rho = 0, d_alpha = 0, d_sigma = 0;
    for (long i = 0; i < n; i++) {
        weight[i] = 0;
    }
    for (long i = 0; i < n; i++) {
        const double *restrict row = inverse + i * n;
        double sum = row[i] * y[i];
        for (long j = 0; j < i; j++) {
            sum += row[j] * y[j];
            weight[j] += row[j] * y[i];
        }
        weight[i] += sum;
    }
    for (long i = 0; i < n; i++) {
        const double *restrict row = inverse + i * n, *restrict kept = smooth + i * n, *restrict d = distance + i * n;
        for (long j = 0; j < i; j++) {
            double both = (weight[i] * weight[j] - row[j]) * kept[j];
            d_alpha += both;
            d_rho += both * d[j];
        }
    }
    for (long i = 0; i < n; i++) {
        double own = 0.5 * (weight[i] * weight[i] - inverse[i * n + i]);
        d_alpha += own * smooth[i * n + i];
        d_sigma += own;
        fit += weight[i] * y[i];
    }
    gradient[0] = d_rho / (rho * rho) - rho * rho / 4 + 1;
    gradient[1] = 2 * d_alpha - alpha * alpha / 4 + 1;
    gradient[2] = 2 * d_sigma * sigma * sigma - sigma * sigma / 4 + 1;
    return -0.5 * (fit + log_determinant) - (rho * rho + alpha * alpha + sigma * sigma) / 8 + q[0] + q[1] + q[2];
}
