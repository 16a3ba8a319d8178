package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kiln.array.Diagnosis;
import kiln.array.UserCode;
import kiln.model.HandlerException;
import kiln.model.Names;

/// Which sites a run leaves out, and which it keeps on the unconstrained scale as well.
///
/// @param without sites and deterministic sites that are not kept: `~z.site`
/// @param with    sites whose unconstrained values are kept as well: `z.site`
public record SiteFields(Set<String> without, Set<String> with) {
    /// All sites, and none on the unconstrained scale.
    public static final SiteFields NONE = new SiteFields(Set.of(), Set.of());

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
        return new SiteFields(less, more);
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
