package usertest.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import kiln.array.DType;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.func.Ode;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// The whole texts of the errors of `odeint`, with the user's line.
class OdeErrorsTest {
    private static final NDArray TIMES = NDArray.of(0.0, 1, 2);

    private static void fails(ThrowingCallable program, Class<? extends Throwable> type, String message) {
        Throwable error = catchThrowable(program);
        assertThat(error).isInstanceOf(type);
        assertThat(String.valueOf(error.getMessage()).replaceAll("java:\\d+", "java:#")).isEqualTo(message);
    }

    @Test
    void timesThatDoNotIncrease() {
        fails(() -> Ode.odeint((y, _) -> y, Np.scalar(1.0), NDArray.of(0.0, 2, 1)), DomainException.class, """
                odeint: the times must be a known vector of increasing numbers.
                  Expected: shape [T] with times[0] < times[1] < …
                  Got:      [0. 2. 1.]
                  At:       OdeErrorsTest.java:#
                  Fix:      sort the times and solve once for equal ones; to go back in time, replace t by −t in the equation.""");
    }

    @Test
    void singlePrecision() {
        fails(() -> Ode.odeint((y, _) -> y, Np.scalar(1.0).astype(DType.FLOAT32), TIMES), DomainException.class, """
                odeint: y0 must be float64.
                  Got:      float32[]
                  At:       OdeErrorsTest.java:#
                  Fix:      convert it with astype(DType.FLOAT64).""");
    }

    @Test
    void aRightHandSideOfAnotherShape() {
        fails(() -> Ode.odeint((y, _) -> Np.stack(List.of(y, y), 0), Np.scalar(1.0), TIMES), DomainException.class, """
                odeint: the right-hand side does not have the shape and type of y.
                  Expected: float64[]
                  Got:      float64[2]
                  At:       OdeErrorsTest.java:#""");
    }

    @Test
    void noTolerance() {
        fails(() -> new Ode.Accuracy(0, 1e-8, 10), IllegalArgumentException.class, """
                Accuracy: the tolerances must be > 0 and maxSteps ≥ 1.
                  Got:      relative 0.0, absolute 1.0E-8, maxSteps 10
                  At:       OdeErrorsTest.java:#""");
    }
}
