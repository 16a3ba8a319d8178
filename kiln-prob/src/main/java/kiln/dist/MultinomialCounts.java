package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;

/// What the multinomial distributions share: draws of counts, and the multinomial coefficient.
final class MultinomialCounts {
    private MultinomialCounts() {}

    /// {@return counts of categorical draws, `shape + [k]`}
    ///
    /// As in NumPyro, the largest number of draws is made for all, and those beyond the own number are not counted.
    ///
    /// @param probs      `batch + [k]`
    /// @param totalCount broadcasts with the batch
    /// @param shape      `sample + batch`
    static NDArray sample(PRNGKey key, NDArray probs, NDArray totalCount, Shape shape) {
        int k = probs.size(-1);
        double[] n = broadcastTo(totalCount, shape).toDoubleArray();
        int most = 0;
        for (double count : n) {
            most = Math.max(most, (int) count);
        }
        NDArray each = broadcastTo(probs, shape.then(Shape.of(k)));
        double[] draws = new Categorical(each).sample(key, Shape.of(most)).toDoubleArray();
        long[] counts = new long[shape.size() * k];
        for (int i = 0; i < draws.length; i++) {
            int at = i % n.length;
            int draw = i / n.length;
            if (draw < n[at]) {
                counts[at * k + (int) draws[i]]++;
            }
        }
        return NDArray.of(counts).reshape(shape.then(Shape.of(k)));
    }

    /// {@return the logarithm of the number of orders, `log n! − Σ log xᵢ!`}
    static NDArray logOrders(NDArray totalCount, NDArray x) {
        return lgamma(totalCount.plus(1)).minus(lgamma(x.plus(1)).sum(-1));
    }

    /// {@return the number of draws with an axis for the categories}
    static NDArray column(NDArray totalCount) {
        return expandDims(totalCount.times(1.0), -1);
    }
}
