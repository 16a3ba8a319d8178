package kiln.model;

import java.util.List;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.UserCode;
import kiln.dist.Distribution;
import kiln.dist.Validation;
import kiln.dist.constraint.Constraint;
import kiln.func.Functions;
import kiln.func.Pytree;
import org.jspecify.annotations.Nullable;

/// The distributions of a site in all steps of a scan, each with the parameters that its step gave it.
///
/// ```
/// log p(x)[t] = log p_t(x[t])
/// ```
///
/// - **support** that of the steps
/// - **shapes** batch = `[length]` + batch of a step, event of a step
///
/// @param steps    the distribution with a leading axis of steps in every parameter
/// @param length   number of steps
/// @param stepBatch batch of a step
/// @param stepEvent event of a step
/// @param computed what the scan computed already
public record SeriesDistribution(Distribution steps, int length, Shape stepBatch, Shape stepEvent, Computed computed)
        implements Distribution {
    /// What the steps computed at the values they had.
    ///
    /// No record, so that transforms of structures leave it alone.
    public static final class Computed {
        private final NDArray value;
        private final NDArray checked;
        private final NDArray unchecked;
        private final @Nullable NDArray mask;
        private final @Nullable NDArray scale;
        private final @Nullable Constraint support;
        private final boolean isDiscrete;

        /// @param support null if it is not the same in all steps
        Computed(
                NDArray value,
                NDArray checked,
                NDArray unchecked,
                @Nullable NDArray mask,
                @Nullable NDArray scale,
                @Nullable Constraint support,
                boolean isDiscrete) {
            this.value = value;
            this.checked = checked;
            this.unchecked = unchecked;
            this.mask = mask;
            this.scale = scale;
            this.support = support;
            this.isDiscrete = isDiscrete;
        }
    }

    @Override
    public Shape batchShape() {
        return Shape.of(length).then(stepBatch);
    }

    @Override
    public Shape eventShape() {
        return stepEvent;
    }

    /// @throws HandlerException if the support is not the same in all steps
    @Override
    public Constraint support() {
        if (computed.support == null) {
            throw new HandlerException(new Diagnosis("scan", "the support of a site differs from step to step")
                    .expected("a support that does not depend on the carry or on what a step reads")
                    .got(Sites.title(steps) + " in " + length + " steps")
                    .at(UserCode.line())
                    .fix("sample a variable with a fixed support in every step, and compute this one from it."));
        }
        return computed.support;
    }

    /// {@return whether the support is known to be the same in all steps}
    public boolean hasFixedSupport() {
        return computed.support != null;
    }

    @Override
    public boolean isDiscrete() {
        return computed.isDiscrete;
    }

    /// {@return where the density counts by the masks inside the scan, null is everywhere}
    public @Nullable NDArray mask() {
        return computed.mask;
    }

    /// {@return another density of the steps, such as that of a change of variables, masked and scaled as inside the scan}
    NDArray weighted(NDArray density) {
        NDArray kept = computed.mask == null ? density : Np.where(computed.mask, density, 0.0);
        return computed.scale == null ? kept : kept.times(computed.scale);
    }

    /// {@return the distribution of a step}
    ///
    /// @param t from 0 to `length − 1`
    public Distribution step(int t) {
        return Pytree.withLeaves(steps, Pytree.leaves(steps).stream().map(x -> x.get(t)).toList());
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        PRNGKey[] keys = key.split(length);
        NDArray[] draws = new NDArray[length];
        for (int t = 0; t < length; t++) {
            draws[t] = step(t).sample(keys[t], sampleShape);
        }
        return Np.stack(List.of(draws), sampleShape.rank());
    }

    /// The density that the steps computed, masks and scales inside the scan included, or at other values that of the distributions alone.
    @Override
    public NDArray logProb(NDArray value) {
        if (value == computed.value) {
            return Validation.isOn() ? computed.checked : computed.unchecked;
        }
        return Functions.vmap((Distribution d, NDArray x) -> d.logProb(x)).apply(steps, value);
    }
}
