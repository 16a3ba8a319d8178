package kiln.dist;

import static kiln.array.Np.*;

import java.util.Optional;
import java.util.function.UnaryOperator;
import kiln.array.NDArray;
import kiln.array.Shape;

/// Divergences of continuous distributions of one number in which an expectation is left that has no closed form, but an integral over the
/// quantile that gives all digits.
final class QuadratureKL {
    private QuadratureKL() {}

    private record Pair(Distribution p, Distribution q) {}

    static Optional<NDArray> rule(Distribution p, Distribution q) {
        return Optional.ofNullable(
                switch (new Pair(p, q)) {
                    case Pair(Kumaraswamy a, Beta b) -> kumaraswamy(a, b);
                    case Pair(Kumaraswamy a, Kumaraswamy b) -> kumaraswamy(a, b);
                    case Pair(Gompertz a, Gompertz b) -> gompertz(a, b);
                    case Pair(Levy a, Levy b) -> levy(a, b);
                    default -> null;
                });
    }

    private static NDArray kumaraswamy(Kumaraswamy p, Beta q) {
        return betaln(q.concentration1(), q.concentration0())
                .minus(q.concentration1().minus(1).times(meanLog(p)))
                .minus(q.concentration0().minus(1).times(meanLog1m(p, NDArray.as(1.0))))
                .minus(p.entropy());
    }

    private static NDArray kumaraswamy(Kumaraswamy p, Kumaraswamy q) {
        return log(q.concentration1()).plus(log(q.concentration0())).unaryMinus()
                .minus(q.concentration1().minus(1).times(meanLog(p)))
                .minus(q.concentration0().minus(1).times(meanLog1m(p, q.concentration1())))
                .minus(p.entropy());
    }

    /// `E log x = −(γ + ψ(b + 1)) / a`
    private static NDArray meanLog(Kumaraswamy p) {
        return digamma(p.concentration0().plus(1)).plus(Constants.EULER).div(p.concentration1()).unaryMinus();
    }

    /// `E log(1 − xᶜ)`. With x = (1 − v)^(1/a), v = u^(1/b) and u uniform it is `−1/b + E log((1 − xᶜ)/v)`. The last logarithm is bounded by
    /// that of a/c; its mean is an integral over u, exact to about 1e-13. (NumPyro cuts a series after ten terms.)
    private static NDArray meanLog1m(Kumaraswamy p, NDArray c) {
        NDArray b = p.concentration0();
        // Below e⁻³⁷ the last logarithm is log(c/a) to the last digit, and 1 − v is 1.
        NDArray logV = maximum(DoubleExponential.RULE.logNodes().div(expandDims(b, -1)), -37);
        NDArray log1mX = log1mexp(log1mexp(logV).times(expandDims(c.div(p.concentration1()), -1)));
        return log1mX.minus(logV).times(DoubleExponential.RULE.weights()).sum(-1).minus(reciprocal(b));
    }

    /// `E e^(r_q x)` grows with the logarithm of the quantile's probability only.
    private static NDArray gompertz(Gompertz p, Gompertz q) {
        NDArray grown = expectation(p, q.batchShape(), x -> expm1(q.rate().times(x)));
        return q.concentration().times(grown)
                .minus(log(q.concentration()).plus(log(q.rate())))
                .minus(q.rate().times(p.mean()))
                .minus(p.entropy());
    }

    /// From `E 1/(d + y)` and `E log(d + y)`, where y is p without its location, which lies d above that of q.
    private static NDArray levy(Levy p, Levy q) {
        NDArray d = p.loc().minus(q.loc());
        NDArray ahead = maximum(d, 0.0);
        var y = new Levy(zerosLike(p.scale()), p.scale());
        Shape batch = Shape.broadcast(q.batchShape(), p.batchShape());
        NDArray inverse = expectation(y, batch, x -> reciprocal(ahead.plus(x)));
        NDArray meanLog = expectation(y, batch, x -> log(ahead.plus(x)));
        NDArray cross = q.scale().times(0.5).times(inverse).plus(meanLog.times(1.5)).minus(log(q.scale()).times(0.5));
        return where(d.lt(0), Double.POSITIVE_INFINITY, cross.plus(Constants.HALF_LOG_2PI).minus(p.entropy()));
    }

    private static NDArray expectation(Distribution p, Shape other, UnaryOperator<NDArray> f) {
        return Expectation.of(p.expand(Shape.broadcast(p.batchShape(), other)), f);
    }
}
