package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.UserCode;
import kiln.model.HandlerException;
import kiln.model.Names;

/// What a run keeps of the values of a draw: all sites, or what a function makes of them; which of that it leaves out, and which sites it keeps on the
/// unconstrained scale as well.
///
/// @param without       sites and deterministic sites that are not kept: `~z.site`
/// @param with          sites whose unconstrained values are kept as well: `z.site`
/// @param postprocessFn makes of the values of a draw what is kept in their place, see [MCMC#postprocessFn]
public record SiteFields(Set<String> without, Set<String> with, Optional<UnaryOperator<Map<String, NDArray>>> postprocessFn) {
    /// All sites, and none on the unconstrained scale.
    public static final SiteFields NONE = new SiteFields(Set.of(), Set.of(), Optional.empty());

    /// Copies the sets.
    public SiteFields {
        without = Set.copyOf(without);
        with = Set.copyOf(with);
    }

    /// These, and those that NumPyro's names of fields say.
    ///
    /// @param names such as `z.mu`, `~z.theta`; others are left alone
    SiteFields and(List<String> names) {
        Set<String> less = new HashSet<>(without);
        Set<String> more = new HashSet<>(with);
        for (String name : names) {
            if (name.startsWith("~z.")) {
                less.add(name.substring(3));
            } else if (name.startsWith("z.")) {
                more.add(name.substring(2));
            }
        }
        return new SiteFields(less, more, postprocessFn);
    }

    /// A copy with another [#postprocessFn()].
    SiteFields postprocessFn(UnaryOperator<Map<String, NDArray>> v) {
        return new SiteFields(without, with, Optional.of(v));
    }

    /// Refuses names that the model does not have, and to keep nothing.
    void check(Set<String> sites, Set<String> latent) {
        if (without.containsAll(sites)) {
            throw new HandlerException(new Diagnosis("extraFields", "no site is left to keep")
                    .expected("~z.site for some of the sites " + Names.list(sites))
                    .got("~z.site for all of them")
                    .at(UserCode.line()));
        }
        List<String> unknown = new ArrayList<>(without.stream().filter(n -> !sites.contains(n)).sorted().toList());
        unknown.addAll(with.stream().filter(n -> !latent.contains(n)).sorted().toList());
        if (!unknown.isEmpty()) {
            throw new HandlerException(new Diagnosis("extraFields", "the model has no such site")
                    .expected("z.site or ~z.site with a site among " + Names.list(new HashSet<>(sites).stream().sorted().toList()))
                    .got(Names.list(unknown))
                    .at(UserCode.line())
                    .fix(Names.remedy(unknown, sites, "leave the name out") + "."));
        }
    }
}
