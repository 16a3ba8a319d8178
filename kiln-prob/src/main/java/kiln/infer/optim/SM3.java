package kiln.infer.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;

/// Adagrad with one accumulator per row, column, …, instead of one per element.
///
/// ```
/// s[i, j, …] ← min(r[i], c[j], …) + g²,   r[i] ← max over the other axes of s, …
/// m ← μ m + (1 − μ) g / √s,               x ← x − η m
/// ```
///
/// Source: Anil, Gupta, Koren and Singer, *Memory-efficient adaptive optimization* (2019), algorithm SM3-II; the momentum is that of
/// `jax.example_libraries.optimizers`.
///
/// @param stepSize of every step
/// @param momentum μ, in [0, 1)
public record SM3(Schedule stepSize, double momentum) implements Optimizer {
    /// momentum 0.9.
    public SM3(Schedule stepSize) {
        this(stepSize, 0.9);
    }

    /// A constant step size; momentum 0.9.
    ///
    /// @param stepSize > 0
    public SM3(double stepSize) {
        this(Schedule.constant(stepSize));
    }

    @Override
    public List<NDArray> init(NDArray x) {
        List<NDArray> out = new ArrayList<>(List.of(x, Np.zerosLike(x)));
        for (int axis = 0; axis < x.rank(); axis++) {
            out.add(Np.zeros(x.size(axis)).astype(x.dtype()));
        }
        if (x.rank() == 0) {
            out.add(Np.zerosLike(x));
        }
        return List.copyOf(out);
    }

    @Override
    public List<NDArray> update(NDArray step, NDArray gradient, List<NDArray> state) {
        NDArray x = state.getFirst();
        int rank = x.rank();
        NDArray least = null;
        for (int axis = 0; axis < Math.max(1, rank); axis++) {
            NDArray own = state.get(2 + axis);
            if (rank > 0) {
                int[] dims = new int[rank];
                Arrays.fill(dims, 1);
                dims[axis] = x.size(axis);
                own = own.reshape(Shape.of(dims));
            }
            least = least == null ? own : Np.minimum(least, own);
        }
        NDArray s = Np.square(gradient).plus(Objects.requireNonNull(least));
        NDArray m = gradient.times(Adagrad.inverseRoot(s)).times(1 - momentum).plus(state.get(1).times(momentum));
        List<NDArray> out = new ArrayList<>(List.of(x.minus(m.times(stepSize.at(step))), m));
        for (int axis = 0; axis < rank; axis++) {
            out.add(rank == 1 ? s : Np.max(s, others(rank, axis)));
        }
        if (rank == 0) {
            out.add(s);
        }
        return List.copyOf(out);
    }

    private static int[] others(int rank, int axis) {
        return IntStream.range(0, rank).filter(k -> k != axis).toArray();
    }
}
