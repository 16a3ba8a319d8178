package kiln.infer.mcmc;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import kiln.array.Diagnosis;
import kiln.array.UserCode;
import kiln.model.Names;

/// What can be kept of every draw besides its position: NumPyro's extra fields.
public enum Statistic {
    /// `−L(q)` at the draw, in nats.
    POTENTIAL_ENERGY,
    /// The Hamiltonian at the draw, in nats; E-BFMI is computed from it.
    ENERGY,
    /// Mean acceptance statistic of the iteration, in [0, 1].
    ACCEPT_PROB,
    /// Mean acceptance probability, in [0, 1], of what a kernel around another one moves itself, see [Chain#gibbsAcceptProb].
    GIBBS_ACCEPT_PROB,
    /// Leapfrog steps of the iteration.
    NUM_STEPS,
    /// Depth of the tree of the iteration.
    TREE_DEPTH,
    /// 1 if the iteration diverged, 0 otherwise.
    DIVERGING,
    /// Step size of the iteration.
    STEP_SIZE;

    /// {@return the name of the field in NumPyro, such as `accept_prob`}
    public String fieldName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// {@return the statistic of NumPyro's name, such as `accept_prob` or `adapt_state.step_size`}
    ///
    /// @throws IllegalArgumentException if there is none
    static Statistic of(String name) {
        String field = name.replaceFirst("^adapt_state\\.", "");
        return Arrays.stream(values()).filter(s -> s.fieldName().equals(field)).findFirst()
                .orElseThrow(() -> {
                    List<String> known = Arrays.stream(values()).map(Statistic::fieldName).toList();
                    return new IllegalArgumentException(new Diagnosis("extraFields", "there is no such field")
                            .expected("z.site, ~z.site, or one of " + Names.list(known))
                            .got("\"" + name + "\"")
                            .at(UserCode.line())
                            .fix(Names.remedy(List.of(name), known, "leave the name out") + ".")
                            .message());
                });
    }

    /// {@return the value for the latest draw of a chain}
    double of(Chain chain) {
        return switch (this) {
            case POTENTIAL_ENERGY -> chain.potentialEnergy();
            case ENERGY -> chain.energy();
            case ACCEPT_PROB -> chain.acceptProb();
            case GIBBS_ACCEPT_PROB -> chain.gibbsAcceptProb();
            case NUM_STEPS -> chain.numSteps();
            case TREE_DEPTH -> chain.treeDepth();
            case DIVERGING -> chain.diverging() ? 1 : 0;
            case STEP_SIZE -> chain.stepSize();
        };
    }
}
