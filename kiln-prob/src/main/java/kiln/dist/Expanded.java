package kiln.dist;

import static kiln.array.Np.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.dist.constraint.Constraint;
import kiln.func.Pytree;

/// A distribution repeated to a larger batch: what `expand` makes. The copies share their parameters; their draws are independent.
///
/// ```
/// log p(x) = log p_base(x)
/// ```
///
/// - **support** that of the base
/// - **shapes** batch = `batchShape`, event = event of the base
/// - **moments** those of the base, repeated
/// - **gradient of a draw** as the base
///
/// @param baseDist   the distribution that is repeated
/// @param batchShape the batch shape, to which the batch of the base broadcasts
public record Expanded(Distribution baseDist, Shape batchShape) implements Distribution {
    /// @throws ShapeException if the batch of the base does not broadcast to `batchShape`
    public Expanded {
        if (!Pytree.isRebuilding() && !baseDist.batchShape().broadcastsTo(batchShape)) {
            throw refusal(baseDist, batchShape);
        }
    }

    private static ShapeException refusal(Distribution d, Shape target) {
        return new ShapeException(new Diagnosis("expand", "the batch of the distribution does not broadcast to the new shape")
                .expected("axes that are equal or 1, aligned at the last axis")
                .got(d.getClass().getSimpleName() + " with batch " + d.batchShape() + ", new shape " + target)
                .at(UserCode.line())
                .fix("give the new shape the batch of the distribution at its end: d.expandBy(n) adds axes in front."));
    }

    @Override
    public Constraint support() {
        return baseDist.support();
    }

    @Override
    public Shape eventShape() {
        return baseDist.eventShape();
    }

    @Override
    public boolean hasRsample() {
        return baseDist.hasRsample();
    }

    @Override
    public NDArray mean() {
        return broadcastTo(baseDist.mean(), batchShape.then(eventShape()));
    }

    @Override
    public NDArray variance() {
        return broadcastTo(baseDist.variance(), batchShape.then(eventShape()));
    }

    /// Draws the repeated axes as further sample axes, then moves those that replace an axis of size 1 to their places; the last
    /// such axis is drawn first, so that the draws equal NumPyro's.
    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        Shape base = baseDist.batchShape();
        int added = batchShape.rank() - base.rank();
        List<Integer> repeated = new ArrayList<>();
        for (int a = base.rank() - 1; a >= 0; a--) {
            if (base.dim(a) != batchShape.dim(a + added)) {
                repeated.add(a);
            }
        }
        Shape front = sampleShape.then(batchShape.slice(0, added));
        int[] sizes = repeated.stream().mapToInt(a -> batchShape.dim(a + added)).toArray();
        NDArray x = baseDist.sample(key, front.then(Shape.of(sizes)));
        if (sizes.length == 0) {
            return x;
        }
        int[] order = new int[x.rank()];
        Arrays.setAll(order, i -> i);
        for (int i = 0; i < sizes.length; i++) {
            int from = front.rank() + i;
            int to = front.rank() + sizes.length + repeated.get(i);
            order[from] = to;
            order[to] = from;
        }
        return x.transpose(order).reshape(sampleShape.then(batchShape).then(eventShape()));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        NDArray density = baseDist.logProb(value);
        int batch = Math.max(0, value.rank() - eventShape().rank());
        return broadcastTo(density, Shape.broadcast(density.shape(), value.shape().slice(0, batch), batchShape));
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return broadcastTo(baseDist.cdf(value), Shape.broadcast(value.shape(), batchShape));
    }

    @Override
    public NDArray sf(NDArray value) {
        Check.value(this, value);
        return broadcastTo(baseDist.sf(value), Shape.broadcast(value.shape(), batchShape));
    }

    @Override
    public NDArray isf(NDArray q) {
        Check.probability(this, q);
        return broadcastTo(baseDist.isf(q), Shape.broadcast(q.shape(), batchShape));
    }

    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return broadcastTo(baseDist.icdf(q), Shape.broadcast(q.shape(), batchShape));
    }

    @Override
    public NDArray entropy() {
        return broadcastTo(baseDist.entropy(), batchShape);
    }

    @Override
    public boolean hasEnumerateSupport() {
        return baseDist.hasEnumerateSupport();
    }

    @Override
    public NDArray enumerateSupport(boolean expand) {
        NDArray values = baseDist.enumerateSupport(false);
        Shape count = values.shape().slice(0, 1);
        int[] ones = new int[batchShape.rank()];
        Arrays.fill(ones, 1);
        NDArray column = values.reshape(count.then(Shape.of(ones)).then(eventShape()));
        return expand ? broadcastTo(column, count.then(batchShape).then(eventShape())) : column;
    }

    /// An expanded distribution is expanded from its base, so that wrappers do not pile up.
    @Override
    public Distribution expand(Shape batchShape) {
        if (!this.batchShape.broadcastsTo(batchShape)) {
            throw refusal(this, batchShape);
        }
        return baseDist.expand(batchShape);
    }
}
