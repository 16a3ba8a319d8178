package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import java.util.ArrayList;
import java.util.List;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.dist.constraint.Constraint;
import kiln.func.Pytree;

/// Path of a stochastic differential equation at given times, by normal steps (Euler and Maruyama).
///
/// ```
/// log p(x) = log p_init(x₀) + Σᵢ log N(xᵢ₊₁; xᵢ + f(xᵢ, tᵢ) hᵢ, g(xᵢ, tᵢ)² hᵢ),  hᵢ = tᵢ₊₁ − tᵢ
/// ```
///
/// Here f and g are the terms of `sdeFn`, and N(x; m, v) is the normal density with variance v.
///
/// - **support** real vectors
/// - **shapes** batch = batch of initDist, event = `[T]` + event of initDist
/// - **gradient of a draw** pathwise, also in what `sdeFn` captures, if `initDist` has one
///
/// Source: Kloeden and Platen, *Numerical Solution of Stochastic Differential Equations* (1992), ch. 9.
///
/// @param t        the times, `[T]`; strictly increasing
/// @param sdeFn    drift and diffusion
/// @param initDist distribution of the first state
public record EulerMaruyama(NDArray t, Sde sdeFn, Distribution initDist) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if `t` does not have one axis
    public EulerMaruyama {
        t = Check.in(orderedVector, "t", t, EulerMaruyama.class);
        if (!Pytree.isRebuilding() && t.rank() != 1) {
            throw new ShapeException(new Diagnosis("EulerMaruyama", "t must have one axis, the same times for all paths of the batch")
                    .expected("[n]")
                    .got("t of shape " + t.shape())
                    .at(UserCode.line())
                    .fix("map the distribution over the rows of t with vmap, or make a site for each."));
        }
    }

    @Override
    public Constraint support() {
        return independent(real, 1 + initDist.eventShape().rank());
    }

    @Override
    public Shape batchShape() {
        return initDist.batchShape();
    }

    @Override
    public Shape eventShape() {
        return t.shape().last(1).then(initDist.eventShape());
    }

    @Override
    public boolean hasRsample() {
        return initDist.hasRsample();
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        PRNGKey[] keys = key.split(2);
        int axis = -1 - initDist.eventShape().rank();
        NDArray noise = keys[0].normal(sampleShape.then(batchShape()).then(eventShape()));
        NDArray x = initDist.sample(keys[1], sampleShape);
        List<NDArray> path = new ArrayList<>();
        path.add(x);
        for (int i = 0; i + 1 < t.size(-1); i++) {
            NDArray dt = t.get(i + 1).minus(t.get(i));
            Sde.Terms terms = sdeFn.at(x, t.get(i));
            NDArray eps = squeeze(take(noise, NDArray.of((long) i), axis), axis);
            x = x.plus(terms.drift().times(dt)).plus(terms.diffusion().times(sqrt(dt)).times(eps));
            path.add(x);
        }
        return stack(path, axis);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        int axis = -1 - initDist.eventShape().rank();
        int n = t.size(-1);
        NDArray first = initDist.logProb(squeeze(take(value, NDArray.of(0L), axis), axis));
        if (n == 1) {
            return first;
        }
        NDArray from = take(value, arange(n - 1), axis);
        NDArray to = take(value, arange(n - 1).plus(1), axis);
        NDArray times = Density.trailing(t.get(Index.slice(null, -1)), -1 - axis);
        NDArray dt = Density.trailing(t.get(Index.slice(1, null)).minus(t.get(Index.slice(null, -1))), -1 - axis);
        Sde.Terms terms = sdeFn.at(from, times);
        NDArray scale = abs(terms.diffusion()).times(sqrt(dt));
        NDArray z = to.minus(from).minus(terms.drift().times(dt)).div(scale);
        NDArray steps = square(z).times(-0.5).minus(log(scale)).minus(Constants.HALF_LOG_2PI);
        return first.plus(Density.sumRightmost(steps, -axis));
    }
}
