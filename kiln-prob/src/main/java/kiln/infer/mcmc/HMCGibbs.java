package kiln.infer.mcmc;

import java.util.Set;
import kiln.array.Diagnosis;
import kiln.array.UserCode;

/// Gibbs sampling by a function of the user in turn with Hamiltonian Monte Carlo of the other variables.
///
/// ```
/// new HMCGibbs(new NUTS(() -> model(y)), (rngKey, gibbsSites, hmcSites) -> Map.of("x", …), "x")
///
/// x ~ gibbsFn(key, x, q)          a draw of p(x | q, y), or a step that leaves it invariant
/// then one transition of the inner kernel in q, given x
/// ```
///
/// Worth it where some variables have a conditional distribution that is drawn from easily, and none that gradients get along with. The
/// function is part of the sampler: a run can only be resumed with the same one, which Kiln cannot check.
///
/// Source: Geman and Geman (1984) for Gibbs sampling; the interface is NumPyro's.
///
/// @param innerKernel the kernel of the other variables, with the target, which is a model
/// @param gibbsFn     draws the Gibbs sites
/// @param gibbsSites  their names; at least one
public record HMCGibbs(AdaptiveSampler<?> innerKernel, GibbsFunction gibbsFn, Set<String> gibbsSites) implements GibbsSampler {
    /// @throws IllegalArgumentException if no site is named
    public HMCGibbs {
        gibbsSites = Set.copyOf(gibbsSites);
        if (gibbsSites.isEmpty()) {
            throw new IllegalArgumentException(new Diagnosis("HMCGibbs", "no Gibbs site is named")
                    .expected("the names of the sites that gibbsFn draws")
                    .at(UserCode.line())
                    .fix("name them, or use the inner kernel alone.")
                    .message());
        }
    }

    /// The same with the names one by one.
    public HMCGibbs(AdaptiveSampler<?> innerKernel, GibbsFunction gibbsFn, String... gibbsSites) {
        this(innerKernel, gibbsFn, Set.of(gibbsSites));
    }
}
