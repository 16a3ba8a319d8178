package kiln.dist;

import java.util.List;
import java.util.function.BinaryOperator;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;
import kiln.dist.transform.AffineTransform;
import kiln.dist.transform.ComposeTransform;
import kiln.dist.transform.Transform;
import kiln.func.Pytree;

/// The distribution of `t(x)` where `x` is drawn from a base distribution and `t` is a bijection.
///
/// ```
/// log p(y) = log p_base(t⁻¹(y)) − log |det ∂t/∂x|
/// ```
///
/// - **support** the codomain of the last transform
/// - **shapes** those of the base, changed by the transforms; batch axes become event axes where a transform needs them
/// - **moments** those of the base, moved and stretched, if all transforms are affine; else none in closed form
/// - **gradient of a draw** as the base
///
/// Numerics: the entropy under affine transforms is that of the base and the logarithm of the stretching; of one number under others it is found
/// by adaptive quadrature over the quantiles, to 1e-10, with first derivatives, and an error says where that is not reached.
///
/// @param baseDist   the distribution of the argument
/// @param transforms applied to a draw one after the other, the first one first
public record TransformedDistribution(Distribution baseDist, List<Transform> transforms) implements Distribution {
    /// The base is repeated and its batch axes made event axes as far as the transforms require it.
    ///
    /// @throws DomainException if the base has values below those that the first transform takes
    /// @throws ShapeException if the base has fewer axes than the transforms need
    public TransformedDistribution {
        transforms = List.copyOf(transforms);
        if (!Pytree.isRebuilding()) {
            baseDist = fitted(baseDist, new ComposeTransform(transforms));
        }
    }

    /// The given transforms one after the other.
    public TransformedDistribution(Distribution baseDist, Transform... transforms) {
        this(baseDist, List.of(transforms));
    }

    private static Distribution fitted(Distribution base, Transform transform) {
        Shape shape = base.batchShape().then(base.eventShape());
        int needed = transform.domain().eventDim();
        if (shape.rank() < needed) {
            throw new ShapeException(new Diagnosis("TransformedDistribution", "the base has fewer axes than the transforms need")
                    .expected("at least " + needed)
                    .got(base.getClass().getSimpleName() + " with batch " + base.batchShape() + " and event "
                            + base.eventShape())
                    .at(UserCode.line())
                    .fix("give the base a batch: base.expand(n)."));
        }
        // An end of the base that its first transform cannot take: a root or a logarithm of numbers below 0.
        if (needed == 0 && QuantileSearch.lower(transform.domain()) instanceof Dense low && low.rank() == 0 && Double.isFinite(low.item())) {
            Check.notBelow(TransformedDistribution.class, base, low.item(), "choose a base whose values lie in the domain of the first transform.");
        }
        Shape full = transform.inverseShape(transform.forwardShape(shape));
        Distribution repeated = base.expand(full.dropLast(base.eventShape().rank()));
        return repeated.toEvent(Math.max(0, needed - base.eventShape().rank()));
    }

    /// {@return all transforms as one}
    Transform transform() {
        return new ComposeTransform(transforms);
    }

    private int eventRank() {
        Transform t = transform();
        int beyond = baseDist.eventShape().rank() - t.domain().eventDim();
        return t.codomain().eventDim() + beyond;
    }

    private Shape shape() {
        return transform().forwardShape(baseDist.batchShape().then(baseDist.eventShape()));
    }

    @Override
    public Constraint support() {
        Constraint image = transforms.isEmpty() ? baseDist.support() : transforms.getLast().codomain();
        return Constraints.independent(image, eventRank() - image.eventDim());
    }

    @Override
    public Shape batchShape() {
        return shape().dropLast(eventRank());
    }

    @Override
    public Shape eventShape() {
        return shape().last(eventRank());
    }

    private boolean isAffine() {
        return transforms.stream().allMatch(t -> t instanceof AffineTransform);
    }

    @Override
    public NDArray mean() {
        return isAffine() ? transform().call(baseDist.mean()) : Distribution.super.mean();
    }

    @Override
    public NDArray variance() {
        if (!isAffine()) {
            return Distribution.super.variance();
        }
        NDArray stretched = baseDist.variance();
        for (Transform t : transforms) {
            stretched = ((AffineTransform) t).scale().times(((AffineTransform) t).scale()).times(stretched);
        }
        return stretched;
    }

    @Override
    public NDArray entropy() {
        if (isAffine()) {
            NDArray anywhere = Np.full(baseDist.batchShape().then(baseDist.eventShape()), 0);
            NDArray stretching = transform().logAbsDetJacobian(anywhere, transform().call(anywhere));
            int own = transform().codomain().eventDim();
            return baseDist.entropy().plus(Density.sumRightmost(stretching, eventRank() - own));
        }
        return eventRank() == 0 && MixtureEntropy.hasDensity(this) ? MixtureEntropy.ofOne(this) : Distribution.super.entropy();
    }

    @Override
    public boolean hasRsample() {
        return baseDist.hasRsample();
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return transform().call(baseDist.sample(key, sampleShape));
    }

    /// The transforms are run forward only, so they need no inverse.
    @Override
    public Draw sampleWithLogProb(PRNGKey key, Shape sampleShape) {
        Draw base = baseDist.sampleWithLogProb(key, sampleShape);
        int rank = baseDist.eventShape().rank();
        int event = Math.max(rank, transform().domain().eventDim());
        NDArray density = Density.sumRightmost(base.logProb(), event - rank);
        NDArray x = base.value();
        for (Transform t : transforms) {
            NDArray y = t.call(x);
            int beyond = event - t.domain().eventDim();
            density = density.minus(Density.sumRightmost(t.logAbsDetJacobian(x, y), beyond));
            event = t.codomain().eventDim() + beyond;
            x = y;
        }
        return new Draw(x, density);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), fixedAtInfinity(value), this::inside);
    }

    /// An infinite value has the derivative 0: the inverse of a transform may be flat there, where the density of the base falls without end.
    private static NDArray fixedAtInfinity(NDArray value) {
        NDArray infinite = Np.isinf(value);
        return Density.isIdle(infinite) ? value : Np.where(infinite, value.stopGradient(), value);
    }

    private NDArray inside(NDArray value) {
        int event = eventRank();
        NDArray jacobian = null;
        NDArray y = value;
        for (Transform t : transforms.reversed()) {
            NDArray x = t.inverse(y);
            int beyond = event - t.codomain().eventDim();
            NDArray term = Density.sumRightmost(t.logAbsDetJacobian(x, y), beyond);
            jacobian = jacobian == null ? term : jacobian.plus(term);
            event = t.domain().eventDim() + beyond;
            y = x;
        }
        NDArray density = Density.sumRightmost(baseDist.logProb(y), event - baseDist.eventShape().rank());
        return jacobian == null ? density : density.minus(jacobian);
    }

    /// A decreasing transform turns the distribution round, so that its lower tail is the upper tail of the base.
    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return upTo(value, 0, 1, (x, sign) -> Np.where(sign.lt(0), baseDist.sf(x), baseDist.cdf(x)));
    }

    @Override
    public NDArray sf(NDArray value) {
        Check.value(this, value);
        return upTo(value, 1, 0, (x, sign) -> Np.where(sign.lt(0), baseDist.cdf(x), baseDist.sf(x)));
    }

    @Override
    public NDArray logCdf(NDArray value) {
        Check.value(this, value);
        return upTo(value, Double.NEGATIVE_INFINITY, 0, (x, sign) -> Np.where(sign.lt(0), baseDist.logSf(x), baseDist.logCdf(x)));
    }

    @Override
    public NDArray logSf(NDArray value) {
        Check.value(this, value);
        return upTo(value, 0, Double.NEGATIVE_INFINITY, (x, sign) -> Np.where(sign.lt(0), baseDist.logCdf(x), baseDist.logSf(x)));
    }

    /// A function of the argument and the sign of the transform; outside of the support, which is an interval, it has one value on each side.
    private NDArray upTo(NDArray value, double below, double above, BinaryOperator<NDArray> inside) {
        return eventRank() > 0 ? atFinite(value, below, above, inside) : Density.withLimits(value, below, above, x -> atFinite(x, below, above, inside));
    }

    private NDArray atFinite(NDArray value, double below, double above, BinaryOperator<NDArray> inside) {
        Transform t = transform();
        Constraint support = support();
        NDArray ok = support.check(value);
        if (!Validation.isOn() || support.eventDim() > 0 || Density.isAllTrue(ok)) {
            return inside.apply(t.inverse(value), t.sign());
        }
        NDArray feasible = Np.where(ok, value, support.feasibleLike(value));
        return Np.where(ok, inside.apply(t.inverse(feasible), t.sign()), Np.where(value.lt(feasible), below, Np.where(value.gt(feasible), above, Double.NaN)));
    }

    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        Transform t = transform();
        return t.call(Np.where(t.sign().lt(0), baseDist.isf(q), baseDist.icdf(q)));
    }

    @Override
    public NDArray isf(NDArray q) {
        Check.probability(this, q);
        Transform t = transform();
        return t.call(Np.where(t.sign().lt(0), baseDist.icdf(q), baseDist.isf(q)));
    }
}
