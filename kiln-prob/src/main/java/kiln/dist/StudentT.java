package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.Dense;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Student's t distribution with `df` degrees of freedom, located at `loc` and stretched by `scale`.
///
/// ```
/// log p(x) = −(ν + 1)/2 log(1 + z²/ν) − log scale − log B(ν/2, ½) − ½ log ν,  z = (x − loc) / scale, ν = df
/// ```
///
/// - **support** the real line
/// - **shapes** batch = broadcast(df, loc, scale), event = `[]`
/// - **moments** mean = loc for ν > 1, else NaN; variance = scale² ν / (ν − 2) for ν > 2, ∞ for 1 < ν ≤ 2, else NaN
/// - **gradient of a draw** pathwise in `loc` and `scale`; in `df` through a gamma draw with an implicit gradient (see [PRNGKey#gamma])
///
/// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 2 (1995), ch. 28.
///
/// @param df    degrees of freedom; > 0
/// @param loc   location; any finite value; unit of the data
/// @param scale scale; > 0; unit of the data; broadcasts with `loc`
public record StudentT(NDArray df, NDArray loc, NDArray scale) implements Symmetric {
    /// From here on the series replaces the difference of logarithms of Γ; its error is below 1e-14.
    private static final double SERIES = 25;

    /// In units of √df, from where on the tail is a power.
    private static final double POWER = 1e9;

    /// @throws DomainException if a known `df` or `scale` is not > 0 or a known `loc` is not finite
    /// @throws ShapeException if the parameters do not broadcast
    public StudentT {
        df = Check.in(positive, "df", df, StudentT.class);
        loc = Check.in(real, "loc", loc, StudentT.class);
        scale = Check.in(positive, "scale", scale, StudentT.class);
        Check.broadcasts(StudentT.class, "df, loc and scale", df.shape(), loc.shape(), scale.shape());
    }

    /// Scalars and arrays in any mix.
    public StudentT(Number df, Number loc, Number scale) {
        this(NDArray.as(df), NDArray.as(loc), NDArray.as(scale));
    }

    @Override
    public Constraint support() {
        return real;
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(df.shape(), loc.shape(), scale.shape());
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return broadcastTo(where(df.gt(1), loc, Double.NaN), batchShape());
    }

    @Override
    public NDArray variance() {
        NDArray finite = df.div(maximum(df.minus(2), 0.0)).times(square(scale));
        NDArray variance = where(df.gt(2), finite, Double.POSITIVE_INFINITY);
        return broadcastTo(where(df.gt(1), variance, Double.NaN), batchShape());
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        Shape shape = sampleShape.then(batchShape());
        PRNGKey[] keys = key.split(2);
        NDArray normal = keys[0].normal(shape);
        NDArray chi2 = keys[1].gamma(df.times(0.5), shape).div(0.5);
        return loc.plus(scale.times(normal).times(sqrt(df.div(chi2))));
    }

    @Override
    public StudentT standard() {
        return new StudentT(df, NDArray.as(0.0), NDArray.as(1.0));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return tail(value.minus(loc)).plus(log(scale).plus(normalizer(df))).unaryMinus();
    }

    /// `(ν + 1)/2 log(1 + z²/ν)`; where digits matter as `½ (z² + ν (log(1 + q) − q) + log(1 + q))` with `q = z²/ν` in the middle, since of the
    /// derivative by ν there terms in 1/ν² are left. A known ν has no derivative.
    private NDArray tail(NDArray away) {
        NDArray plain = df.plus(1).times(0.5).times(Density.log1pSquare(away, scale, df));
        if (!Cancellation.matters() || df instanceof Dense) {
            return plain;
        }
        NDArray isNear = square(away.div(scale)).lt(df.times(0.5));
        NDArray near = where(isNear, away, 0.0).div(scale);
        NDArray q = square(near).div(df);
        NDArray middle = square(near).plus(df.plus(1).times(Density.log1pmx(q))).plus(q).times(0.5);
        return where(isNear, middle, plain);
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return Density.withLimits(value, 0, 1, x -> stdtr(df, x.minus(loc).div(scale)));
    }

    @Override
    public NDArray sf(NDArray value) {
        Check.value(this, value);
        return Density.withLimits(value, 1, 0, x -> stdtr(df, loc.minus(x).div(scale)));
    }

    /// {@return the logarithm of the probability below `z` of the standard distribution, by that probability until the tail is a power}
    NDArray logBelow(NDArray z) {
        NDArray size = abs(z);
        NDArray far = logicalAnd(z.lt(0), isFar(size));
        return where(far, logPower(size, far), Density.safeLog(stdtr(df, where(far, 0.0, z))));
    }

    /// Where `1 + df/z²` is 1, so that the tail is a power of z.
    private NDArray isFar(NDArray size) {
        return size.gt(sqrt(df).times(POWER));
    }

    /// `log (df^(df/2) / (df B(df/2, ½)) z^−df)` where z is far out.
    private NDArray logPower(NDArray size, NDArray far) {
        NDArray half = df.times(0.5);
        NDArray power = half.times(log(df).minus(log(where(far, size, 1.0)).times(2)));
        return power.minus(log(df)).minus(betaln(half, 0.5));
    }

    /// Found by iteration; differentiable by the implicit function theorem.
    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return Implicit.quantile(this, q, (d, p) -> d.loc.minus(d.scale.times(Quantiles.studentTUpper(d.df, p))));
    }

    /// Found by iteration; differentiable by the implicit function theorem.
    @Override
    public NDArray isf(NDArray q) {
        Check.probability(this, q);
        return Implicit.upperQuantile(this, q, (d, p) -> d.loc.plus(d.scale.times(Quantiles.studentTUpper(d.df, p))));
    }

    @Override
    public NDArray entropy() {
        NDArray spread = df.plus(1).times(0.5).times(digammaStep(df));
        return broadcastTo(spread.plus(normalizer(df)).plus(log(scale)), batchShape());
    }

    /// `½ log ν + log B(ν/2, ½)`.
    ///
    /// With h = ν/2 this is `½ log 2π − log(Γ(h + ½) / (Γ(h) √h))`, whose last term has an asymptotic series in 1/h; it is used
    /// where the difference of the two logarithms of Γ would cancel.
    static NDArray normalizer(NDArray df) {
        NDArray rest = Density.split(df.times(0.5), SERIES, h -> log(h).times(0.5).plus(lgamma(h)).minus(lgamma(h.plus(0.5))), h -> {
            NDArray i = reciprocal(h);
            NDArray j = square(i);
            return i.times(j.times(j.times(j.times(17.0 / 14336).minus(1.0 / 640)).plus(1.0 / 192)).minus(1.0 / 8)).unaryMinus();
        });
        return rest.plus(Constants.HALF_LOG_2PI);
    }

    /// `ψ((ν + 1)/2) − ψ(ν/2)`, for large ν by the derivative of the same series.
    static NDArray digammaStep(NDArray df) {
        return Density.split(df.times(0.5), SERIES, h -> digamma(h.plus(0.5)).minus(digamma(h)), h -> {
            NDArray i = reciprocal(h);
            NDArray j = square(i);
            return i.times(0.5).minus(j.times(j.times(j.times(j.times(17.0 / 2048).minus(1.0 / 128)).plus(1.0 / 64)).minus(1.0 / 8)));
        });
    }
}
