package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.Index;
import kiln.array.NDArray;

/// Independent angles a around their means, with densities that are even in a: what [SineSkewed] needs of its base.
///
/// An angle in [0, π/2] and the one with the same sine go together, and those with the opposite sine have as much mass.
final class SymmetricAngles {
    /// The density may have a peak at 0, and the tilt a logarithm at π/2.
    private static final NDArray ANGLES = DoubleExponential.FINE.nodes().times(Math.PI / 2);

    /// `1 − sin a`, without cancellation.
    private static final NDArray LESS_SIN =
            square(sin(flip(DoubleExponential.FINE.nodes(), 0).times(Math.PI / 4))).times(2);

    private static final NDArray WEIGHTS = DoubleExponential.FINE.weights();

    private final int axes;
    /// The masses at ANGLES and at `π − ANGLES`, `[angles] + batch + [d]`; with those of the opposite sine they add up to 1.
    private final NDArray near;

    private final NDArray far;

    /// @param base      angles along the last axis of its batch
    /// @param batchRank how many axes of a batch to make room for, the last one not counted
    SymmetricAngles(Distribution base, int batchRank) {
        axes = batchRank + 1;
        NDArray a = Density.trailing(ANGLES, axes);
        NDArray weights = Density.trailing(WEIGHTS, axes);
        NDArray front;
        NDArray back;
        if (base instanceof VonMises v) {
            NDArray k = broadcastTo(v.concentration(), v.batchShape()).times(-2);
            front = exp(k.times(square(sin(a.times(0.5)))));
            back = exp(k.times(square(cos(a.times(0.5)))));
        } else {
            front = exp(base.logProb(Angles.wrapped(base.mean().plus(a))));
            back = exp(base.logProb(Angles.wrapped(base.mean().plus(subtract(Math.PI, a)))));
        }
        NDArray total = front.plus(back).times(weights).sum(0);
        near = front.times(weights).div(total);
        far = back.times(weights).div(total);
    }

    /// {@return `1 − E cos a`}
    NDArray lessCos() {
        NDArray a = Density.trailing(ANGLES, axes);
        return near.times(square(sin(a.times(0.5)))).plus(far.times(square(cos(a.times(0.5))))).sum(0).times(2);
    }

    /// {@return `E sin² a`}
    NDArray squaredSin() {
        return near.plus(far).times(square(sin(Density.trailing(ANGLES, axes)))).sum(0);
    }

    /// {@return `E (1 + s) log(1 + s)` of the tilt `s = Σᵢ skewnessᵢ sin aᵢ`}
    NDArray tiltInformation(NDArray skewness) {
        return skewness.size(-1) == 1 ? ofOne(skewness) : ofSeveral(abs(skewness));
    }

    private NDArray ofOne(NDArray skewness) {
        NDArray s = part(skewness, 0).times(sin(Density.trailing(ANGLES, axes - 1)));
        return part(near.plus(far), 0).times(both(s)).sum(0).times(0.5);
    }

    /// `(1 + s) log(1 + s) + (1 − s) log(1 − s)`
    private static NDArray both(NDArray s) {
        return xlog1py(s.plus(1), s).plus(xlog1py(subtract(1, s), s.unaryMinus()));
    }

    /// From `x log x = ∫₀^∞ (e^(−xy) − 1 + x (1 − e^(−y))) / y² dy` it is `∫₀^∞ e^(−y) (Πᵢ Mᵢ(y) − 1) / y² dy` with
    /// `Mᵢ(y) = E cosh(y skewnessᵢ sin aᵢ)`; here `y = v / (1 − v)`.
    private NDArray ofSeveral(NDArray skewness) {
        NDArray v = DoubleExponential.RULE.nodes();
        int half = v.size(0) / 2;
        int all = v.size(0);
        return small(skewness, part(v, 0, half), part(DoubleExponential.RULE.weights(), 0, half))
                .plus(large(skewness, part(flip(v, 0), half, all), part(DoubleExponential.RULE.weights(), half, all)));
    }

    private static NDArray part(NDArray x, int from, int to) {
        return x.get(Index.slice(from, to));
    }

    /// The integral over y < 1, where the product is near 1.
    private NDArray small(NDArray skewness, NDArray v, NDArray weights) {
        NDArray y = v.div(subtract(1, v));
        NDArray z = Density.trailing(y, 1 + axes).times(skewness);
        NDArray above = near.plus(far).times(square(sinh(z.times(sin(Density.trailing(ANGLES, axes))).times(0.5)))).sum(1).times(2);
        NDArray product = expm1(log1p(above).sum(-1));
        return Density.trailing(weights.times(exp(y.unaryMinus())).div(square(v)), axes - 1).times(product).sum(0);
    }

    /// The integral from y = 1 on, where the product grows at most as e^y.
    ///
    /// @param rest `1 − v`
    private NDArray large(NDArray skewness, NDArray rest, NDArray weights) {
        NDArray y = subtract(1, rest).div(rest);
        NDArray z = Density.trailing(y, 1 + axes).times(skewness);
        NDArray less = exp(z.times(Density.trailing(LESS_SIN, axes)).unaryMinus());
        NDArray twice = exp(z.times(sin(Density.trailing(ANGLES, axes))).times(-2));
        NDArray scaled = log(near.plus(far).times(less).times(twice.plus(1)).sum(1).times(0.5)).sum(-1);
        NDArray slack = maximum(subtract(1, skewness.sum(-1)), 0.0);
        NDArray down = Density.trailing(y, axes - 1);
        NDArray product = exp(scaled.minus(down.times(slack))).minus(exp(down.unaryMinus()));
        return Density.trailing(weights.div(square(subtract(1, rest))), axes - 1).times(product).sum(0);
    }

    /// {@return `E (1 + s) log(1 + s)` of two dependent angles, by quadrature over both}
    static NDArray tiltInformation(SineBivariateVonMises base, NDArray skewness, int axes) {
        NDArray a = Density.trailing(ANGLES, 1 + axes);
        NDArray b = Density.trailing(ANGLES, axes);
        NDArray across = base.correlation().times(sin(a)).times(sin(b));
        NDArray along = logFolded(base.phiConcentration(), a).plus(logFolded(base.psiConcentration(), b));
        NDArray top = max(along.plus(abs(across)), 0, 1).stopGradient();
        NDArray first = part(skewness, 0).times(sin(a));
        NDArray second = part(skewness, 1).times(sin(b));
        NDArray weights = Density.trailing(WEIGHTS, 1 + axes).times(Density.trailing(WEIGHTS, axes));
        NDArray same = exp(along.plus(across).minus(top)).times(weights);
        NDArray opposite = exp(along.minus(across).minus(top)).times(weights);
        NDArray sum = same.times(both(first.plus(second))).plus(opposite.times(both(first.minus(second)))).sum(0, 1);
        return sum.div(same.plus(opposite).sum(0, 1).times(2));
    }

    /// `log (e^(κ (cos a − 1)) + e^(κ (−cos a − 1)))`
    private static NDArray logFolded(NDArray k, NDArray a) {
        return k.times(-2).times(square(sin(a.times(0.5)))).plus(log1p(exp(k.times(-2).times(cos(a)))));
    }

    private static NDArray part(NDArray x, int i) {
        return x.get(Index.DOTS, Index.at(i));
    }
}
