package kiln.infer.mcmc;

import java.util.Set;
import kiln.array.PRNGKey;
import kiln.infer.Differentiation;
import kiln.infer.PosteriorDensity;
import kiln.model.Model;

/// What [MCMC] can run: a method whose chains move each on its own ([Sampler]), or all together ([EnsembleSampler]).
///
/// An implementation is an immutable record of settings; what moves is the [Chain] or the [Ensemble] it starts.
public sealed interface Kernel permits Sampler, EnsembleSampler {
    /// {@return what [MCMC] samples with it}
    Target target();

    /// {@return the name and every setting that changes the draws, except the target, in one line}
    ///
    /// A run can only be resumed by a kernel with the same description, so it must not contain anything that differs from process to
    /// process, such as the text of a lambda.
    String description();

    /// {@return whether a run with it asks for gradients; a model whose kernel does not needs none, and compiles none}
    ///
    /// Its chains start at uniform positions then, unless the run says otherwise: the default way to find a place goes uphill.
    default boolean usesGradient() {
        return true;
    }

    /// {@return the density of a model as this kernel samples it}
    ///
    /// @param key source of the run in which the random variables are found
    default PosteriorDensity density(Model model, PRNGKey key) {
        return PosteriorDensity.of(model, key, usesGradient() ? Differentiation.REVERSE : Differentiation.ON_DEMAND);
    }

    /// {@return what every run keeps of each draw, for the verdict on it: [Statistic#ENERGY] of a kernel that refreshes a momentum, and
    /// [Statistic#TREE_DEPTH] of one that grows trees, besides [Statistic#DIVERGING]}
    default Set<Statistic> reported() {
        return Set.of(Statistic.DIVERGING);
    }
}
