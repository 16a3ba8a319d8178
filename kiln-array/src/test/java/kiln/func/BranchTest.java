package kiln.func;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import org.junit.jupiter.api.Test;

/// Functions that branch in plain Java on their values: each transform computes on every path what the plain function computes there.
class BranchTest {
    private final AtomicInteger traces = new AtomicInteger();

    /// Huber's loss, written with a branch.
    private NDArray huber(NDArray x) {
        traces.incrementAndGet();
        return Np.abs(x).le(1).isTrue() ? x.pow(2).times(0.5) : Np.abs(x).minus(0.5);
    }

    /// Steps of the Collatz sequence: a loop whose length depends on the argument.
    private NDArray collatz(NDArray n) {
        traces.incrementAndGet();
        NDArray steps = Np.scalar(0L);
        NDArray left = n;
        while (left.gt(1).isTrue()) {
            left = left.rem(2).eq(0).isTrue() ? Np.floorDivide(left, 2) : left.times(3).plus(1);
            steps = steps.plus(1);
        }
        return steps;
    }

    @Test
    void jitTracesEachPathOnce() {
        Function<NDArray, NDArray> f = Functions.jit(this::huber);
        for (double x : new double[] {0.5, -0.25, 3, -2, 0.75, 1, 40, -0.0}) {
            assertThat(f.apply(Np.scalar(x)).item()).isEqualTo(Math.abs(x) <= 1 ? x * x * 0.5 : Math.abs(x) - 0.5);
        }
        assertThat(traces).hasValue(2);
    }

    @Test
    void jitOfALoopWhoseLengthDependsOnTheArgument() {
        Function<NDArray, NDArray> f = Functions.jit(this::collatz);
        int[] published = {0, 1, 7, 2, 5, 8, 16, 3, 19, 6, 14}; // oeis.org/A006577
        for (int round = 0; round < 2; round++) {
            for (int n = 1; n <= published.length; n++) {
                assertThat(f.apply(Np.scalar((long) n)).item()).as("n = " + n).isEqualTo(published[n - 1]);
            }
        }
        assertThat(traces).hasValue(published.length);
    }

    @Test
    void derivativesFollowTheBranch() {
        assertThat(Functions.grad(this::huber).apply(Np.scalar(0.5)).item()).isEqualTo(0.5);
        assertThat(Functions.grad(this::huber).apply(Np.scalar(-3.0)).item()).isEqualTo(-1);
        assertThat(Functions.grad(Functions.grad(this::huber)).apply(Np.scalar(0.5)).item()).isEqualTo(1);
        assertThat(Functions.hessian(this::huber).apply(Np.scalar(3.0)).item()).isZero();
        assertThat(Functions.jvp(this::huber, Np.scalar(3.0), Np.scalar(2.0)).tangent().item()).isEqualTo(2);
        traces.set(0);
        Function<NDArray, NDArray> compiled = Functions.jit(Functions.grad(this::huber));
        for (double x : new double[] {0.5, -3, 0.25, 5, -0.125}) {
            assertThat(compiled.apply(Np.scalar(x)).item()).isEqualTo(Math.abs(x) <= 1 ? x : Math.signum(x));
        }
        assertThat(traces).as("a guard of the inner derivative is one of the compiled function").hasValue(2);
    }

    @Test
    void aReadValueIsOneOfTheProgram() {
        Function<List<NDArray>, NDArray> f = Functions.jit(in -> {
            traces.incrementAndGet();
            return in.getFirst().get((int) in.getLast().item()).times(10);
        });
        NDArray x = NDArray.of(1.0, 2, 3);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 3; i++) {
                assertThat(f.apply(List.of(x, Np.scalar((long) i))).item()).isEqualTo(10 * (i + 1));
            }
        }
        assertThat(traces).hasValue(3);
    }

    @Test
    void zerosOfBothSignsAndNanArePathsOfTheirOwn() {
        Function<NDArray, NDArray> f = Functions.jit(x -> {
            traces.incrementAndGet();
            return Np.scalar(1.0 / Np.floor(x).item()).plus(x.times(0));
        });
        for (int round = 0; round < 2; round++) {
            assertThat(f.apply(Np.scalar(0.0)).item()).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(f.apply(Np.scalar(-0.0)).item()).isEqualTo(Double.NEGATIVE_INFINITY);
            assertThat(f.apply(Np.scalar(Double.NaN)).item()).isNaN();
        }
        assertThat(traces).hasValue(3);
    }

    /// The check of a path is computed in compiled code, the values behind it by the interpreter: sums that are zero up to rounding
    /// show whether both round in the same way. Where they do not, a path would be traced that its own check refuses.
    @Test
    void checksRoundAsTheInterpreterDoes() {
        Function<NDArray, NDArray> f = Functions.jit(x -> {
            traces.incrementAndGet();
            return Np.sum(Np.exp(x)).minus(Np.sum(Np.exp(Np.flip(x)))).gt(0).isTrue() ? x.sum() : x.sum().unaryMinus();
        });
        for (PRNGKey key : PRNGKey.key(3).split(200)) {
            NDArray x = key.normal(37);
            boolean positive = Np.sum(Np.exp(x)).minus(Np.sum(Np.exp(Np.flip(x)))).item() > 0;
            assertThat(f.apply(x).item()).isEqualTo(positive ? x.sum().item() : -x.sum().item());
        }
        assertThat(traces).hasValue(2);
    }

    @Test
    void threadsShareThePaths() {
        Function<NDArray, NDArray> f = Functions.jit(this::collatz);
        double[] inParallel = IntStream.range(0, 400)
                .parallel()
                .mapToDouble(i -> f.apply(Np.scalar((long) i % 20 + 1)).item())
                .toArray();
        for (int i = 0; i < inParallel.length; i++) {
            assertThat(inParallel[i]).isEqualTo(collatz(Np.scalar((long) i % 20 + 1)).item());
        }
        assertThat(traces.get() - inParallel.length).isEqualTo(20);
    }

    @Test
    void partsOfAnArrayDecide() {
        Function<NDArray, NDArray> f = Functions.jit(x -> {
            NDArray sum = Np.scalar(0.0);
            for (int i = 0; i < x.size(); i++) {
                sum = x.get(i).gt(0).isTrue() ? sum.plus(x.get(i)) : sum;
            }
            return sum;
        });
        NDArray x = NDArray.of(new double[][] {{1, -2, 3}, {-1, -2, -3}, {4, 5, 6}, {1, -1, 1}});
        double[] expected = {4, 0, 15, 2};
        for (int i = 0; i < expected.length; i++) {
            assertThat(f.apply(x.get(Index.at(i))).item()).isEqualTo(expected[i]);
        }
    }
}
