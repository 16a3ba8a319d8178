package kiln.math;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/// The kernel with the Vector API: tiles of four rows by four vectors stay in registers for many products.
///
/// Loaded only where the module is there. Loops are flat, since helpers that return vectors stop being inlined and then allocate.
final class VectorRankUpdate implements RankUpdate {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    /// So many rows of a strip of columns stay in the caches.
    private static final int DEPTH = 128;

    /// For the columns that do not fill a vector.
    private final PlainRankUpdate rest = new PlainRankUpdate();

    @Override
    public void run(
            double sign, double[] c, int c0, int ci, int cp, double[][] y, int y0, int rows, double[][] x, int x0, int k, int from, int to) {
        int wide = from + (to - from) / (4 * L) * (4 * L);
        int single = wide + (to - wide) / L * L;
        for (int p = 0; p < k; p += DEPTH) {
            int depth = Math.min(DEPTH, k - p);
            int at = c0 + p * cp;
            int first = x0 + p;
            for (int j = from; j < wide; j += 4 * L) {
                int i = 0;
                for (; i + 3 < rows; i += 4) {
                    fourByFour(sign, c, at + i * ci, ci, cp, y[y0 + i], y[y0 + i + 1], y[y0 + i + 2], y[y0 + i + 3], x, first, depth, j);
                }
                for (; i < rows; i++) {
                    oneByFour(sign, c, at + i * ci, cp, y[y0 + i], x, first, depth, j);
                }
            }
            for (int j = wide; j < single; j += L) {
                int i = 0;
                for (; i + 3 < rows; i += 4) {
                    fourByOne(sign, c, at + i * ci, ci, cp, y[y0 + i], y[y0 + i + 1], y[y0 + i + 2], y[y0 + i + 3], x, first, depth, j);
                }
                for (; i < rows; i++) {
                    oneByOne(sign, c, at + i * ci, cp, y[y0 + i], x, first, depth, j);
                }
            }
        }
        rest.run(sign, c, c0, ci, cp, y, y0, rows, x, x0, k, single, to);
    }

    private static void fourByFour(
            double sign, double[] c, int at, int ci, int cp, double[] y0, double[] y1, double[] y2, double[] y3, double[][] x, int first, int k, int j) {
        int j1 = j + L;
        int j2 = j1 + L;
        int j3 = j2 + L;
        DoubleVector s00 = DoubleVector.fromArray(S, y0, j);
        DoubleVector s01 = DoubleVector.fromArray(S, y0, j1);
        DoubleVector s02 = DoubleVector.fromArray(S, y0, j2);
        DoubleVector s03 = DoubleVector.fromArray(S, y0, j3);
        DoubleVector s10 = DoubleVector.fromArray(S, y1, j);
        DoubleVector s11 = DoubleVector.fromArray(S, y1, j1);
        DoubleVector s12 = DoubleVector.fromArray(S, y1, j2);
        DoubleVector s13 = DoubleVector.fromArray(S, y1, j3);
        DoubleVector s20 = DoubleVector.fromArray(S, y2, j);
        DoubleVector s21 = DoubleVector.fromArray(S, y2, j1);
        DoubleVector s22 = DoubleVector.fromArray(S, y2, j2);
        DoubleVector s23 = DoubleVector.fromArray(S, y2, j3);
        DoubleVector s30 = DoubleVector.fromArray(S, y3, j);
        DoubleVector s31 = DoubleVector.fromArray(S, y3, j1);
        DoubleVector s32 = DoubleVector.fromArray(S, y3, j2);
        DoubleVector s33 = DoubleVector.fromArray(S, y3, j3);
        int from = at;
        for (int p = 0; p < k; p++) {
            double[] row = x[first + p];
            DoubleVector x0 = DoubleVector.fromArray(S, row, j);
            DoubleVector x1 = DoubleVector.fromArray(S, row, j1);
            DoubleVector x2 = DoubleVector.fromArray(S, row, j2);
            DoubleVector x3 = DoubleVector.fromArray(S, row, j3);
            DoubleVector c0 = DoubleVector.broadcast(S, sign * c[from]);
            s00 = c0.fma(x0, s00);
            s01 = c0.fma(x1, s01);
            s02 = c0.fma(x2, s02);
            s03 = c0.fma(x3, s03);
            DoubleVector c1 = DoubleVector.broadcast(S, sign * c[from + ci]);
            s10 = c1.fma(x0, s10);
            s11 = c1.fma(x1, s11);
            s12 = c1.fma(x2, s12);
            s13 = c1.fma(x3, s13);
            DoubleVector c2 = DoubleVector.broadcast(S, sign * c[from + 2 * ci]);
            s20 = c2.fma(x0, s20);
            s21 = c2.fma(x1, s21);
            s22 = c2.fma(x2, s22);
            s23 = c2.fma(x3, s23);
            DoubleVector c3 = DoubleVector.broadcast(S, sign * c[from + 3 * ci]);
            s30 = c3.fma(x0, s30);
            s31 = c3.fma(x1, s31);
            s32 = c3.fma(x2, s32);
            s33 = c3.fma(x3, s33);
            from += cp;
        }
        s00.intoArray(y0, j);
        s01.intoArray(y0, j1);
        s02.intoArray(y0, j2);
        s03.intoArray(y0, j3);
        s10.intoArray(y1, j);
        s11.intoArray(y1, j1);
        s12.intoArray(y1, j2);
        s13.intoArray(y1, j3);
        s20.intoArray(y2, j);
        s21.intoArray(y2, j1);
        s22.intoArray(y2, j2);
        s23.intoArray(y2, j3);
        s30.intoArray(y3, j);
        s31.intoArray(y3, j1);
        s32.intoArray(y3, j2);
        s33.intoArray(y3, j3);
    }

    private static void oneByFour(double sign, double[] c, int at, int cp, double[] y, double[][] x, int first, int k, int j) {
        int j1 = j + L;
        int j2 = j1 + L;
        int j3 = j2 + L;
        DoubleVector s0 = DoubleVector.fromArray(S, y, j);
        DoubleVector s1 = DoubleVector.fromArray(S, y, j1);
        DoubleVector s2 = DoubleVector.fromArray(S, y, j2);
        DoubleVector s3 = DoubleVector.fromArray(S, y, j3);
        int from = at;
        for (int p = 0; p < k; p++) {
            double[] row = x[first + p];
            DoubleVector factor = DoubleVector.broadcast(S, sign * c[from]);
            s0 = factor.fma(DoubleVector.fromArray(S, row, j), s0);
            s1 = factor.fma(DoubleVector.fromArray(S, row, j1), s1);
            s2 = factor.fma(DoubleVector.fromArray(S, row, j2), s2);
            s3 = factor.fma(DoubleVector.fromArray(S, row, j3), s3);
            from += cp;
        }
        s0.intoArray(y, j);
        s1.intoArray(y, j1);
        s2.intoArray(y, j2);
        s3.intoArray(y, j3);
    }

    private static void fourByOne(
            double sign, double[] c, int at, int ci, int cp, double[] y0, double[] y1, double[] y2, double[] y3, double[][] x, int first, int k, int j) {
        DoubleVector s0 = DoubleVector.fromArray(S, y0, j);
        DoubleVector s1 = DoubleVector.fromArray(S, y1, j);
        DoubleVector s2 = DoubleVector.fromArray(S, y2, j);
        DoubleVector s3 = DoubleVector.fromArray(S, y3, j);
        int from = at;
        for (int p = 0; p < k; p++) {
            DoubleVector row = DoubleVector.fromArray(S, x[first + p], j);
            s0 = row.fma(DoubleVector.broadcast(S, sign * c[from]), s0);
            s1 = row.fma(DoubleVector.broadcast(S, sign * c[from + ci]), s1);
            s2 = row.fma(DoubleVector.broadcast(S, sign * c[from + 2 * ci]), s2);
            s3 = row.fma(DoubleVector.broadcast(S, sign * c[from + 3 * ci]), s3);
            from += cp;
        }
        s0.intoArray(y0, j);
        s1.intoArray(y1, j);
        s2.intoArray(y2, j);
        s3.intoArray(y3, j);
    }

    private static void oneByOne(double sign, double[] c, int at, int cp, double[] y, double[][] x, int first, int k, int j) {
        DoubleVector s = DoubleVector.fromArray(S, y, j);
        int from = at;
        for (int p = 0; p < k; p++) {
            s = DoubleVector.fromArray(S, x[first + p], j).fma(DoubleVector.broadcast(S, sign * c[from]), s);
            from += cp;
        }
        s.intoArray(y, j);
    }
}
