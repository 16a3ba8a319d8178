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

/// The first angle of a sine bivariate von Mises distribution around 0, `log f(a) = κ₁ cos a + log I₀(√(κ₂² + c² sin² a))`; here less
/// `κ₁ + κ₂`, so that large concentrations do not cancel.
///
/// Draws come by rejection under a step function, which has the height of the density where a cell is nearest to the mode: from there it falls to
/// either side. Cells lie only where the mass is, so nine of ten draws are kept, however sharp it is; which sign an angle has is even.
///
/// @param k1 concentration of this angle
/// @param k2 concentration of the other one
/// @param c  correlation
record SineMarginal(double k1, double k2, double c) {
    /// Which of [Places] is which.
    private static final int MODE = 0;

    private static final int LOW = 1;
    private static final int HIGH = 2;

    /// On either side of the mode.
    private static final int CELLS = 128;

    /// {@return angles in [−π, π), `sample + batch`, without derivatives}
    ///
    /// @param k1 concentrations, of shape `batch` as the others
    static NDArray draws(PRNGKey key, Shape sampleShape, NDArray k1, NDArray k2, NDArray c) {
        return new Draws(key, sampleShape).apply(key.keyData(), k1.stopGradient(), k2.stopGradient(), c.stopGradient());
    }

    /// {@return the density but for a constant, for parameters of one shape}
    static AngleDensity density(NDArray k1, NDArray k2, NDArray c) {
        NDArray places = places(k1, k2, c);
        return density(places, top(places, k1, k2, c), k1, k2, c);
    }

    /// {@return `log ∫ f(a) da` over the circle, less `κ₁ + κ₂`}
    ///
    /// Between the angles where the density has fallen to nothing, see [AngleDensity].
    static NDArray logMass(NDArray k1, NDArray k2, NDArray c) {
        NDArray places = places(k1, k2, c);
        NDArray top = top(places, k1, k2, c);
        return log(density(places, top, k1, k2, c).half().times(2)).plus(top);
    }

    private static AngleDensity density(NDArray places, NDArray top, NDArray k1, NDArray k2, NDArray c) {
        return new AngleDensity(a -> exp(logHeight(a, k1, k2, c).minus(top)), places.get(LOW), places.get(HIGH));
    }

    private static NDArray top(NDArray places, NDArray k1, NDArray k2, NDArray c) {
        return logHeight(places.get(MODE), k1, k2, c).stopGradient();
    }

    private static NDArray places(NDArray k1, NDArray k2, NDArray c) {
        return new Places().apply(k1.stopGradient(), k2.stopGradient(), c.stopGradient()).stopGradient();
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
        NDArray more = square(sin(a).times(c)).div(length.plus(k2));
        return square(sin(a.times(0.5))).times(k1).times(-2).plus(log(Bessel.i0e(length))).plus(more);
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

    /// Angles in [0, π] that tell where the mass is, as an operation without derivatives, `[3] + batch`: the mode, and between which angles the
    /// density is more than e⁻⁴⁵ of what it is there.
    private record Places() implements CustomOp {
        @Override
        public String name() {
            return "where SineBivariateVonMises has its mass";
        }

        @Override
        public Aval type(List<Aval> in) {
            return new Aval(DType.FLOAT64, Shape.of(3).then(in.getLast().shape()));
        }

        @Override
        public NDArray eval(List<NDArray> in) {
            double[] k1 = in.get(0).toDoubleArray();
            double[] k2 = in.get(1).toDoubleArray();
            double[] c = in.get(2).toDoubleArray();
            int n = c.length;
            double[] found = new double[3 * n];
            for (int j = 0; j < n; j++) {
                var density = new SineMarginal(k1[j], k2[j], c[j]);
                double mode = density.mode();
                found[MODE * n + j] = mode;
                found[LOW * n + j] = density.end(mode, 0);
                found[HIGH * n + j] = density.end(mode, Math.PI);
            }
            return NDArray.of(Shape.of(3).then(in.getLast().shape()), found);
        }
    }

    /// {@return where between the mode and another angle the density has fallen to nothing; that angle if it has not}
    private double end(double mode, double last) {
        double least = logHeight(mode) - AngleDensity.NOTHING;
        if (logHeight(last) >= least) {
            return last;
        }
        double inside = mode;
        double outside = last;
        for (int i = 0; i < 60; i++) {
            double middle = 0.5 * (inside + outside);
            boolean counts = logHeight(middle) >= least;
            inside = counts ? middle : inside;
            outside = counts ? outside : middle;
        }
        return outside;
    }

    private double logHeight(double a) {
        double across = c * Elementary.sin(a);
        double length = Math.sqrt(k2 * k2 + across * across);
        double half = Elementary.sin(0.5 * a);
        return -2 * k1 * half * half + Elementary.log(kiln.math.Bessel.i0e(length)) + across * across / (length + k2);
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

    /// {@return `n` angles in [−π, π)}
    double[] sample(PRNGKey key, int n) {
        NDArray first = NDArray.as(k1);
        NDArray second = NDArray.as(k2);
        NDArray across = NDArray.as(c);
        double mode = mode();
        NDArray cells = arange(CELLS);
        double down = (end(mode, 0) - mode) / CELLS;
        double up = (end(mode, Math.PI) - mode) / CELLS;
        NDArray starts = concatenate(List.of(cells.times(down), cells.times(up)), 0).plus(mode);
        NDArray widths = concatenate(List.of(full(Shape.of(CELLS), down), full(Shape.of(CELLS), up)), 0);
        NDArray heights = logHeight(starts, first, second, across);
        NDArray steps = cumsum(exp(heights.minus(heights.max())).times(abs(widths)), 0);
        double total = steps.get(2 * CELLS - 1).item();
        double[] out = new double[n];
        int done = 0;
        for (int round = 0; done < n; round++) {
            PRNGKey[] keys = key.foldIn(round).split(2);
            NDArray at = keys[0].uniform(Shape.of(n), -1, 1).times(total);
            NDArray cell = minimum(searchsorted(steps, abs(at), true), 2 * CELLS - 1);
            NDArray u = keys[1].uniform(Shape.of(2, n), 0, 1);
            NDArray angle = take(starts, cell, 0).plus(take(widths, cell, 0).times(u.get(0)));
            NDArray accept = log(u.get(1)).le(logHeight(angle, first, second, across).minus(take(heights, cell, 0)));
            double[] angles = where(at.lt(0), angle.unaryMinus(), angle).toDoubleArray();
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
