package kiln.posteriordb;

import java.util.List;

/// The posteriors of the set.
public final class Posteriordb {
    private static final List<Problem> ALL = List.of(
            new Problem("eight_schools-eight_schools_noncentered", 1, EightSchools::nonCentred),
            new Problem("eight_schools-eight_schools_centered", 1, EightSchools::centred),
            new Problem("kidiq-kidscore_momhsiq", 1, KidScore::additive),
            new Problem("kidiq-kidscore_interaction", 1, KidScore::interaction),
            new Problem("earnings-logearn_interaction", 0, Earnings::logarithmInteraction),
            new Problem("earnings-earn_height", 0, Earnings::height),
            new Problem("sblrc-blr", 1, LinearRegression::of),
            new Problem("nes1972-nes", 0, PartyIdentification::of),
            new Problem("mesquite-logmesquite_logvash", 0, Mesquite::of),
            new Problem("arK-arK", 1, Autoregression::of),
            new Problem("arma-arma11", 1, Arma::of),
            new Problem("garch-garch11", 0, Garch::of),
            new Problem("gp_pois_regr-gp_regr", 2, GaussianProcess::of),
            new Problem("low_dim_gauss_mix-low_dim_gauss_mix", 2, NormalMixture::of),
            new Problem("hmm_example-hmm_example", 0, HiddenMarkov::normal),
            new Problem("bball_drive_event_0-hmm_drive_0", 0, HiddenMarkov::drives),
            new Problem("diamonds-diamonds", 0, Diamonds::of),
            new Problem("one_comp_mm_elim_abs-one_comp_mm_elim_abs", 4, OneCompartment::of),
            new Problem("radon_mn-radon_hierarchical_intercept_noncentered", 2, Radon::of),
            new Problem("GLM_Poisson_Data-GLM_Poisson_model", 0, PoissonTrend::of),
            new Problem("irt_2pl-irt_2pl", 3, ItemResponse::of),
            new Problem("election88-election88_full", 0, Election88::of));

    private Posteriordb() {}

    /// {@return all posteriors that are written here}
    public static List<Problem> all() {
        return ALL;
    }

    /// {@return the posterior with a name}
    ///
    /// @param name posteriordb's name, data and model joined by a hyphen
    /// @throws IllegalArgumentException if there is none
    public static Problem named(String name) {
        return ALL.stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no posterior " + name + " among " + ALL.stream().map(Problem::name).toList()));
    }
}
