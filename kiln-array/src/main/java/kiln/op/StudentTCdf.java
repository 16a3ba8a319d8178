package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.StudentT;
import org.jspecify.annotations.Nullable;

/// Distribution function of Student's t; the operands are the degrees of freedom and the value.
public record StudentTCdf() implements Binary {
    /// From here on 1 is nothing beside the square.
    private static final double LARGE = 1e9;

    @Override
    public double eval(double df, double t) {
        return StudentT.cdf(df, t);
    }

    /// {@return `log(1 + t²/ν)`, also where the square is no double any more}
    static NDArray log1pSquare(NDArray df, NDArray t) {
        NDArray w = Np.abs(t).div(Np.sqrt(df));
        NDArray isLarge = w.gt(LARGE);
        NDArray far = Np.log(Np.where(isLarge, w, 1.0)).times(2);
        return Np.where(isLarge, far, Np.log1p(Np.square(Np.where(isLarge, 0.0, w))));
    }

    /// {@return the density, which is the derivative by the value}
    static NDArray density(NDArray df, NDArray t) {
        NDArray tail = df.plus(1).times(0.5).times(log1pSquare(df, t));
        NDArray height = Np.log(df).times(0.5).plus(Np.betaln(df.times(0.5), 0.5));
        return Np.exp(tail.plus(height).unaryMinus());
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        return t.times(i == 0 ? Bind.apply(new StudentTCdfShape(1), x.get(0), x.get(1)) : density(x.get(0), x.get(1)));
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(StudentT.class, "cdf");
    }
}
