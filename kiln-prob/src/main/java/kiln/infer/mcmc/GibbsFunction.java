package kiln.infer.mcmc;

import java.util.Map;
import kiln.array.NDArray;
import kiln.array.PRNGKey;

/// Draws some random variables of a model given the others, for [HMCGibbs].
@FunctionalInterface
public interface GibbsFunction {
    /// {@return new values of all Gibbs sites, each of its shape and inside its support}
    ///
    /// For the posterior to stay invariant they must be a draw given everything else, or a transition that leaves that conditional
    /// distribution invariant. It is called by several threads at a time and should depend on its arguments and the data only.
    ///
    /// @param rngKey     source of all its randomness, another one for every call
    /// @param gibbsSites present values of the Gibbs sites, by name
    /// @param hmcSites   present values of the other random variables and of the deterministic sites, by name
    Map<String, NDArray> sample(PRNGKey rngKey, Map<String, NDArray> gibbsSites, Map<String, NDArray> hmcSites);
}
