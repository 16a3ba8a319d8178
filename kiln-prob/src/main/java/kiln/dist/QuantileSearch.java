package kiln.dist;

import java.util.Arrays;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.BooleanConstraint;
import kiln.dist.constraint.Circular;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.GreaterThan;
import kiln.dist.constraint.GreaterThanEq;
import kiln.dist.constraint.IntegerAtLeast;
import kiln.dist.constraint.IntegerInterval;
import kiln.dist.constraint.Interval;
import kiln.dist.constraint.LessThan;
import kiln.dist.constraint.LessThanEq;
import kiln.dist.constraint.Nonnegative;
import kiln.dist.constraint.OpenInterval;
import kiln.dist.constraint.Positive;
import kiln.dist.constraint.UnitInterval;

/// Quantiles of a distribution that has a distribution function and no formula for its inverse.
///
/// ```
/// least x with cdf(x) ≥ q, or with sf(x) ≤ q:  an integer for counts, a double otherwise
/// ```
///
/// Found by bisection of the integers, or of the doubles in their order (64 steps, whatever the scale is); so it is as exact as the
/// distribution function, also at atoms: `icdf(cdf(k)) = k`, `isf(sf(k)) = k`.
final class QuantileSearch {
    private static final long LARGEST = 1L << 53;

    private final Distribution distribution;
    private final Shape shape;
    private final double[] q;
    private final boolean isDiscrete;
    private final boolean isUpper;

    /// @param isUpper whether `q` is the probability above
    private QuantileSearch(Distribution distribution, NDArray q, boolean isUpper) {
        this.isUpper = isUpper;
        this.distribution = distribution;
        this.shape = Shape.broadcast(q.shape(), distribution.batchShape());
        this.q = Np.broadcastTo(q, shape).toDoubleArray();
        this.isDiscrete = distribution.isDiscrete();
    }

    /// {@return the quantiles, `sample + batch`; the ends of the support at 0 and 1, NaN outside of [0, 1]}
    static NDArray icdf(Distribution distribution, NDArray q) {
        return Implicit.quantile(distribution, q, (d, p) -> new QuantileSearch(d, p, false).run());
    }

    /// {@return the values that are exceeded with probability `q`, by the probabilities above}
    static NDArray isf(Distribution distribution, NDArray q) {
        return Implicit.upperQuantile(distribution, q, (d, p) -> new QuantileSearch(d, p, true).run());
    }

    private NDArray run() {
        double[] low = ends(lower(distribution.support()));
        double[] high = ends(upper(distribution.support()));
        int n = q.length;
        long[] from = new long[n];
        long[] to = new long[n];
        for (int i = 0; i < n; i++) {
            from[i] = position(low[i]);
            to[i] = position(high[i]);
        }
        if (isDiscrete) {
            bracket(from, to);
        }
        long[] middle = new long[n];
        for (boolean isOpen = true; isOpen; ) {
            isOpen = false;
            for (int i = 0; i < n; i++) {
                middle[i] = from[i] + ((to[i] - from[i]) >>> 1);
                isOpen |= from[i] < to[i];
            }
            boolean[] reached = reached(middle);
            for (int i = 0; i < n; i++) {
                if (from[i] < to[i]) {
                    to[i] = reached[i] ? middle[i] : to[i];
                    from[i] = reached[i] ? from[i] : middle[i] + 1;
                }
            }
        }
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            boolean isEnd = q[i] == 0 || q[i] == 1;
            x[i] = isEnd ? (isAll(q[i]) ? high[i] : low[i]) : q[i] > 0 && q[i] < 1 ? at(to[i]) : Double.NaN;
        }
        return NDArray.of(shape, x);
    }

    /// Counts are looked for at doubling distances first, because a distribution function may cost the more the larger its argument is.
    private void bracket(long[] from, long[] to) {
        long[] last = to.clone();
        for (int i = 0; i < to.length; i++) {
            from[i] = Math.max(from[i], -LARGEST);
            to[i] = from[i];
        }
        for (long step = 1; step <= LARGEST; step *= 2) {
            boolean[] reached = reached(to);
            boolean all = true;
            for (int i = 0; i < to.length; i++) {
                if (!reached[i] && to[i] < last[i] && q[i] > 0 && q[i] < 1) {
                    from[i] = to[i] + 1;
                    to[i] = Math.min(last[i], to[i] + step);
                    all = false;
                }
            }
            if (all) {
                return;
            }
        }
    }

    /// Whether nothing may lie above the quantile.
    private boolean isAll(double p) {
        return isUpper ? p <= 0 : p >= 1;
    }

    private boolean[] reached(long[] position) {
        NDArray at = NDArray.of(shape, Arrays.stream(position).mapToDouble(this::at).toArray());
        double[] p = (isUpper ? distribution.sf(at) : distribution.cdf(at)).toDoubleArray();
        boolean[] out = new boolean[p.length];
        for (int i = 0; i < p.length; i++) {
            out[i] = isUpper ? p[i] <= q[i] : p[i] >= q[i];
        }
        return out;
    }

    /// The place of a number among the integers, or among the doubles.
    private long position(double x) {
        if (isDiscrete) {
            return (long) Math.clamp(x, -LARGEST, LARGEST);
        }
        long bits = Double.doubleToLongBits(Math.clamp(x, -Double.MAX_VALUE, Double.MAX_VALUE));
        return bits >= 0 ? bits : Long.MIN_VALUE - bits;
    }

    private double at(long position) {
        return isDiscrete ? position : Double.longBitsToDouble(position >= 0 ? position : Long.MIN_VALUE - position);
    }

    private double[] ends(NDArray end) {
        return Np.broadcastTo(end, shape).toDoubleArray();
    }

    /// {@return the lower end of a set of numbers, −∞ if it has none}
    static NDArray lower(Constraint support) {
        return switch (support) {
            case BooleanConstraint _, Positive _, Nonnegative _, UnitInterval _ -> NDArray.as(0.0);
            case Circular _ -> NDArray.as(-Math.PI);
            case IntegerInterval c -> c.low();
            case IntegerAtLeast c -> c.low();
            case Interval c -> c.low();
            case OpenInterval c -> c.low();
            case GreaterThan c -> c.low();
            case GreaterThanEq c -> c.low();
            default -> NDArray.as(Double.NEGATIVE_INFINITY);
        };
    }

    /// {@return the upper end of a set of numbers, ∞ if it has none}
    static NDArray upper(Constraint support) {
        return switch (support) {
            case BooleanConstraint _, UnitInterval _ -> NDArray.as(1.0);
            case Circular _ -> NDArray.as(Math.PI);
            case IntegerInterval c -> c.high();
            case Interval c -> c.high();
            case OpenInterval c -> c.high();
            case LessThan c -> c.high();
            case LessThanEq c -> c.high();
            default -> NDArray.as(Double.POSITIVE_INFINITY);
        };
    }
}
