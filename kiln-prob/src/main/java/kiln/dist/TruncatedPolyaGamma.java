package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Pólya-gamma distribution PG(1, 0), cut off at 2.5: the auxiliary variable of logistic regression.
///
/// ```
/// p(x) = Σₙ (−1)ⁿ (2n + 1) / √(2π x³) e^(−(2n + 1)² / 8x),  0 < x < 2.5
/// ```
///
/// - **support** [0, 2.5]
/// - **shapes** batch as given, event = `[]`
/// - **moments** mean = 0.249998868…, variance = 0.041661115…
/// - **gradient of a draw** there are no parameters
///
/// Numerics: below 0.16 the series above, from there on its Jacobi transform 2π Σ (−1)ⁿ (2n + 1) e^(−(2n + 1)² π² x / 2); eight terms of
/// either give all digits. NumPyro sums seven terms of the first, which is wrong by a quarter near 2.4. The mass above the cut,
/// 5.6·10⁻⁶, is neglected as in NumPyro.
///
/// Source: Polson, Scott and Windle, *Bayesian inference for logistic models using Pólya-Gamma latent variables* (2013).
///
/// @param batchShape shape of the batch
public record TruncatedPolyaGamma(Shape batchShape) implements Distribution {
    private static final double SWITCH = 0.16;
    private static final int TERMS = 64;

    // Of the variable with what lies above the cut moved there, as draws and distribution function have it; by mpmath with 40 digits, as
    // the entropy of the density: tools/distribution-values.py.
    private static final double MEAN = 0.2499988682592425114927527786679321777384;
    private static final double VARIANCE = 0.04166111515472463119593667089404113762754;
    private static final double ENTROPY = -0.511081717945322237262566044986852198149;

    /// One variable.
    public TruncatedPolyaGamma() {
        this(Shape.SCALAR);
    }

    @Override
    public Constraint support() {
        return interval(0, 2.5);
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return full(batchShape, MEAN);
    }

    @Override
    public NDArray variance() {
        return full(batchShape, VARIANCE);
    }

    @Override
    public NDArray entropy() {
        return full(batchShape, ENTROPY);
    }

    /// The sum of 64 weighted exponential numbers and of the mean of those left out, whose standard deviation is 5·10⁻⁵; cut as in NumPyro.
    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray weights = reciprocal(square(arange(TERMS).plus(0.5))).times(0.5 / (Math.PI * Math.PI));
        NDArray x = key.exponential(sampleShape.then(batchShape).then(Shape.of(TERMS))).times(weights).sum(-1);
        double rest = 0.25 - weights.sum().item();
        return minimum(x.plus(rest), 2.5);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            NDArray low = x.lt(SWITCH);
            NDArray none = x.le(0);
            NDArray near = where(logicalAnd(low, logicalNot(none)), x, SWITCH);
            NDArray far = where(low, SWITCH, x);
            // Below 0.001 the series is 1 to the last digit.
            NDArray first = log(series(reciprocal(maximum(near, 1e-3)).times(-1.0 / 8), true)).minus(reciprocal(near).div(8)).minus(log(near).times(1.5));
            NDArray second = log(series(far.times(-Math.PI * Math.PI / 2), true)).minus(far.times(Math.PI * Math.PI / 2));
            NDArray logP = where(low, first.minus(Constants.HALF_LOG_2PI), second.plus(2 * Constants.HALF_LOG_2PI));
            return broadcastTo(where(none, Double.NEGATIVE_INFINITY, logP), Shape.broadcast(x.shape(), batchShape));
        });
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        NDArray x = clip(value, 0.0, 2.5);
        NDArray low = x.lt(SWITCH);
        NDArray root = reciprocal(sqrt(where(logicalAnd(low, x.gt(0)), x, SWITCH).times(8)));
        NDArray below = erfc(root).minus(erfc(root.times(3))).plus(erfc(root.times(5))).times(2);
        NDArray far = where(low, SWITCH, x).times(-Math.PI * Math.PI / 2);
        NDArray above = exp(far).times(series(far, false)).times(4 / Math.PI);
        return where(value.le(0), 0.0, where(value.ge(2.5), 1.0, where(low, below, subtract(1, above))));
    }

    /// `Σ (−1)ⁿ m e^((m² − 1) t)` with m = 2n + 1, or with 1/m in place of m; t < 0.
    private static NDArray series(NDArray t, boolean times) {
        NDArray sum = t.times(0).plus(1);
        for (int n = 1; n < 8; n++) {
            int m = 2 * n + 1;
            double weight = times ? m : 1.0 / m;
            sum = sum.plus(exp(t.times((double) m * m - 1)).times(n % 2 == 0 ? weight : -weight));
        }
        return sum;
    }
}
