package kiln.math;

import java.util.Random;

/// Prints which matrix kernel this JVM has chosen, and then a checksum of the bits of its products, factors and solutions.
final class MatrixBits {
    private static final int[] SIZES = {1, 2, 3, 5, 8, 13, 16, 17, 31, 33, 40, 50, 64, 67, 100, 136};

    private MatrixBits() {}

    public static void main(String[] args) {
        System.out.println(RankUpdate.best().getClass().getSimpleName());
        for (int n : SIZES) {
            System.out.println(n + " " + checksums(n));
        }
    }

    private static String checksums(int n) {
        double[] l = factor(n);
        double[] reverse = new double[n * n];
        new CholeskyReverse(n).run(l, matrix(n, n, 3), reverse, 0);
        var text = new StringBuilder("factor " + checksum(l) + " reverse " + checksum(reverse));
        for (int columns : new int[] {1, 3, n}) {
            for (boolean transposed : new boolean[] {false, true}) {
                double[] x = matrix(n, columns, 4);
                new TriangularSystem(n, columns, transposed).solve(l, 0, x, 0);
                text.append(" solution ").append(checksum(x));
            }
            double[] product = new double[n * columns];
            new Products(n, n + 3, columns).multiply(matrix(n, n + 3, 5), 0, matrix(n + 3, columns, 6), 0, product, 0);
            text.append(" product ").append(checksum(product));
        }
        return text.toString();
    }

    private static double[] factor(int n) {
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i * n + j] = 1.0 / (1 + Math.abs(i - j)) + (i == j ? 1 : 0);
            }
        }
        new CholeskyFactor(n).factor(a, 0);
        return a;
    }

    private static double[] matrix(int m, int n, int seed) {
        return new Random(seed).doubles((long) m * n, -1, 1).toArray();
    }

    private static String checksum(double[] x) {
        long sum = 0;
        for (double v : x) {
            sum = sum * 1_000_003 + Double.doubleToRawLongBits(v);
        }
        return Long.toHexString(sum);
    }
}
