package kiln.op;

import java.util.Arrays;

/// Decompositions as textbooks write them down, slow and by other algorithms than the operations: references of the op table.
final class Textbook {
    private Textbook() {}

    static double[][] product(double[][] a, double[][] b) {
        double[][] out = new double[a.length][b.length == 0 ? 0 : b[0].length];
        for (int i = 0; i < out.length; i++) {
            for (int j = 0; j < out[i].length; j++) {
                for (int k = 0; k < b.length; k++) {
                    out[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return out;
    }

    static double[][] transposed(double[][] a, int columns) {
        double[][] out = new double[columns][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < columns; j++) {
                out[j][i] = a[i][j];
            }
        }
        return out;
    }

    /// `X` of `A X = B` by Gauss–Jordan elimination with full rows.
    static double[][] solve(double[][] a, double[][] b) {
        int n = a.length;
        double[][] w = new double[n][];
        for (int i = 0; i < n; i++) {
            w[i] = Arrays.copyOf(a[i], n + b[i].length);
            System.arraycopy(b[i], 0, w[i], n, b[i].length);
        }
        for (int k = 0; k < n; k++) {
            int best = k;
            for (int i = k; i < n; i++) {
                best = Math.abs(w[i][k]) > Math.abs(w[best][k]) ? i : best;
            }
            double[] t = w[k];
            w[k] = w[best];
            w[best] = t;
            for (int i = 0; i < n; i++) {
                double c = i == k ? 0 : w[i][k] / w[k][k];
                for (int j = k; j < w[i].length; j++) {
                    w[i][j] -= c * w[k][j];
                }
            }
        }
        double[][] x = new double[n][];
        for (int i = 0; i < n; i++) {
            x[i] = Arrays.copyOfRange(w[i], n, w[i].length);
            for (int j = 0; j < x[i].length; j++) {
                x[i][j] /= w[i][i];
            }
        }
        return x;
    }

    /// `P`, `L`, `U` and the sign of `P`, by Doolittle's sums on the permuted matrix.
    static double[] lu(double[][] a) {
        int n = a.length;
        double[][] w = Arrays.stream(a).map(double[]::clone).toArray(double[][]::new);
        double[][] p = new double[n][n];
        double[][] l = new double[n][n];
        double[][] u = new double[n][n];
        for (int i = 0; i < n; i++) {
            p[i][i] = 1;
        }
        double sign = 1;
        for (int k = 0; k < n; k++) {
            int best = k;
            double size = -1;
            for (int i = k; i < n; i++) {
                double s = w[i][k];
                for (int q = 0; q < k; q++) {
                    s -= l[i][q] * u[q][k];
                }
                if (Math.abs(s) > size) {
                    size = Math.abs(s);
                    best = i;
                }
            }
            for (double[][] m : new double[][][] {w, p, l}) {
                double[] t = m[k];
                m[k] = m[best];
                m[best] = t;
            }
            sign = best == k ? sign : -sign;
            for (int j = k; j < n; j++) {
                u[k][j] = w[k][j];
                for (int q = 0; q < k; q++) {
                    u[k][j] -= l[k][q] * u[q][j];
                }
            }
            for (int i = k + 1; i < n; i++) {
                l[i][k] = w[i][k];
                for (int q = 0; q < k; q++) {
                    l[i][k] -= l[i][q] * u[q][k];
                }
                l[i][k] /= u[k][k];
            }
            l[k][k] = 1;
        }
        return joined(flat(p), flat(l), flat(u), new double[] {sign});
    }

    /// `Q` and `R` by Gram and Schmidt, twice; a column with others below the diagonal gets a diagonal element of the sign opposite
    /// to that of the element that a reflection would see, which is the sign of the last row's for a square matrix.
    static double[] qr(double[][] a, int n) {
        int m = a.length;
        double[][] columns = transposed(a, n);
        double[][] q = new double[n][];
        double[][] reflected = transposed(a, n);
        for (int k = 0; k < n; k++) {
            double[] v = columns[k].clone();
            for (int pass = 0; pass < 2; pass++) {
                for (int j = 0; j < k; j++) {
                    double c = dot(q[j], v);
                    for (int i = 0; i < m; i++) {
                        v[i] -= c * q[j][i];
                    }
                }
            }
            double norm = Math.sqrt(dot(v, v));
            // The element that Householder's method meets on the diagonal, by explicit reflection matrices.
            double head = reflected[k][k];
            double r = k == m - 1 ? head : -Math.signum(head) * norm;
            q[k] = Arrays.stream(v).map(x -> x / norm * Math.signum(r)).toArray();
            double[] h = new double[m];
            System.arraycopy(reflected[k], k, h, k, m - k);
            h[k] -= r;
            double hh = dot(h, h);
            for (double[] c : reflected) {
                double t = hh == 0 ? 0 : 2 * dot(h, c) / hh;
                for (int i = 0; i < m; i++) {
                    c[i] -= t * h[i];
                }
            }
        }
        double[][] r = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++) {
                r[i][j] = dot(q[i], columns[j]);
            }
        }
        return joined(flat(transposed(q, m)), flat(r));
    }

    /// Eigenvalues and, row by row, eigenvectors of a symmetric matrix by Jacobi's rotations of the largest element.
    static double[][] eigen(double[][] symmetric) {
        int n = symmetric.length;
        double[][] a = Arrays.stream(symmetric).map(double[]::clone).toArray(double[][]::new);
        double[][] v = new double[n][n];
        for (int i = 0; i < n; i++) {
            v[i][i] = 1;
        }
        for (int round = 0; round < 200 * n * n; round++) {
            int p = 0;
            int q = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    if (p == q || Math.abs(a[i][j]) > Math.abs(a[p][q])) {
                        p = i;
                        q = j;
                    }
                }
            }
            if (p == q || Math.abs(a[p][q]) < 1e-300) {
                break;
            }
            double angle = 0.5 * StrictMath.atan2(2 * a[p][q], a[p][p] - a[q][q]);
            double c = StrictMath.cos(angle);
            double s = StrictMath.sin(angle);
            double[][] g = new double[n][n];
            for (int i = 0; i < n; i++) {
                g[i][i] = 1;
            }
            g[p][p] = c;
            g[q][q] = c;
            g[p][q] = s;
            g[q][p] = -s;
            a = product(product(g, a), transposed(g, n));
            v = product(g, v);
            a[p][q] = 0;
            a[q][p] = 0;
        }
        double[][] values = a;
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, java.util.Comparator.comparingDouble(i -> values[i][i]));
        double[][] out = new double[n + 1][n];
        for (int k = 0; k < n; k++) {
            out[0][k] = a[order[k]][order[k]];
            out[k + 1] = signed(v[order[k]]);
        }
        return out;
    }

    /// `s`, `U`, `Vᵀ` from the eigenvectors of `AᵀA`.
    static double[] svd(double[][] a, int n) {
        int m = a.length;
        double[][] e = eigen(product(transposed(a, n), a));
        double[] s = new double[n];
        double[][] u = new double[n][];
        double[][] v = new double[n][];
        for (int k = 0; k < n; k++) {
            double[] right = e[n - k];
            double[] image = new double[m];
            for (int i = 0; i < m; i++) {
                image[i] = dot(a[i], right);
            }
            s[k] = Math.sqrt(dot(image, image));
            double size = s[k];
            u[k] = Arrays.stream(image).map(x -> x / size).toArray();
            double[] positive = signed(u[k]);
            double flip = positive.length == 0 || positive[0] == u[k][0] ? 1 : -1;
            u[k] = positive;
            v[k] = Arrays.stream(right).map(x -> flip * x).toArray();
        }
        return joined(s, flat(transposed(u, m)), flat(v));
    }

    /// `e^A` by its series at `A/2¹⁰`, squared ten times.
    static double[] expm(double[][] a) {
        int n = a.length;
        double[][] x = Arrays.stream(a).map(r -> Arrays.stream(r).map(v -> v / 1024).toArray()).toArray(double[][]::new);
        double[][] term = new double[n][n];
        double[][] rest = new double[n][n]; // e^A − 1, which keeps its digits when squared
        for (int i = 0; i < n; i++) {
            term[i][i] = 1;
        }
        for (int k = 1; k < 20; k++) {
            term = product(term, x);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    term[i][j] /= k;
                    rest[i][j] += term[i][j];
                }
            }
        }
        for (int k = 0; k < 10; k++) {
            double[][] square = product(rest, rest);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    rest[i][j] = 2 * rest[i][j] + square[i][j];
                }
            }
        }
        for (int i = 0; i < n; i++) {
            rest[i][i] += 1;
        }
        return flat(rest);
    }

    private static double[] signed(double[] v) {
        double best = 0;
        for (double x : v) {
            best = Math.abs(x) > 1.01 * Math.abs(best) ? x : best;
        }
        double sign = best < 0 ? -1 : 1;
        return Arrays.stream(v).map(x -> sign * x).toArray();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    static double[] flat(double[][] a) {
        return Arrays.stream(a).flatMapToDouble(Arrays::stream).toArray();
    }

    static double[] joined(double[]... parts) {
        return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
    }
}
