package kiln.infer.program;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import kiln.array.Diagnosis;
import kiln.array.UserCode;
import kiln.model.Names;

/// A distribution over executions of a model, which may reach different sites.
public sealed interface ProgramPosterior permits WeightedExecutions, ProgramChains {
    /// {@return the executions}
    List<Execution> executions();

    /// {@return the probability of each execution; they sum to 1}
    double[] probabilities();

    /// {@return the mean of a quantity, `Σ probability · f(execution)`}
    ///
    /// @param f the quantity; finite
    default double expectation(ToDoubleFunction<Execution> f) {
        double[] p = probabilities();
        List<Execution> all = executions();
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            // An execution without weight may lie where the quantity is infinite.
            sum += p[i] == 0 ? 0 : p[i] * f.applyAsDouble(all.get(i));
        }
        return sum;
    }

    /// {@return the probability of an event}
    default double probability(Predicate<Execution> event) {
        return expectation(e -> event.test(e) ? 1 : 0);
    }

    /// {@return the distribution of a site over the executions}
    ///
    /// @throws IllegalArgumentException if no execution reached it
    default Marginal marginal(String site) {
        if (executions().stream().noneMatch(e -> e.contains(site))) {
            List<String> names = executions().stream().flatMap(e -> e.values().keySet().stream()).distinct().toList();
            throw new IllegalArgumentException(new Diagnosis("marginal", "no execution reached the site")
                    .expected("one of " + Names.list(names))
                    .got("\"" + site + "\"")
                    .at(UserCode.line())
                    .fix(Names.remedy(List.of(site), names, "name a site that is not observed") + ".")
                    .message());
        }
        return Marginal.of(site, executions(), probabilities());
    }
}
