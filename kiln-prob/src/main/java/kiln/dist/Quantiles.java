package kiln.dist;

import static kiln.array.Np.*;

import java.util.function.DoubleBinaryOperator;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.math.Beta;
import kiln.math.GammaInc;
import kiln.math.StudentT;

/// Quantiles that are found by iteration: inverses of the incomplete gamma and beta functions and of what is made of them, at known values.
final class Quantiles {
    private Quantiles() {}

    /// {@return `x` with `P(a, x) = p`}
    static NDArray gamma(NDArray a, NDArray p) {
        return each(a, p, GammaInc::gammaincinv);
    }

    /// {@return `x` with `1 − P(a, x) = q`}
    static NDArray gammaUpper(NDArray a, NDArray q) {
        return each(a, q, GammaInc::gammainccinv);
    }

    /// {@return `x` with `I_x(a, b) = p`}
    static NDArray beta(NDArray a, NDArray b, NDArray p) {
        return each(a, b, p, Beta::betaincinv);
    }

    /// {@return `log x / (1 − x)` with `I_x(a, b) = p`}
    static NDArray betaLogit(NDArray a, NDArray b, NDArray p) {
        return each(a, b, p, Beta::betaincinvLogit);
    }

    /// {@return `t` with `P(T > t) = q` for Student's t of `df` degrees of freedom}
    static NDArray studentTUpper(NDArray df, NDArray q) {
        return each(df, q, StudentT::isf);
    }

    private interface Function3 {
        double at(double a, double b, double p);
    }

    private static NDArray each(NDArray a, NDArray b, NDArray p, Function3 f) {
        Shape shape = Shape.broadcast(a.shape(), b.shape(), p.shape());
        double[] second = broadcastTo(b, shape).toDoubleArray();
        double[] x = broadcastTo(a, shape).toDoubleArray();
        double[] at = broadcastTo(p, shape).toDoubleArray();
        for (int i = 0; i < x.length; i++) {
            x[i] = f.at(x[i], second[i], at[i]);
        }
        return NDArray.of(shape, x);
    }

    private static NDArray each(NDArray a, NDArray p, DoubleBinaryOperator f) {
        Shape shape = Shape.broadcast(a.shape(), p.shape());
        double[] x = broadcastTo(a, shape).toDoubleArray();
        double[] at = broadcastTo(p, shape).toDoubleArray();
        for (int i = 0; i < x.length; i++) {
            x[i] = f.applyAsDouble(x[i], at[i]);
        }
        return NDArray.of(shape, x);
    }
}
