package kiln.array;

import java.util.Arrays;
import kiln.math.Erf;
import kiln.op.Bind;
import kiln.op.WaldDraw;

/// The draws of [PRNGKey] that are made from its uniform, normal, gamma and exponential draws; the recipes are those of `jax.random`.
abstract sealed class DerivedDraws permits PRNGKey {
    private static final double SQRT_2 = 1.4142135623730951;

    DerivedDraws() {}

    private PRNGKey key() {
        return (PRNGKey) this;
    }

    // ---- continuous

    /// {@return beta numbers, from two logarithms of gamma numbers, so that small parameters do not underflow}
    ///
    /// @param a first parameter, > 0; broadcasts to `shape`
    /// @param b second parameter, > 0; broadcasts to `shape`
    public final NDArray beta(Number a, Number b, Shape shape) {
        PRNGKey[] keys = key().split(2);
        NDArray x = keys[0].loggamma(a, shape);
        NDArray y = keys[1].loggamma(b, shape);
        return Np.sigmoid(x.minus(y));
    }

    /// {@return vectors of positive numbers with sum 1}
    ///
    /// @param concentration `[…, k]`, > 0
    /// @param shape         shape of the draws without the last axis; the leading axes of `concentration` broadcast to it
    public final NDArray dirichlet(NDArray concentration, Shape shape) {
        return Np.softmax(key().loggamma(concentration, shape.then(concentration.shape().last(1))), -1);
    }

    /// {@return chi-squared numbers}
    ///
    /// @param df degrees of freedom, > 0; broadcasts to `shape`
    public final NDArray chisquare(Number df, Shape shape) {
        return key().gamma(Np.multiply(df, 0.5), shape).times(2);
    }

    /// {@return numbers with Fisher's F distribution}
    ///
    /// @param dfnum degrees of freedom of the numerator, > 0; broadcasts to `shape`
    /// @param dfden degrees of freedom of the denominator, > 0; broadcasts to `shape`
    public final NDArray f(Number dfnum, Number dfden, Shape shape) {
        PRNGKey[] keys = key().split(2);
        return keys[0].chisquare(dfnum, shape).div(dfnum).div(keys[1].chisquare(dfden, shape).div(dfden));
    }

    /// {@return numbers with Student's t distribution}
    ///
    /// @param df degrees of freedom, > 0; broadcasts to `shape`
    public final NDArray t(Number df, Shape shape) {
        PRNGKey[] keys = key().split(2);
        NDArray half = Np.multiply(df, 0.5);
        return keys[0].normal(shape).times(Np.sqrt(half.div(keys[1].gamma(half, shape))));
    }

    /// {@return normal vectors, `mean + L z` with the Cholesky factor `L` of the covariance}
    ///
    /// @param mean       `[…, k]`
    /// @param covariance `[…, k, k]`, positive definite
    /// @param shape      shape of the draws without the last axis; the leading axes broadcast to it
    public final NDArray multivariateNormal(NDArray mean, NDArray covariance, Shape shape) {
        NDArray z = key().normal(shape.then(mean.shape().last(1)));
        return mean.plus(Np.squeeze(Np.cholesky(covariance).matmul(Np.expandDims(z, -1)), -1));
    }

    /// {@return standard normal numbers conditioned on lying between two bounds}
    ///
    /// @param lower below `upper`; may be −∞
    /// @param upper may be ∞; where both lie far in one tail, beyond about 5, the draws lose accuracy
    public final NDArray truncatedNormal(double lower, double upper, Shape shape) {
        if (!(lower < upper)) {
            throw new DomainException(new Diagnosis("truncatedNormal", "the lower bound is not below the upper one")
                    .got(lower + " and " + upper)
                    .at(UserCode.line()));
        }
        NDArray u = key().uniform(shape, Erf.erf(lower / SQRT_2), Erf.erf(upper / SQRT_2));
        return Np.clip(Np.erfinv(u).times(SQRT_2), Math.nextUp(lower), Math.nextDown(upper));
    }

    /// {@return standard normal numbers conditioned on lying between the elements of two arrays; pathwise in both}
    ///
    /// @param lower below `upper`; broadcasts to `shape`
    /// @param upper broadcasts to `shape`
    public final NDArray truncatedNormal(NDArray lower, NDArray upper, Shape shape) {
        NDArray u = key().uniform(shape, Np.erf(lower.div(SQRT_2)), Np.erf(upper.div(SQRT_2)));
        return Np.clip(Np.erfinv(u).times(SQRT_2), lower, upper);
    }

    /// {@return numbers whose logarithms are normal with mean 0}
    ///
    /// @param sigma standard deviation of the logarithm, > 0; broadcasts to `shape`
    public final NDArray lognormal(Number sigma, Shape shape) {
        return Np.exp(key().normal(shape).times(sigma));
    }

    /// {@return lengths of three-dimensional standard normal vectors}
    public final NDArray maxwell(Shape shape) {
        return Np.sqrt(Np.square(key().normal(shape.then(Shape.of(3)))).sum(-1));
    }

    /// {@return `loc + scale · s · r` with a random sign `s` and a Maxwell number `r`}
    public final NDArray doubleSidedMaxwell(Number loc, Number scale, Shape shape) {
        PRNGKey[] keys = key().split(2);
        return keys[0].maxwell(shape).times(keys[1].rademacher(shape)).times(scale).plus(loc);
    }

    /// {@return numbers with density proportional to `e^(−|x|^p)`}
    ///
    /// @param p exponent, > 0; broadcasts to `shape`
    public final NDArray generalizedNormal(Number p, Shape shape) {
        PRNGKey[] keys = key().split(2);
        NDArray inverse = Np.reciprocal(p);
        return keys[1].rademacher(shape).times(Np.pow(keys[0].gamma(inverse, shape), inverse));
    }

    /// {@return Weibull numbers, `scale · (−log(1 − u))^(1/concentration)`}
    public final NDArray weibullMin(Number scale, Number concentration, Shape shape) {
        return Np.pow(key().exponential(shape), Np.reciprocal(concentration)).times(scale);
    }

    /// {@return Pareto numbers ≥ 1, `e^(x / b)` of exponential `x`}
    ///
    /// @param b exponent of the tail, > 0; broadcasts to `shape`
    public final NDArray pareto(Number b, Shape shape) {
        return Np.exp(key().exponential(shape).div(b));
    }

    /// {@return Rayleigh numbers, lengths of plane normal vectors with standard deviation `scale`}
    public final NDArray rayleigh(Number scale, Shape shape) {
        return Np.sqrt(key().exponential(shape).times(2)).times(scale);
    }

    /// {@return inverse Gaussian numbers with scale 1}
    ///
    /// Source: J. Michael, W. Schucany, R. Haas, *Generating random variates using transformations with multiple roots* (1976).
    ///
    /// @param mean > 0; broadcasts to `shape`; the draw has a derivative by it, that of the draw at a fixed probability
    public final NDArray wald(Number mean, Shape shape) {
        PRNGKey[] keys = key().split(2);
        NDArray m = Np.broadcastTo(Np.astype(NDArray.as(mean), DType.floating()), shape);
        return Bind.apply(new WaldDraw(), m, keys[0].normal(shape), keys[1].uniform(shape, 0, 1));
    }

    /// {@return numbers whose density rises linearly from `left` to `mode` and falls to `right`}
    public final NDArray triangular(double left, double mode, double right, Shape shape) {
        if (!(left <= mode && mode <= right && left < right)) {
            throw new DomainException(new Diagnosis("triangular", "the corners are not in order")
                    .expected("left ≤ mode ≤ right, left < right")
                    .got(left + ", " + mode + ", " + right)
                    .at(UserCode.line()));
        }
        NDArray u = key().uniform(shape, 0, 1);
        double width = right - left;
        NDArray rising = Np.sqrt(u.times(width * (mode - left))).plus(left);
        NDArray falling = Np.sqrt(u.unaryMinus().plus(1).times(width * (right - mode))).unaryMinus().plus(right);
        return Np.where(u.lt((mode - left) / width), rising, falling);
    }

    /// {@return points uniform in the unit ball of dimension `d`, `[…, d]`}
    public final NDArray ball(int d, Shape shape) {
        return ball(d, 2, shape);
    }

    /// {@return points uniform where `Σ |xᵢ|^p ≤ 1`, `[…, d]`}
    ///
    /// Source: F. Barthe et al., *A probabilistic approach to the geometry of the lᵖ ball* (2005).
    ///
    /// @param d dimension
    /// @param p exponent of the norm, > 0
    public final NDArray ball(int d, double p, Shape shape) {
        PRNGKey[] keys = key().split(2);
        NDArray g = keys[0].generalizedNormal(p, shape.then(Shape.of(d)));
        NDArray size = Np.pow(Np.abs(g), p).sum(-1).plus(keys[1].exponential(shape));
        return g.div(Np.expandDims(Np.pow(size, 1 / p), -1));
    }

    /// {@return orthogonal matrices `[…, n, n]` from the Haar distribution, which no rotation changes}
    ///
    /// Source: F. Mezzadri, *How to generate random matrices from the classical compact groups* (2007).
    public final NDArray orthogonal(int n, Shape shape) {
        Linalg.QR factors = Linalg.qr(key().normal(shape.then(Shape.of(n, n))));
        return factors.q().times(Np.expandDims(Np.sign(Np.diagonal(factors.r())), -2));
    }

    // ---- discrete

    /// {@return −1 and 1 with equal probabilities, as `int64`}
    public final NDArray rademacher(Shape shape) {
        return key().bernoulli(0.5, shape).astype(DType.INT64).times(2).minus(1);
    }

    /// {@return numbers of trials up to the first success, ≥ 1, as `int64`}
    ///
    /// @param p probability of success in (0, 1]; broadcasts to `shape`
    public final NDArray geometric(Number p, Shape shape) {
        NDArray waiting = key().exponential(shape).div(Np.log1p(Np.negative(p)));
        return Np.floor(waiting.unaryMinus()).plus(1).astype(DType.INT64);
    }

    /// {@return numbers of successes as `int64`, see [BinomialSampler]}
    ///
    /// @param n numbers of trials, ≥ 0; broadcast to `shape`
    /// @param p probabilities of success in [0, 1]; broadcast to `shape`
    public final NDArray binomial(Number n, Number p, Shape shape) {
        return BinomialSampler.sample(key(), NDArray.as(p), NDArray.as(n), shape);
    }

    // ---- choice and order

    /// {@return rows of `x` in random order along an axis}
    public final NDArray permutation(NDArray x, int axis) {
        return Np.take(x, key().permutation(x.size(axis)), axis);
    }

    /// {@return numbers from 0 to `n − 1`, all with the same probability}
    ///
    /// @param replace whether a number may come twice
    public final NDArray choice(int n, Shape shape, boolean replace) {
        if (replace) {
            return key().randint(shape, 0, n);
        }
        requireEnough(n, shape);
        return Np.take(key().permutation(n), Np.arange(shape.size()), 0).reshape(shape);
    }

    /// {@return numbers from 0 to `p.size() − 1`, with probabilities proportional to `p`}
    ///
    /// @param p       vector of weights, ≥ 0
    /// @param replace whether a number may come twice; if not, the next is drawn from those left
    public final NDArray choice(NDArray p, Shape shape, boolean replace) {
        double[] weights = p.toDoubleArray();
        if (p.rank() != 1 || Arrays.stream(weights).anyMatch(w -> !(w >= 0)) || Arrays.stream(weights).allMatch(w -> w == 0)) {
            throw new DomainException(new Diagnosis("choice", "these are no weights to choose by")
                    .expected("a vector of numbers ≥ 0, not all 0")
                    .got(p.toString())
                    .at(UserCode.line()));
        }
        if (replace) {
            NDArray running = Np.cumsum(p, 0);
            NDArray u = key().uniform(shape, 0, 1).unaryMinus().plus(1);
            return Np.searchsorted(running, u.times(running.get(-1)));
        }
        requireEnough((int) Arrays.stream(weights).filter(w -> w > 0).count(), shape);
        NDArray order = Np.argsort(key().gumbel(p.shape()).plus(Np.log(p)).unaryMinus(), 0);
        return Np.take(order, Np.arange(shape.size()), 0).reshape(shape);
    }

    private static void requireEnough(int n, Shape shape) {
        if (shape.size() > n) {
            throw new DomainException(new Diagnosis("choice", "there are not enough to choose from without replacement")
                    .expected("at most " + n + " draws")
                    .got(shape.size() + " draws, shape " + shape)
                    .at(UserCode.line()));
        }
    }
}
