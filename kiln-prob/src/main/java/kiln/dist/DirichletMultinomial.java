package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;
import kiln.func.Pytree;

/// Dirichlet-multinomial distribution: multinomial counts whose probabilities have a Dirichlet distribution.
///
/// ```
/// log p(x) = log n! + log Γ(A) − log Γ(n + A) + Σᵢ (log Γ(xᵢ + aᵢ) − log Γ(aᵢ) − log xᵢ!),  a = concentration, A = Σᵢ aᵢ, n = totalCount
/// ```
///
/// - **support** vectors of k counts with sum totalCount
/// - **shapes** batch = broadcast(totalCount, concentration without its last axis), event = `[k]`
/// - **moments** meanᵢ = n pᵢ, varianceᵢ = n pᵢ (1 − pᵢ) (n + A) / (1 + A) with pᵢ = aᵢ / A
/// - **gradient of a draw** none
///
/// @param totalCount    number of draws n; integer ≥ 0
/// @param concentration weights, `[…, k]`; > 0
/// @param totalCountMax how many trials a draw makes, of which those beyond `totalCount` are not counted: needed where `totalCount` is
///                      traced; 0 is the largest known count
public record DirichletMultinomial(NDArray totalCount, NDArray concentration, int totalCountMax) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public DirichletMultinomial {
        totalCount = Check.in(nonnegativeInteger, "totalCount", totalCount, DirichletMultinomial.class);
        concentration = Check.in(independent(positive, 1), "concentration", concentration, DirichletMultinomial.class);
        if (!Pytree.isRebuilding()) {
            MultinomialCounts.refuseMore(totalCount, totalCountMax, DirichletMultinomial.class);
            Check.broadcasts(
                    DirichletMultinomial.class,
                    "totalCount and concentration",
                    totalCount.shape(), concentration.shape().dropLast(1));
        }
    }

    @Override
    public Constraint support() {
        return multinomial(totalCount);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(totalCount.shape(), concentration.shape().dropLast(1));
    }

    @Override
    public Shape eventShape() {
        return concentration.shape().last(1);
    }

    @Override
    public NDArray mean() {
        return broadcastTo(MultinomialCounts.column(totalCount).times(concentration.div(total())), batchShape().then(eventShape()));
    }

    @Override
    public NDArray variance() {
        NDArray p = concentration.div(total());
        NDArray n = MultinomialCounts.column(totalCount);
        return mean().times(subtract(1, p)).times(n.plus(total())).div(total().plus(1));
    }

    @Override
    public NDArray entropy() {
        if (eventShape().dim(0) == 1) {
            return full(batchShape(), 0);
        }
        NDArray sum = concentration.sum(-1);
        var each = new BetaBinomial(concentration, total().minus(concentration), MultinomialCounts.column(totalCount));
        NDArray ways = MultinomialCounts.expectedSum(each, totalCount, totalCountMax,
                x -> lgamma(x.plus(1)).minus(lgamma(x.plus(concentration))).plus(lgamma(concentration)));
        return ways.minus(lgamma(totalCount.plus(1))).minus(lgamma(sum)).plus(lgamma(sum.plus(totalCount)));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        PRNGKey[] keys = key.split(2);
        Shape shape = sampleShape.then(batchShape());
        NDArray each = broadcastTo(concentration, batchShape().then(eventShape()));
        return MultinomialCounts.sample(keys[1], new Dirichlet(each).sample(keys[0], sampleShape), totalCount, totalCountMax, shape);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            if (Saddle.isNeeded(totalCount, concentration)) {
                return Saddle.overDirichlet(concentration, totalCount, x);
            }
            NDArray sum = concentration.sum(-1);
            NDArray ways = lgamma(x.plus(concentration)).minus(lgamma(concentration)).sum(-1);
            return MultinomialCounts.logOrders(totalCount, x).plus(lgamma(sum)).minus(lgamma(sum.plus(totalCount))).plus(ways);
        });
    }

    /// Draws make as many trials as the largest known count.
    public DirichletMultinomial(Number totalCount, NDArray concentration) {
        this(NDArray.as(totalCount), concentration, 0);
    }

    /// {@return a copy whose draws make a given number of trials}
    public DirichletMultinomial totalCountMax(int most) {
        return new DirichletMultinomial(totalCount, concentration, most);
    }

    private NDArray total() {
        return expandDims(concentration.sum(-1), -1);
    }
}
