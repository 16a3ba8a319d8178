package kiln.infer;

import java.util.function.Function;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.func.Functions;
import kiln.func.JVP;

/// How much of a normal prior is left beside a normal likelihood, by the ratio of their precisions `ρ = k scale²`.
///
/// ```
/// share = 1 / (1 + ρ),   root = √share,   log root = −½ log(1 + ρ)
/// d share = −share² dρ,   d root = −½ root share dρ,   d log root = −½ share dρ
/// ```
///
/// Their derivatives are stated because those by the rules of division, square root and logarithm divide three more times for each element, which was a third of
/// the time of a small model's gradient.
final class Shrinkage {
    private static final Function<NDArray, NDArray> SHARE = Functions.customJvp(
            ratio -> Np.divide(1, ratio.plus(1)), (ratio, d) -> new JVP<>(share(ratio), Np.square(share(ratio)).times(d).times(-1)));
    private static final Function<NDArray, NDArray> ROOT = Functions.customJvp(
            ratio -> Np.sqrt(Np.divide(1, ratio.plus(1))), (ratio, d) -> new JVP<>(root(ratio), root(ratio).times(share(ratio)).times(d).times(-0.5)));
    private static final Function<NDArray, NDArray> LOG_ROOT = Functions.customJvp(
            ratio -> Np.log(ratio.plus(1)).times(-0.5), (ratio, d) -> new JVP<>(logRoot(ratio), share(ratio).times(d).times(-0.5)));

    private Shrinkage() {}

    static NDArray share(NDArray ratio) {
        return SHARE.apply(ratio);
    }

    static NDArray root(NDArray ratio) {
        return ROOT.apply(ratio);
    }

    static NDArray logRoot(NDArray ratio) {
        return LOG_ROOT.apply(ratio);
    }
}
