package kiln.math;

/// The matrix exponential by scaling and squaring with the Padé approximant of degree 13
/// (N. J. Higham, *The scaling and squaring method for the matrix exponential revisited*, 2005).
public final class MatrixExponential {
    private MatrixExponential() {}

    /// The largest 1-norm at which the approximant is accurate to double precision.
    private static final double THETA = 5.371920351148152;

    private static final double[] PADE = {
        64764752532480000.0, 32382376266240000.0, 7771770303897600.0, 1187353796428800.0, 129060195264000.0, 10559470521600.0,
        670442572800.0, 33522128640.0, 1323241920.0, 40840800.0, 960960.0, 16380.0, 182.0, 1.0
    };

    /// `e^A = Σ A^k / k!`.
    ///
    /// @param a an `n × n` matrix, row by row; not changed
    /// @return `e^A`, row by row; NaN throughout if an element is not finite
    public static double[] of(double[] a, int n) {
        double norm = 0;
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += Math.abs(a[i * n + j]);
            }
            norm = !(sum <= norm) ? sum : norm;
        }
        double[] x = new double[n * n];
        if (!(norm <= Double.MAX_VALUE)) {
            java.util.Arrays.fill(x, Double.NaN);
            return x;
        }
        int squarings = 0;
        while (Math.scalb(norm, -squarings) > THETA) {
            squarings++;
        }
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.scalb(a[i], -squarings);
        }
        double[] x2 = product(x, x, n);
        double[] x4 = product(x2, x2, n);
        double[] x6 = product(x4, x2, n);
        double[] odd = product(x6, combination(PADE[13], x6, PADE[11], x4, PADE[9], x2, 0, n), n);
        add(odd, combination(PADE[7], x6, PADE[5], x4, PADE[3], x2, PADE[1], n));
        odd = product(x, odd, n);
        double[] even = product(x6, combination(PADE[12], x6, PADE[10], x4, PADE[8], x2, 0, n), n);
        add(even, combination(PADE[6], x6, PADE[4], x4, PADE[2], x2, PADE[0], n));
        double[] denominator = new double[n * n];
        for (int i = 0; i < x.length; i++) {
            denominator[i] = even[i] - odd[i];
            even[i] += odd[i];
        }
        double[] y = LuFactor.of(denominator, n).solve(even, n);
        for (int k = 0; k < squarings; k++) {
            y = product(y, y, n);
        }
        return y;
    }

    private static double[] product(double[] a, double[] b, int n) {
        double[] out = new double[n * n];
        new Products(n, n, n).multiply(a, 0, b, 0, out, 0);
        return out;
    }

    private static double[] combination(double c6, double[] x6, double c4, double[] x4, double c2, double[] x2, double c0, int n) {
        double[] out = new double[n * n];
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.fma(c6, x6[i], Math.fma(c4, x4[i], c2 * x2[i]));
        }
        for (int i = 0; i < n; i++) {
            out[i * n + i] += c0;
        }
        return out;
    }

    private static void add(double[] y, double[] x) {
        for (int i = 0; i < y.length; i++) {
            y[i] += x[i];
        }
    }
}
