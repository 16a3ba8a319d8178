package usertest.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.function.Function;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.ShapeException;
import kiln.func.Carried;
import kiln.func.Control;
import kiln.func.Functions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// The whole texts of the errors of control flow, with the user's line.
class ControlErrorsTest {
    private static final NDArray X = NDArray.of(1.0, 2, 3);

    private static void fails(ThrowingCallable program, Class<? extends Throwable> type, String message) {
        Throwable error = catchThrowable(program);
        assertThat(error).isInstanceOf(type);
        assertThat(String.valueOf(error.getMessage()).replaceAll("java:\\d+", "java:#")).isEqualTo(message);
    }

    @Test
    void theCarryChangesItsShape() {
        fails(() -> Control.scan((NDArray c, NDArray x) -> Carried.of(Np.stack(List.of(c, x), 0)), Np.scalar(0.0), X), ShapeException.class, """
                scan: the body changes the shape of the carry.
                  Expected: array 0 of the carry stays float64[]
                  Got:      float64[2]
                  At:       ControlErrorsTest.java:#
                  Fix:      start with the shape that the body returns, or return the shape it got.""");
    }

    @Test
    void theCarryChangesItsType() {
        fails(() -> Control.scan((NDArray c, NDArray x) -> Carried.of(c.plus(x)), Np.scalar(0L), X), DomainException.class, """
                scan: the body changes the type of the carry.
                  Expected: array 0 of the carry stays int64[]
                  Got:      float64[]
                  At:       ControlErrorsTest.java:#
                  Fix:      convert it with astype, at the start or in the body.""");
    }

    @Test
    void theBranchesDisagree() {
        Function<NDArray, NDArray> f = Functions.jit(x -> Control.cond(x.sum().gt(0), () -> x, () -> x.sum()));
        fails(() -> f.apply(X), ShapeException.class, """
                cond: the branches do not return the same structure, shapes and types.
                  Expected: [float64[]] as branch 0 returns
                  Got:      [float64[3]] from branch 1
                  At:       ControlErrorsTest.java:#
                  Fix:      convert with astype, or broadcast, so that every branch returns the same.""");
    }

    @Test
    void reverseThroughALoopOfUnknownLength() {
        Function<NDArray, NDArray> f = x -> Control.whileLoop((NDArray c) -> c.lt(100), c -> c.times(2), x.sum());
        fails(() -> Functions.grad(f).apply(X), DomainException.class, """
                whileLoop: a loop whose number of steps is traced has no reverse derivative.
                  Expected: a number of steps that is known when the function is traced
                  At:       ControlErrorsTest.java:#
                  Fix:      use scan, or foriLoop with known bounds, or differentiate forwards with jvp or jacfwd.""");
    }

    @Test
    void lanesOfDifferentNumber() {
        fails(() -> Functions.vmap((NDArray a, NDArray b) -> a.plus(b)).apply(X, NDArray.of(1.0, 2)), ShapeException.class, """
                vmap: the arguments cannot be mapped together.
                  Expected: a leading axis of length 3 in every mapped array
                  Got:      array 1 of shape [2]
                  At:       ControlErrorsTest.java:#
                  Fix:      give every mapped array the same leading axis, or share the others.""");
    }

    @Test
    void arraysOfDifferentLength() {
        fails(() -> Control.scan((NDArray c, List<NDArray> x) -> Carried.of(c.plus(x.get(0))), Np.scalar(0.0), List.of(X, NDArray.of(1.0))), ShapeException.class, """
                scan: the arrays to scan over do not have one length.
                  Expected: a leading axis of length 3 in every array of xs
                  Got:      array 1 of shape [1]
                  At:       ControlErrorsTest.java:#
                  Fix:      slice the arrays to one length; capture in the body what is the same for all steps.""");
    }
}
