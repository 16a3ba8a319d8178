package kiln.dist;

import static kiln.array.Np.*;

import java.util.function.UnaryOperator;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.TracedValueException;
import kiln.array.UserCode;

/// What the multinomial distributions share: draws of counts, and the multinomial coefficient.
final class MultinomialCounts {
    private MultinomialCounts() {}

    /// {@return counts of categorical draws, `shape + [k]`}
    ///
    /// As in NumPyro, the largest number of draws is made for all, and those beyond the own number are not counted.
    ///
    /// @param probs         `batch + [k]`
    /// @param totalCount    broadcasts with the batch
    /// @param totalCountMax how many draws to make; 0 is the largest number of all
    /// @param shape         `sample + batch`
    static NDArray sample(PRNGKey key, NDArray probs, NDArray totalCount, int totalCountMax, Shape shape) {
        int k = probs.size(-1);
        int most = totalCountMax > 0 ? totalCountMax : largest(totalCount);
        NDArray categories = new Categorical(broadcastTo(probs, shape.then(Shape.of(k)))).sample(key, Shape.of(most));
        return categories instanceof Dense && totalCount instanceof Dense
                ? counted(categories.toDoubleArray(), broadcastTo(totalCount, shape).toDoubleArray(), k).reshape(shape.then(Shape.of(k)))
                : added(categories, totalCount, k, most);
    }

    private static int largest(NDArray totalCount) {
        if (!(totalCount instanceof Dense)) {
            throw new TracedValueException(new Diagnosis("Multinomial", "the number of draws is not known while a function is traced")
                    .expected("a known totalCount, or the largest it can be")
                    .got("totalCount of shape " + totalCount.shape())
                    .at(UserCode.line())
                    .fix("say how many trials to make: d.totalCountMax(100)."),
                    totalCount);
        }
        return totalCount.size() == 0 ? 0 : (int) max(totalCount).item();
    }

    /// Refuses a known number of draws above the number that is made.
    static void refuseMore(NDArray totalCount, int totalCountMax, Class<?> owner) {
        if (totalCountMax > 0 && totalCount instanceof Dense && any(totalCount.gt(totalCountMax)).isTrue()) {
            throw new DomainException(new Diagnosis(owner.getSimpleName(), "totalCount must be ≤ totalCountMax")
                    .got("totalCount up to " + largest(totalCount) + ", totalCountMax " + totalCountMax)
                    .at(UserCode.line()));
        }
    }

    /// The same counts from traced values: all draws side by side, those beyond the own number switched off.
    private static NDArray added(NDArray categories, NDArray totalCount, int k, int most) {
        NDArray number = Density.trailing(arange(most), categories.rank() - 1);
        NDArray counts = expandDims(number.lt(totalCount), -1);
        return logicalAnd(expandDims(categories, -1).eq(arange(k)), counts).astype(DType.INT64).sum(0);
    }

    private static NDArray counted(double[] draws, double[] n, int k) {
        long[] counts = new long[n.length * k];
        for (int i = 0; i < draws.length; i++) {
            int at = i % n.length;
            int draw = i / n.length;
            if (draw < n[at]) {
                counts[at * k + (int) draws[i]]++;
            }
        }
        return NDArray.of(counts);
    }

    /// {@return the logarithm of the number of orders, `log n! − Σ log xᵢ!`}
    static NDArray logOrders(NDArray totalCount, NDArray x) {
        return lgamma(totalCount.plus(1)).minus(lgamma(x.plus(1)).sum(-1));
    }

    /// {@return `Σᵢ E f(xᵢ)` over the marginal distributions of the counts, `batch`; its cost grows with the number of draws}
    ///
    /// @param marginal   the distribution of every count, `batch + [k]`
    /// @param totalCount broadcasts with the batch
    /// @param most       the largest number of draws; 0 if that is known
    /// @param f          of counts; the first axis of `f(x)` is that of x
    static NDArray expectedSum(Distribution marginal, NDArray totalCount, int most, UnaryOperator<NDArray> f) {
        NDArray counts = Density.trailing(arange((most > 0 ? most : largest(totalCount)) + 1), marginal.batchShape().rank());
        NDArray possible = counts.le(column(totalCount));
        NDArray x = where(possible, counts, 0);
        return where(possible, exp(marginal.logProb(x)).times(f.apply(x)), 0.0).sum(0).sum(-1);
    }

    /// {@return the entropy of multinomial counts}
    ///
    /// @param logProbs logarithms of the probabilities, `batch + [k]`
    static NDArray entropy(NDArray totalCount, NDArray logProbs, int most, Shape batch) {
        NDArray p = exp(logProbs);
        var each = new Binomial(column(totalCount), minimum(p, 1.0));
        NDArray factorials = expectedSum(each, totalCount, most, x -> lgamma(x.plus(1)));
        NDArray one = p.times(Density.masked(logProbs)).sum(-1);
        return broadcastTo(factorials.minus(lgamma(totalCount.plus(1))).minus(totalCount.times(one)), batch);
    }

    /// {@return the number of draws with an axis for the categories}
    static NDArray column(NDArray totalCount) {
        return expandDims(totalCount.times(1.0), -1);
    }
}
