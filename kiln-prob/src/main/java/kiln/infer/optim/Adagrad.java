package kiln.infer.optim;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;

/// Steps that shrink with the gradients seen so far, with momentum.
///
/// ```
/// s ← s + g²,   m ← μ m + (1 − μ) g / √s,   x ← x − η m
/// ```
///
/// Source: Duchi, Hazan and Singer, *Adaptive subgradient methods* (2011); the momentum is that of `jax.example_libraries.optimizers`.
///
/// @param stepSize of every step
/// @param momentum μ, in [0, 1)
public record Adagrad(Schedule stepSize, double momentum) implements Optimizer {
    /// A constant step size; momentum 0.9.
    ///
    /// @param stepSize > 0
    public Adagrad(double stepSize) {
        this(Schedule.constant(stepSize), 0.9);
    }

    /// A step size for every step; momentum 0.9.
    public Adagrad(Schedule stepSize) {
        this(stepSize, 0.9);
    }

    @Override
    public List<NDArray> init(NDArray x) {
        return List.of(x, Np.zerosLike(x), Np.zerosLike(x));
    }

    @Override
    public List<NDArray> update(NDArray step, NDArray gradient, List<NDArray> state) {
        NDArray s = state.get(1).plus(Np.square(gradient));
        NDArray m = gradient.times(inverseRoot(s)).times(1 - momentum).plus(state.get(2).times(momentum));
        return List.of(state.getFirst().minus(m.times(stepSize.at(step))), s, m);
    }

    /// `1 / √s`, 0 where nothing moved yet.
    static NDArray inverseRoot(NDArray s) {
        NDArray none = s.eq(0);
        return Np.where(none, 0.0, Np.sqrt(Np.where(none, 1.0, s)).pow(-1));
    }
}
