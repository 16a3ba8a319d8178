// Non-centred normal hierarchy: q = (mu, log tau, log sigma, z[0..999]); see NormalHierarchy.java.
//
// Rows come group by group, but the code does not know it: the gather and the scatter go through the index, as in a model.
#include <math.h>
#define GROUPS 1000
#define TILE 500

double normal_hierarchy(const double *restrict q, double *restrict gradient, long n, const void *const *data, double *scratch) {
    const double *restrict y = data[0], *restrict z = q + 3;
    const long *restrict group = data[1];
    const double mu = q[0], tau = exp(q[1]), sigma = exp(q[2]), precision = 1 / (sigma * sigma), slope = tau * precision;
    double residual[TILE] __attribute__((aligned(64)));
    double squares = 0, sum = 0, along = 0, spread = 0;
    for (int g = 0; g < GROUPS; g++) {
        spread += z[g] * z[g];
        gradient[g + 3] = -z[g];
    }
    for (long from = 0; from < n; from += TILE) {
        long m = n - from < TILE ? n - from : TILE;
        for (long i = 0; i < m; i++) {
            double effect = z[group[from + i]];
            double r = y[from + i] - mu - tau * effect;
            squares += r * r;
            sum += r;
            along += r * effect;
            residual[i] = slope * r;
        }
        for (long i = 0; i < m; i++) {
            gradient[group[from + i] + 3] += residual[i];
        }
    }
    gradient[0] = sum * precision - mu / 25;
    gradient[1] = 1 - tau * tau + slope * along;
    gradient[2] = 1 - sigma * sigma - n + squares * precision;
    return q[1] + q[2] - n * q[2] - mu * mu / 50 - 0.5 * (tau * tau + sigma * sigma + spread + squares * precision);
}
