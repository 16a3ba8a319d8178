package kiln.array;

import static kiln.array.Index.ALL;
import static kiln.array.Index.DOTS;
import static kiln.array.Index.NEW_AXIS;
import static kiln.array.Index.at;
import static kiln.array.Index.slice;

import java.util.List;
import kiln.func.Functions;
import org.junit.jupiter.api.Test;

/// `x.get(…)` takes what NumPy's `x[…]` takes; the expected elements are NumPy's.
class IndexingTest {
    private static final NDArray X = Np.arange(24).reshape(2, 3, 4);

    @Test
    void positionsCountFromEitherEnd() {
        Expect.ints(X.get(-1, -2), Shape.of(4), 16, 17, 18, 19);
        Expect.ints(X.get(1, 2, 3), Shape.SCALAR, 23);
        Expect.ints(X.get(DOTS, at(0)), Shape.of(2, 3), 0, 4, 8, 12, 16, 20);
    }

    @Test
    void rangesStepAndRunBackwards() {
        Expect.ints(X.get(ALL, slice(null, null, 2), slice(null, null, -1)), Shape.of(2, 2, 4), 3, 2, 1, 0, 11, 10, 9, 8, 15, 14, 13, 12, 23, 22, 21, 20);
        Expect.ints(X.get(at(1), slice(2, 0, -1), slice(-3, -1)), Shape.of(2, 2), 21, 22, 17, 18);
        Expect.ints(X.get(ALL, slice(5, 2)), Shape.of(2, 0, 4));
        Expect.ints(X.get(at(0), slice(-10, 2), slice(1, 100)), Shape.of(2, 3), 1, 2, 3, 5, 6, 7);
        Expect.ints(X.get(at(0), at(0), slice(100, -100, -2)), Shape.of(2), 3, 1);
    }

    @Test
    void newAxes() {
        Expect.ints(X.get(ALL, NEW_AXIS, at(0), at(1)), Shape.of(2, 1), 1, 13);
        Expect.ints(X.get(NEW_AXIS, at(1), at(1), at(1), NEW_AXIS), Shape.of(1, 1), 17);
    }

    @Test
    void oneArrayOfPositions() {
        Expect.ints(X.get(ALL, at(NDArray.of(0L, 1, 1))).get(at(0)), Shape.of(3, 4), 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7);
        Expect.ints(X.get(DOTS, at(NDArray.of(3, 0))), Shape.of(2, 3, 2), 3, 0, 7, 4, 11, 8, 15, 12, 19, 16, 23, 20);
        NDArray square = NDArray.of(0, 1, 2, 2).reshape(2, 2);
        Expect.ints(X.get(ALL, at(square)).get(at(1), at(1)), Shape.of(2, 4), 20, 21, 22, 23, 20, 21, 22, 23);
    }

    @Test
    void severalArraysAddressElementsTogether() {
        NDArray i = NDArray.of(0, 1, 1);
        NDArray j = NDArray.of(2, 0, -1);
        Expect.ints(X.get(ALL, at(i), at(j)), Shape.of(2, 3), 2, 4, 7, 14, 16, 19);
        Expect.ints(X.get(at(NDArray.of(0, 1).reshape(2, 1)), at(NDArray.of(2, 0))), Shape.of(2, 2, 4), 8, 9, 10, 11, 0, 1, 2, 3, 20, 21, 22, 23, 12, 13, 14, 15);
        Expect.ints(X.get(at(1), at(NDArray.of(2, 0))), Shape.of(2, 4), 20, 21, 22, 23, 12, 13, 14, 15);
    }

    /// NumPy puts the axes of the positions in front when something stands between the indices.
    @Test
    void separatedArraysComeFirst() {
        NDArray i = NDArray.of(0, 1, 1);
        Expect.ints(X.get(at(i), ALL, at(NDArray.of(2, 0, -1))), Shape.of(3, 3), 2, 6, 10, 12, 16, 20, 15, 19, 23);
        Expect.ints(X.get(at(0), ALL, at(NDArray.of(1, 3))), Shape.of(2, 3), 1, 5, 9, 3, 7, 11);
        Expect.ints(X.get(at(NDArray.of(1, 0)), NEW_AXIS, at(1)), Shape.of(2, 1, 4), 16, 17, 18, 19, 4, 5, 6, 7);
    }

    @Test
    void tracedPositionsAddressTheSameElements() {
        NDArray i = NDArray.of(0, 1, -1);
        NDArray j = NDArray.of(2, 0, -1);
        NDArray got = Functions.<List<NDArray>, NDArray>jit(v -> X.get(at(v.get(0).rem(2)), ALL, at(v.get(1)))).apply(List.of(i, j));
        Expect.ints(got, Shape.of(3, 3), 2, 6, 10, 12, 16, 20, 15, 19, 23);
    }

    @Test
    void gradientsFlowBackToTheElementsTaken() {
        NDArray x = Np.linspace(0, 1, 6).reshape(2, 3);
        NDArray g = Functions.grad((NDArray v) -> v.get(at(NDArray.of(1, 1, 0)), at(NDArray.of(0, 0, 2))).times(NDArray.of(1.0, 10, 100)).sum()).apply(x);
        Expect.doubles(g, Shape.of(2, 3), 0, 0, 100, 11, 0, 0);
        NDArray h = Functions.grad((NDArray v) -> v.get(slice(null, null, -1), slice(0, 2)).times(NDArray.of(1.0, 2)).get(at(0)).sum()).apply(x);
        Expect.doubles(h, Shape.of(2, 3), 0, 0, 0, 1, 2, 0);
    }

    @Test
    void takeCountsFromEitherEnd() {
        NDArray a = Np.arange(6).reshape(2, 3);
        Expect.ints(Np.take(a, NDArray.of(2, -1), 1), Shape.of(2, 2), 2, 2, 5, 5);
        Expect.ints(Np.take(a, Np.scalar(-2L), 0), Shape.of(3), 0, 1, 2);
    }
}
