package kiln.dist.transform;

import java.util.stream.IntStream;
import kiln.array.NDArray;

/// Sums over event axes.
final class Events {
    private Events() {}

    /// {@return the sum over the last `n` axes}
    static NDArray sumRightmost(NDArray x, int n) {
        return n == 0 ? x : x.sum(IntStream.rangeClosed(1, n).map(i -> -i).toArray());
    }
}
