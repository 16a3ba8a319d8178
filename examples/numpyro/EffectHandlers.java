import module kiln;
import static kiln.array.Np.*;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;

// One model, asked in many ways: handlers change what its statements do (NumPyro's tutorial `effect_handlers`).
//
// Does a drug help? Those who are gravely ill take it more often and recover less often, so the patients who took it recover less often
// than the others, although it helps everybody who takes it. Observing that somebody took it is one thing, giving it another.

void clinic() {
    var grave = sample("grave", new Bernoulli(0.4));
    var drug = sample("drug", new Bernoulli(where(grave.gt(0), 0.8, 0.1)));
    var chance = where(grave.gt(0), 0.3, 0.8).plus(where(drug.gt(0), 0.1, 0.0));
    sample("recovered", new Bernoulli(chance));
}

double recovery(Model model) {
    return new PathEnumeration(model).run().probability(e -> e.value("recovered").isTrue());
}

void main() {
    // trace: what a run did. seed: draw with a key. substitute: take these values.
    var run = trace(this::clinic, substitute(Map.of("grave", 1, "drug", 0)), seed(0));
    IO.println("A patient who is gravely ill and does not get the drug recovers with probability %.2f".formatted(
            run.samples().get("recovered").distribution().mean().item()));

    // condition: an observation. doIntervene: an action, which says nothing about who is ill.
    for (int drug : new int[] {1, 0}) {
        var seen = handle(this::clinic, condition(Map.of("drug", drug)));
        var given = handle(this::clinic, doIntervene(Map.of("drug", drug)));
        IO.println("drug = %d: recovered among those observed with it %.4f, if everybody had it %.4f".formatted(drug, recovery(seen),
                recovery(given)));
    }

    // block: the rest of the world sees only what is not hidden.
    IO.println("Visible outside: " + trace(this::clinic, seed(0), block(m -> m.name().equals("grave"))).sites().keySet());

    // replay and mask: the same patient again, and the log density without the drug's statement.
    var again = trace(this::clinic, replay(run), seed(1));
    IO.println("Replayed: grave %.0f, drug %.0f".formatted(again.value("grave").item(), again.value("drug").item()));
    IO.println("log joint %.4f, masked %.4f".formatted(run.logProb().item(), trace(this::clinic, mask(false), replay(run)).logProb().item()));

    // scope: the same model twice in one.
    Model two = () -> {
        handle(this::clinic, scope("north")).run();
        handle(this::clinic, scope("south")).run();
    };
    IO.println("Sites of two clinics: " + trace(two, seed(2)).samples().keySet());
}
