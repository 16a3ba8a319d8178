package kiln.dist;

import static kiln.array.Np.*;

import java.util.List;
import kiln.array.Aval;
import kiln.array.Bessel;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.func.CustomOp;
import kiln.math.Elementary;

/// The first angle of a sine bivariate von Mises distribution around 0, `log f(a) = κ₁ cos a + log I₀(√(κ₂² + c² sin² a))`.
///
/// Draws come by rejection under a step function: in every cell the value at its middle and the largest slope bound the density.
///
/// @param k1 concentration of this angle
/// @param k2 concentration of the other one
/// @param c  correlation
record SineMarginal(double k1, double k2, double c) {
    /// {@return angles in [−π, π), `sample + batch`, without derivatives}
    ///
    /// @param k1 concentrations, of shape `batch` as the others
    static NDArray draws(PRNGKey key, Shape sampleShape, NDArray k1, NDArray k2, NDArray c) {
        return new Draws(key, sampleShape).apply(key.keyData(), k1.stopGradient(), k2.stopGradient(), c.stopGradient());
    }

    /// {@return the density, for parameters of one shape}
    static AngleDensity density(NDArray k1, NDArray k2, NDArray c) {
        NDArray mode = new Mode().apply(k1.stopGradient(), k2.stopGradient(), c.stopGradient());
        NDArray top = logHeight(mode, k1, k2, c).stopGradient();
        var height = new AngleDensity(a -> exp(logHeight(a, k1, k2, c).minus(top)), mode);
        NDArray mass = height.twiceHalf();
        return height.times(_ -> reciprocal(mass));
    }

    /// {@return the concentration of the second angle given the first, `√(κ₂² + c² sin² a)`}
    static NDArray length(NDArray a, NDArray k2, NDArray c) {
        return sqrt(square(sin(a).times(c)).plus(square(k2)));
    }

    /// {@return the direction of the second angle given the first}
    static NDArray direction(NDArray a, NDArray k2, NDArray c) {
        return arctan2(sin(a).times(c), k2);
    }

    private static NDArray logHeight(NDArray a, NDArray k1, NDArray k2, NDArray c) {
        NDArray length = length(a, k2, c);
        return cos(a).times(k1).plus(log(Bessel.i0e(length))).plus(length);
    }

    /// The draws as an operation: how often one is rejected depends on its values.
    private record Draws(PRNGKey like, Shape sampleShape) implements CustomOp {
        @Override
        public String name() {
            return "draws of SineBivariateVonMises";
        }

        @Override
        public Aval type(List<Aval> in) {
            return new Aval(DType.FLOAT64, sampleShape.then(in.getLast().shape()));
        }

        /// Each element of the batch from a key of its own.
        @Override
        public NDArray eval(List<NDArray> in) {
            double[] k1 = in.get(1).toDoubleArray();
            double[] k2 = in.get(2).toDoubleArray();
            double[] c = in.get(3).toDoubleArray();
            int n = sampleShape.size();
            double[] a = new double[n * c.length];
            PRNGKey[] each = like.withKeyData(in.get(0)).split(c.length);
            for (int j = 0; j < c.length; j++) {
                double[] column = new SineMarginal(k1[j], k2[j], c[j]).sample(each[j], n);
                for (int i = 0; i < n; i++) {
                    a[i * c.length + j] = column[i];
                }
            }
            return NDArray.of(sampleShape.then(in.getLast().shape()), a);
        }
    }

    /// Where the density is largest in [0, π), as an operation.
    private record Mode() implements CustomOp {
        @Override
        public String name() {
            return "mode of SineBivariateVonMises";
        }

        @Override
        public Aval type(List<Aval> in) {
            return new Aval(DType.FLOAT64, in.getLast().shape());
        }

        @Override
        public NDArray eval(List<NDArray> in) {
            double[] k1 = in.get(0).toDoubleArray();
            double[] k2 = in.get(1).toDoubleArray();
            double[] c = in.get(2).toDoubleArray();
            double[] mode = new double[c.length];
            for (int j = 0; j < mode.length; j++) {
                mode[j] = new SineMarginal(k1[j], k2[j], c[j]).mode();
            }
            return NDArray.of(in.getLast().shape(), mode);
        }
    }

    /// By bisection: the derivative is `sin a` times a function that falls from 0 to π/2 and is negative beyond.
    private double mode() {
        double low = 0;
        double high = Math.PI / 2;
        for (int i = 0; i < 60; i++) {
            double middle = 0.5 * (low + high);
            double across = c * Elementary.sin(middle);
            double length = Math.sqrt(k2 * k2 + across * across);
            boolean rises = c * c * Elementary.cos(middle) * kiln.math.Bessel.vonMisesA(length) > k1 * length;
            low = rises ? middle : low;
            high = rises ? high : middle;
        }
        return low;
    }

    private int cells() {
        return 256 + 16 * (int) Math.ceil(k1 + Math.abs(c));
    }

    /// {@return `n` angles in [−π, π)}
    double[] sample(PRNGKey key, int n) {
        NDArray first = NDArray.as(k1);
        NDArray second = NDArray.as(k2);
        NDArray across = NDArray.as(c);
        int cells = cells();
        double width = 2 * Math.PI / cells;
        double slack = (k1 + Math.abs(c)) * width / 2;
        NDArray heights = logHeight(arange(cells).plus(0.5).times(width).minus(Math.PI), first, second, across).plus(slack);
        NDArray steps = cumsum(exp(heights.minus(heights.max())), 0);
        double total = steps.get(cells - 1).item();
        double[] out = new double[n];
        int done = 0;
        for (int round = 0; done < n; round++) {
            PRNGKey[] keys = key.foldIn(round).split(2);
            NDArray at = keys[0].uniform(Shape.of(n), 0, 1).times(total);
            NDArray cell = minimum(searchsorted(steps, at, true), cells - 1);
            NDArray u = keys[1].uniform(Shape.of(2, n), 0, 1);
            NDArray angle = cell.plus(u.get(0)).times(width).minus(Math.PI);
            NDArray accept = log(u.get(1)).le(logHeight(angle, first, second, across).minus(take(heights, cell, 0)));
            double[] angles = angle.toDoubleArray();
            long[] ok = where(accept, 1, 0).toLongArray();
            for (int i = 0; i < n && done < n; i++) {
                if (ok[i] == 1) {
                    out[done++] = angles[i];
                }
            }
        }
        return out;
    }
}
