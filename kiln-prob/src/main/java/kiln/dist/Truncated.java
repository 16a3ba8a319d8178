package kiln.dist;

import static kiln.array.Np.*;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.math.Elementary;
import org.jspecify.annotations.Nullable;

/// A symmetric distribution on the real line, cut off below, above or on both sides.
///
/// ```
/// log p(x) = log p_base(x) − log P(lower ≤ X ≤ upper)
/// ```
///
/// Numerics: the probability of an interval above the centre is that of its mirror image below, and it is computed as a logarithm, so
/// that an interval far out in either tail keeps its digits (NumPyro gives ∞ from 9 standard deviations on).
public sealed interface Truncated extends Distribution
        permits LeftTruncatedDistribution, RightTruncatedDistribution, TwoSidedTruncatedDistribution {
    /// {@return the distribution before the cut}
    Symmetric baseDist();

    /// {@return the lower cut, null if there is none}
    @Nullable NDArray lower();

    /// {@return the upper cut, null if there is none}
    @Nullable NDArray upper();

    /// Draws are quantiles of uniform numbers, which can be differentiated where the base has them in closed form.
    @Override
    default boolean hasRsample() {
        return true;
    }

    @Override
    default NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray q = key.uniform(sampleShape.then(batchShape()), Double.MIN_NORMAL, 1);
        return Cancellation.tolerated(() -> icdf(q));
    }

    @Override
    default NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> switch (baseDist()) {
            case Normal base -> ofNormal(base, x);
            case Cauchy base when lower() != null && upper() != null && Cancellation.matters() -> ofCauchy(base, x);
            default -> baseDist().logProb(x).minus(logMass());
        });
    }

    /// Of both cuts on one side of the centre, from where they and x are told, without the logarithm of the scale, which goes:
    ///
    /// ```
    /// log p(x) = log(a b + s²) − log(b − a) − log(x² + s²) − log(atan(u) / u),  u = s (b − a) / (a b + s²)
    /// ```
    private NDArray ofCauchy(Cauchy base, NDArray x) {
        NDArray plain = base.logProb(x).minus(logMass());
        NDArray low = Objects.requireNonNull(lower()).minus(base.loc());
        NDArray high = Objects.requireNonNull(upper()).minus(base.loc());
        NDArray product = low.times(high);
        NDArray aside = logicalAnd(product.gt(0), maximum(maximum(abs(low), abs(high)), base.scale()).lt(1e150));
        if (Density.isAllFalse(aside)) {
            return plain;
        }
        NDArray square = square(base.scale());
        NDArray both = where(aside, product, 1.0).plus(square);
        NDArray away = where(aside, x.minus(base.loc()), 1.0);
        NDArray u = base.scale().times(where(aside, high.minus(low), 1.0)).div(both);
        NDArray counted = log(both.div(square(away).plus(square))).minus(log(where(aside, high.minus(low), 1.0))).minus(logArctan(u));
        return where(aside, counted, plain);
    }

    /// `log(atan(u) / u)` of positive u
    private static NDArray logArctan(NDArray u) {
        return Density.split(u, 0.3, few -> {
            NDArray z = square(few).unaryMinus();
            NDArray sum = z.div(31);
            for (int k = 29; k >= 3; k -= 2) {
                sum = sum.plus(1.0 / k).times(z);
            }
            return log1p(sum);
        }, many -> log(arctan(many).div(many)));
    }

    /// Where all that is left is a tail far out, the density counts from the cut `c`, lest two squares cancel, and Mills' ratio has its series:
    ///
    /// ```
    /// log p(x) = log(z / scale) + 1/z² − 5/(2 z⁴) − (x − c) (x + c − 2 loc) / (2 scale²),  z = |c − loc| / scale
    /// ```
    ///
    /// Nearer, `c` is the centre. Source: NIST Digital Library of Mathematical Functions, 7.12.1.
    private NDArray ofNormal(Normal base, NDArray x) {
        NDArray low = lower();
        NDArray high = upper();
        NDArray loc = base.loc();
        NDArray scale = base.scale();
        NDArray beyond = high == null
                ? Objects.requireNonNull(low).minus(loc)
                : low == null ? loc.minus(high) : maximum(low.minus(loc), loc.minus(high));
        NDArray far = beyond.div(scale).gt(TAIL);
        if (low != null && high != null) {
            // Of an interval as short as the tail more is needed.
            far = logicalAnd(far, high.minus(low).div(scale).times(beyond.div(scale)).gt(40));
        }
        if (Density.isAllFalse(far)) {
            return base.logProb(x).minus(logMass());
        }
        NDArray nearer = high == null ? Objects.requireNonNull(low) : low == null ? high : where(low.gt(loc), low, high);
        NDArray cut = where(far, nearer, loc);
        NDArray inverse = square(scale.div(where(far, beyond, scale)));
        NDArray tail = log(where(far, beyond, 1.0)).minus(log(scale)).plus(inverse).minus(square(inverse).times(2.5));
        // The mass that is not taken is that of a half, so that its derivatives are finite.
        NDArray body = with(new Normal(where(far, nearer, loc), scale)).logMass().plus(Constants.HALF_LOG_2PI).unaryMinus();
        UnaryOperator<NDArray> loss = at -> at.minus(cut).div(scale).div(scale).times(at.plus(cut.minus(loc.times(2)))).times(0.5);
        NDArray gone = loss.apply(x).gt(Double.MAX_VALUE);
        NDArray inside = where(far, tail, body).minus(log(scale)).minus(loss.apply(where(gone, cut, x)));
        return where(gone, Double.NEGATIVE_INFINITY, inside);
    }

    /// {@return the same cuts of another distribution}
    Truncated with(Symmetric baseDist);

    /// {@return `log P(lower ≤ X ≤ upper)` of the base}
    default NDArray logMass() {
        return logPart(lower(), upper());
    }

    /// `log P(a ≤ X ≤ b)` of the base, by the standard one.
    private NDArray logBetween(@Nullable NDArray a, @Nullable NDArray b) {
        Symmetric standard = baseDist().standard();
        NDArray low = a == null ? null : standardized(a, -1);
        NDArray high = b == null ? null : standardized(b, 1);
        if (low == null) {
            return high == null ? full(baseDist().batchShape(), 0) : logBelow(standard, high);
        }
        if (high == null) {
            return logBelow(standard, low.unaryMinus());
        }
        if (!(standard instanceof Laplace)) {
            return logBetweenTails(standard, low, high);
        }
        NDArray astride = logicalAnd(low.lt(0), high.gt(0));
        NDArray mass = expm1(minimum(low, 0.0)).plus(expm1(minimum(high.unaryMinus(), 0.0))).times(-0.5);
        NDArray aside = logBetweenTails(standard, where(astride, -2.0, low), where(astride, -1.0, high));
        return where(astride, log(where(astride, mass, 1.0)), aside);
    }

    /// The place of a cut in scales from the centre. One that no mass of a normal distribution lies beyond is moved in, where it has derivatives.
    private NDArray standardized(NDArray cut, int side) {
        NDArray loc = baseDist().loc();
        NDArray scale = baseDist().scale();
        if (!(baseDist() instanceof Normal)) {
            return cut.minus(loc).div(scale);
        }
        NDArray idle = cut.minus(loc).div(scale).times(side).gt(Elementary.HUGE);
        return where(idle, 50.0 * side, where(idle, loc, cut).minus(loc).div(scale));
    }

    private static NDArray logBetweenTails(Symmetric standard, NDArray a, NDArray b) {
        NDArray mirror = a.gt(0);
        NDArray low = where(mirror, b.unaryMinus(), a);
        NDArray high = where(mirror, a.unaryMinus(), b);
        return logsubexp(logBelow(standard, high), logBelow(standard, low));
    }

    private static NDArray logBelow(Symmetric standard, NDArray z) {
        return standard instanceof StudentT t ? t.logBelow(z) : standard.logCdf(z);
    }

    private NDArray clipped(NDArray x) {
        NDArray low = lower();
        NDArray high = upper();
        NDArray up = low == null ? x : Density.from(x, low);
        return high == null ? up : where(x.gt(high), high, up);
    }

    @Override
    default NDArray cdf(NDArray value) {
        return exp(logCdf(value));
    }

    @Override
    default NDArray sf(NDArray value) {
        return exp(logSf(value));
    }

    @Override
    default NDArray logCdf(NDArray value) {
        Check.value(this, value);
        NDArray low = lower();
        UnaryOperator<NDArray> below = x -> logOf(logPart(low, x), logPart(x, upper()));
        return Density.withLimits(
                value, Double.NEGATIVE_INFINITY, 0, v -> low == null ? below.apply(clipped(v)) : unlessNone(v.le(low), v, below));
    }

    @Override
    default NDArray logSf(NDArray value) {
        Check.value(this, value);
        NDArray high = upper();
        UnaryOperator<NDArray> above = x -> logOf(logPart(x, high), logPart(lower(), x));
        return Density.withLimits(
                value, 0, Double.NEGATIVE_INFINITY, v -> high == null ? above.apply(clipped(v)) : unlessNone(v.ge(high), v, above));
    }

    /// The logarithm of a part of the mass, −∞ where none is left: at the cut and beyond no parameter moves it. There it is taken of another value.
    private NDArray unlessNone(NDArray none, NDArray value, UnaryOperator<NDArray> logPart) {
        NDArray inside = clipped(value);
        if (Density.isAllFalse(none)) {
            return logPart.apply(inside);
        }
        NDArray low = lower();
        NDArray high = upper();
        NDArray scale = baseDist().scale();
        NDArray between = low == null
                ? Objects.requireNonNull(high).minus(scale)
                : high == null ? low.plus(scale) : low.plus(high.minus(low).times(0.5));
        return where(none, Double.NEGATIVE_INFINITY, logPart.apply(where(none, between, inside)));
    }

    /// The logarithm of a part of the mass, given those of the part and of the rest: of more than half by what is missing.
    private NDArray logOf(NDArray part, NDArray rest) {
        NDArray mass = logMass();
        NDArray log = part.minus(mass);
        NDArray large = log.gt(-Constants.LOG_2);
        return where(large, log1mexp(where(large, rest.minus(mass), -1.0)), log);
    }

    /// The same as [#logBetween], but with all digits for a short interval, too, by Gauss and Legendre’s rule with five points.
    private NDArray logPart(@Nullable NDArray a, @Nullable NDArray b) {
        if (a == null || b == null) {
            return logBetween(a, b);
        }
        Symmetric base = baseDist();
        NDArray half = b.minus(a).times(0.5);
        NDArray isShort = logicalAnd(half.gt(0), isShort(base, a, b));
        if (Density.isAllFalse(isShort)) {
            return logBetween(a, b);
        }
        // Of an interval that is not short, so that the derivatives that are not taken are finite.
        NDArray difference = logBetween(
                where(isShort, base.loc().minus(base.scale()), a), where(isShort, base.loc().plus(base.scale()), b));
        NDArray width = where(isShort, half, base.scale());
        NDArray middle = where(isShort, a.plus(half), base.loc());
        return where(isShort, logShort(base, middle, width), difference);
    }

    /// Whether five points have the integral of the density between two values with all digits: it is smooth there and nearly constant.
    private static NDArray isShort(Symmetric base, NDArray a, NDArray b) {
        NDArray isFlat = logicalAnd(abs(b.minus(a)).lt(base.scale().times(0.01)), abs(base.logProb(b).minus(base.logProb(a))).lt(0.5));
        return base instanceof Laplace
                ? logicalAnd(isFlat, logicalOr(minimum(a, b).ge(base.loc()), maximum(a, b).le(base.loc())))
                : isFlat;
    }

    /// The logarithm of the probability between `middle − width` and `middle + width`.
    private static NDArray logShort(Symmetric base, NDArray middle, NDArray width) {
        NDArray points = full(Shape.SCALAR, 0);
        NDArray top = base.logProb(middle);
        for (int i = 0; i < 5; i++) {
            NDArray at = middle.plus(width.times(GaussLegendre.POINTS[i]));
            points = points.plus(exp(base.logProb(at).minus(top)).times(GaussLegendre.WEIGHTS[i]));
        }
        return top.plus(log(width)).plus(log(points));
    }

    @Override
    default NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return Density.ofProbability(q, u -> quantile(u, subtract(1, u)));
    }

    @Override
    default NDArray isf(NDArray q) {
        Check.probability(this, q);
        return Density.ofProbability(q, u -> quantile(subtract(1, u), u));
    }

    /// The value with given probabilities below and above, from the tail of the base in which it lies.
    private NDArray quantile(NDArray below, NDArray above) {
        Symmetric base = baseDist();
        NDArray low = lower();
        NDArray high = upper();
        NDArray mass = exp(logMass());
        NDArray inLower = below.times(mass);
        NDArray inUpper = above.times(mass);
        NDArray p = low == null ? inLower : base.cdf(low).plus(inLower);
        NDArray q = high == null ? inUpper : base.sf(high).plus(inUpper);
        NDArray x = where(p.lt(q), base.icdf(minimum(p, 0.5)), base.isf(where(q.gt(0.5), 0.5, q)));
        NDArray far = isFar(below, above);
        boolean isNear = Density.isAllFalse(far);
        NDArray found = clipped(isNear ? x : where(far, farQuantile(far, below, above), x));
        if (!Cancellation.matters()) {
            return found;
        }
        NDArray fromLow = low == null ? found : fromCut(found, low, 1, below);
        return high == null ? fromLow : fromCut(fromLow, high, -1, above);
    }

    /// Next to a cut the quantile by its distance from there, which has digits of its own: by Newton's steps for the probability between both.
    ///
    /// @param x    the quantile
    /// @param side 1 if the support lies above the cut, else −1
    /// @param part the probability between both, as a part of the mass
    private NDArray fromCut(NDArray x, NDArray cut, int side, NDArray part) {
        Symmetric base = baseDist();
        NDArray none = part.eq(0);
        NDArray target = log(where(none, 1.0, part)).plus(logMass());
        NDArray first = exp(target.minus(base.logProb(cut)));
        NDArray near = logicalAnd(logicalNot(none), isShort(base, cut, cut.plus(first.times(2 * side))));
        NDArray other = where(none, cut, x);
        if (Density.isAllFalse(near)) {
            return other;
        }
        NDArray start = where(near, cut, base.loc().plus(base.scale().times(side)));
        NDArray goal = where(near, target, base.logProb(start).plus(log(base.scale()).plus(Math.log(1e-3))));
        NDArray distance = exp(goal.minus(base.logProb(start)));
        for (int i = 0; i < 4; i++) {
            NDArray half = distance.times(0.5);
            NDArray top = base.logProb(start.plus(distance.times(side)));
            NDArray now = logShort(base, start.plus(half.times(side)), half);
            distance = distance.plus(exp(goal.minus(top))).minus(exp(now.minus(top)));
        }
        return where(near, start.plus(distance.times(side)), other);
    }

    /// Where the mass, or the part of it in a far tail, underflows.
    private NDArray isFar(NDArray below, NDArray above) {
        NDArray mass = logMass();
        NDArray part = minimum(below, above);
        NDArray deep = logicalAnd(mass.lt(-30), mass.plus(log(part)).lt(FAR));
        return logicalAnd(part.gt(0), logicalOr(mass.lt(FAR), deep));
    }

    /// The quantile where the mass underflows: Newton's steps for the logarithm of the distribution function, in the lower tail or
    /// its mirror image. Bases with such tails have a concave logarithm, on which the steps converge from one side.
    private NDArray farQuantile(NDArray far, NDArray below, NDArray above) {
        Symmetric base = baseDist();
        NDArray low = lower();
        NDArray high = upper();
        NDArray twice = base.loc().times(2);
        NDArray mirror = low == null ? far.lt(0) : low.gt(base.loc());
        NDArray start = low == null ? high : high == null ? twice.minus(low) : where(mirror, twice.minus(low), high);
        NDArray target = log(where(mirror, above, below)).plus(logMass());
        if (low != null && high != null) {
            target = logaddexp(target, base.logCdf(where(mirror, twice.minus(high), low)));
        }
        NDArray x = where(far, Objects.requireNonNull(start), base.loc());
        NDArray goal = where(far, target, base.logCdf(x));
        for (int i = 0; i < 10; i++) {
            NDArray now = base.logCdf(x);
            x = x.minus(now.minus(goal).times(exp(now.minus(base.logProb(x)))));
        }
        return where(mirror, twice.minus(x), x);
    }

    /// In scales, from where on a tail of a normal distribution is told by three terms of its series.
    double TAIL = 1e3;

    /// Logarithm of a mass below which probabilities within it underflow.
    double FAR = -600;

    @Override
    default NDArray mean() {
        return Cut.of(this).mean();
    }

    @Override
    default NDArray variance() {
        return Cut.of(this).variance().get();
    }

    @Override
    default NDArray entropy() {
        if (baseDist() instanceof Normal base) {
            // E z² from the moments, which are closed.
            NDArray away = square(mean().minus(base.loc())).plus(variance()).div(square(base.scale()));
            return away.times(0.5).plus(log(base.scale()).plus(Constants.HALF_LOG_2PI)).plus(logMass());
        }
        return logMass().minus(expectation(x -> baseDist().logProb(x)));
    }

    /// `E f(X)`, in two parts about the centre of the base, where its quantile may have a corner; how far a node is from a cut does not count.
    private NDArray expectation(UnaryOperator<NDArray> f) {
        return Cancellation.tolerated(() -> integrated(f));
    }

    private NDArray integrated(UnaryOperator<NDArray> f) {
        NDArray centre = broadcastTo(baseDist().loc(), batchShape());
        NDArray inside = clipped(centre).eq(centre);
        NDArray at = where(inside, centre, icdf(full(batchShape(), 0.5)));
        return Expectation.below(this, where(inside, cdf(at), 0.5), f).plus(Expectation.above(this, where(inside, sf(at), 0.5), f));
    }

    /// The moments of a cut distribution: closed for normal and Cauchy bases and the heavy tail of Student's t, else by quadrature.
    ///
    /// @param mean     expectation
    /// @param variance variance, computed when it is asked for
    record Cut(NDArray mean, Supplier<NDArray> variance) {
        private static Cut of(Truncated d) {
            return switch (d.baseDist()) {
                case Normal base -> normal(d, base);
                case Cauchy base -> cauchy(d, base);
                case StudentT base -> student(d, base);
                default -> integrated(d);
            };
        }

        private static Cut integrated(Truncated d) {
            NDArray low = d.lower();
            NDArray high = d.upper();
            if (low == null || high == null) {
                return overQuantiles(d);
            }
            Symmetric base = d.baseDist();
            NDArray isShort = isShort(base, low, high);
            NDArray half = where(isShort, high.minus(low).times(0.5), base.scale().times(1e-3));
            NDArray middle = where(isShort, low.plus(half), base.loc().plus(base.scale()));
            NDArray top = base.logProb(middle);
            return either(isShort, () -> within(middle, half, t -> exp(base.logProb(middle.plus(half.times(t))).minus(top))), () -> overQuantiles(d));
        }

        /// By quadrature over probabilities, which narrow intervals leave no room for.
        private static Cut overQuantiles(Truncated d) {
            NDArray mean = d.expectation(x -> x);
            return new Cut(mean, () -> d.expectation(x -> square(x.minus(mean))));
        }

        /// With an open end the powers of the quantile may grow too fast for the quadrature, or have no expectation. Then, above `a`,
        ///
        /// ```
        /// E z = ν/(ν − 1) (1 + a²/ν) f(a) / P(T > a),  E z² = ν ((ν − 1)/(ν − 2) P(T' > a √(1 − 2/ν)) / P(T > a) − 1)
        /// ```
        ///
        /// with T' of ν − 2 degrees of freedom. Source: H.-J. Kim, *Moments of truncated Student-t distribution* (2008).
        private static Cut student(Truncated d, StudentT base) {
            NDArray low = d.lower();
            NDArray high = d.upper();
            if (low != null && high != null) {
                return integrated(d);
            }
            NDArray df = broadcastTo(base.df(), d.batchShape());
            NDArray cut = low != null ? low : Objects.requireNonNull(high);
            double side = low != null ? 1 : -1;
            NDArray a = cut.minus(base.loc()).div(base.scale()).times(side);
            NDArray less = maximum(df.minus(1), 1e-3);
            NDArray hazard = exp(base.logProb(cut).minus(d.logMass())).times(base.scale());
            NDArray finite = df.plus(square(a)).div(less).times(hazard);
            NDArray first = where(df.gt(1), finite, Double.POSITIVE_INFINITY);
            NDArray rest = maximum(df.minus(2), 1e-3);
            NDArray beyond = new StudentT(rest, 0, 1).sf(a.times(sqrt(rest.div(df)))).div(exp(d.logMass()));
            NDArray second = df.times(less.div(rest).times(beyond).minus(1));
            NDArray closed = where(df.gt(2), second.minus(square(finite)), Double.POSITIVE_INFINITY);
            // Light tails have no need of the difference.
            NDArray light = df.gt(4);
            NDArray variance = square(base.scale()).times(closed);
            boolean isHeavy = Density.isAllFalse(light);
            return new Cut(
                    base.loc().plus(base.scale().times(first).times(side)),
                    () -> isHeavy ? variance : where(light, integrated(d).variance().get(), variance));
        }

        /// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 1 (1994), section 13.10.1.
        private static Cut normal(Truncated d, Normal base) {
            NDArray shift = full(d.batchShape(), 0);
            NDArray spread = full(d.batchShape(), 1);
            NDArray low = d.lower();
            NDArray high = d.upper();
            if (low == null || high == null) {
                NDArray z = high == null ? base.standardized(Objects.requireNonNull(low)) : base.standardized(high).unaryMinus();
                NDArray hazard = hazard(z);
                NDArray rest = Density.split(z, FAR_CUT, near -> subtract(1, hazard(near).times(hazard(near).minus(near))), Cut::spreadBeyond).plus(shift);
                NDArray away = high == null ? hazard : hazard.unaryMinus();
                return new Cut(base.loc().plus(base.scale().times(away)).plus(shift), () -> square(base.scale()).times(rest));
            }
            NDArray a = base.standardized(low);
            NDArray b = base.standardized(high);
            NDArray left = exp(base.logProb(low).minus(d.logMass())).times(base.scale());
            NDArray right = exp(base.logProb(high).minus(d.logMass())).times(base.scale());
            NDArray mean = shift.plus(left).minus(right);
            NDArray variance = spread.plus(a.times(left)).minus(b.times(right)).minus(square(mean));
            // In a short interval the density is e^(−m h t − h² t²/2) at m + h t around the middle m.
            NDArray half = b.minus(a).times(0.5);
            NDArray middle = a.plus(half);
            NDArray isShort = logicalAnd(half.lt(0.5), abs(middle.times(half)).lt(20));
            NDArray h = where(isShort, half, 0.0);
            NDArray m = where(isShort, middle, 0.0);
            // Far out the terms are as large as the square of the cut, what is left as its inverse; soon the other cut lies beyond all of the mass.
            NDArray nearest = maximum(a, b.unaryMinus());
            NDArray far = logicalAnd(nearest.gt(FAR_CUT), logicalNot(isShort));
            NDArray alone = logicalAnd(far, abs(middle.times(half)).ge(20));
            NDArray cut = where(alone, nearest, FAR_CUT);
            NDArray side = where(a.gt(0), 1.0, -1.0);
            Cut closed = new Cut(mean, () -> variance);
            Cut cancelled = new Cut(mean, () -> overQuantiles(d).variance.get().div(square(base.scale())));
            return either(isShort, () -> within(m, h, t -> exp(h.times(t).times(m.plus(h.times(t).times(0.5))).unaryMinus())),
                    () -> either(alone, () -> new Cut(hazard(cut).times(side), () -> spreadBeyond(cut)), () -> either(far, () -> cancelled, () -> closed)))
                    .of(base.loc(), base.scale());
        }

        /// In scales, from where on the variance beyond a cut is no difference from that of the whole.
        private static final double FAR_CUT = 3;

        /// `φ(z) / Φ(−z)`
        private static NDArray hazard(NDArray z) {
            return reciprocal(erfcx(z.times(Math.sqrt(0.5)))).times(Math.sqrt(2 / Math.PI));
        }

        /// The variance of a standard normal variable beyond `z ≥ 3`, without the differences of `1 − λ (λ − z)`: with
        ///
        /// ```
        /// Kₙ = n / (z + Kₙ₊₁),  λ = φ(z) / Φ(−z) = z + K₁,  1 − z K₁ = K₁ K₂
        /// ```
        ///
        /// it is `K₁ (K₂ − K₁)`. With 40 levels the error is below 2e-12 at 3, 1e-15 from 4 on. Source: NIST Digital Library of Mathematical
        /// Functions, 7.9.1 (Laplace's fraction).
        private static NDArray spreadBeyond(NDArray z) {
            NDArray k = z.times(0.0);
            for (int n = 40; n > 1; n--) {
                k = divide(n, z.plus(k));
            }
            NDArray first = reciprocal(z.plus(k));
            return first.times(k.minus(first));
        }

        /// From the integrals of `z / (1 + z²)` and `z² / (1 + z²)`, in a short interval by quadrature; with an open end they diverge.
        private static Cut cauchy(Truncated d, Cauchy base) {
            NDArray low = d.lower();
            NDArray high = d.upper();
            if (low == null || high == null) {
                double end = high == null ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
                return new Cut(full(d.batchShape(), end), () -> full(d.batchShape(), Double.POSITIVE_INFINITY));
            }
            NDArray a = base.standardized(low);
            NDArray b = base.standardized(high);
            NDArray angle = exp(d.logMass()).times(Math.PI);
            NDArray step = b.minus(a).times(b.plus(a)).div(square(a).plus(1));
            NDArray first = log1p(step).div(angle.times(2));
            NDArray second = b.minus(a).div(angle).minus(1);
            NDArray half = b.minus(a).times(0.5);
            NDArray middle = a.plus(half);
            NDArray whole = square(middle).plus(1);
            NDArray isShort = square(half).lt(whole.times(0.01));
            NDArray h = where(isShort, half, 0.0);
            NDArray m = where(isShort, middle, 0.0);
            NDArray size = where(isShort, whole, 1.0);
            NDArray tilt = m.times(h).times(2).div(size);
            NDArray bend = square(h).div(size);
            return either(isShort, () -> within(m, h, t -> reciprocal(t.times(tilt.plus(t.times(bend))).plus(1))),
                    () -> new Cut(first, () -> second.minus(square(first)))).of(base.loc(), base.scale());
        }

        /// The moments of `m + h T` where T has a density on (−1, 1) so smooth that 64 points have its integrals. In a short interval the
        /// closed forms are differences of which little is left.
        private static Cut within(NDArray m, NDArray h, UnaryOperator<NDArray> density) {
            NDArray end = full(Shape.broadcast(m.shape(), h.shape()), 1);
            Function<UnaryOperator<NDArray>, NDArray> integral = f -> GaussLegendre.integral(end.unaryMinus(), end, f);
            NDArray mass = integral.apply(density);
            NDArray first = integral.apply(t -> density.apply(t).times(t)).div(mass);
            return new Cut(m.plus(h.times(first)), () -> square(h).times(
                    integral.apply(t -> density.apply(t).times(square(t.minus(first)))).div(mass)));
        }

        /// {@return these moments scaled and moved}
        private Cut of(NDArray loc, NDArray scale) {
            return new Cut(loc.plus(scale.times(mean)), () -> square(scale).times(variance.get()));
        }

        /// {@return one where a condition holds, the other elsewhere; what is needed nowhere is not computed}
        private static Cut either(NDArray condition, Supplier<Cut> one, Supplier<Cut> other) {
            if (Density.isAllFalse(condition)) {
                return other.get();
            }
            if (Density.isAllTrue(condition)) {
                return one.get();
            }
            Cut a = one.get();
            Cut b = other.get();
            return new Cut(where(condition, a.mean, b.mean), () -> where(condition, a.variance.get(), b.variance.get()));
        }
    }
}
