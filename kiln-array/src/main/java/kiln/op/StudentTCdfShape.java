package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.StudentT;
import org.jspecify.annotations.Nullable;

/// Derivative of Student's t distribution function by the degrees of freedom, `∂ⁿP(T ≤ t)/∂νⁿ`; the operands are those and the value.
///
/// ```
/// ∂/∂t ∂P/∂ν = p s,  2 s = δ − q + (1 + 1/ν)(1 − e^−q),  q = log(1 + t²/ν),  δ = ψ((ν + 1)/2) − ψ(ν/2) − 1/ν
/// ```
///
/// @param order `n`, 1 or 2
public record StudentTCdfShape(int order) implements Binary {
    /// From this ν/2 on the series of δ replaces the difference.
    private static final double SERIES = 25;

    /// Below this q a series replaces `q − 1 + e^−q`.
    private static final double SMALL = 0.2;

    @Override
    public double eval(double df, double t) {
        return order == 1 ? StudentT.cdfDdf(df, t) : StudentT.cdfDdfDdf(df, t);
    }

    /// @throws UnsupportedOperationException for the third derivative by the degrees of freedom
    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        if (order > 1) {
            throw new UnsupportedOperationException("stdtr: third derivatives that involve the degrees of freedom twice are not available.");
        }
        NDArray df = x.get(0);
        return t.times(i == 0
                ? Bind.apply(new StudentTCdfShape(2), df, x.get(1))
                : StudentTCdf.density(df, x.get(1)).times(score(df, StudentTCdf.log1pSquare(df, x.get(1)))));
    }

    private static NDArray score(NDArray df, NDArray q) {
        NDArray rest = Np.expm1(q.unaryMinus()).unaryMinus();
        NDArray small = Np.minimum(q, SMALL);
        NDArray series = Np.multiply(q, 0.0);
        for (int k = 12; k >= 2; k--) {
            series = Np.subtract(1, series).times(small).div(k);
        }
        NDArray beyond = Np.where(q.lt(SMALL), series.times(small), q.minus(rest));
        return delta(df).plus(rest.div(df)).minus(beyond).times(0.5);
    }

    private static NDArray delta(NDArray df) {
        NDArray h = df.times(0.5);
        NDArray isLarge = h.ge(SERIES);
        NDArray small = Np.where(isLarge, SERIES, h);
        NDArray direct = Np.digamma(small.plus(0.5)).minus(Np.digamma(small)).minus(Np.divide(0.5, small));
        NDArray j = Np.square(Np.reciprocal(Np.where(isLarge, h, SERIES)));
        NDArray series = j.times(j.times(j.times(j.times(17.0 / 2048).minus(1.0 / 128)).plus(1.0 / 64)).minus(1.0 / 8));
        return Np.where(isLarge, series.unaryMinus(), direct);
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(StudentT.class, order == 1 ? "cdfDdf" : "cdfDdfDdf");
    }
}
