package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.List;
import kiln.array.Diagnosis;
import kiln.infer.PosteriorDensity;

/// Explains in the user's terms why a chain could not start: which sites had no finite log density, at which values.
final class StartReport {
    private static final int MOST = 5;

    private StartReport() {}

    static Diagnosis of(PosteriorDensity target, Initialisation.Failed failed) {
        boolean value = failed.badValues() > 0;
        List<String> facts = new ArrayList<>();
        if (value) {
            facts.add("log density " + failed.lastLogDensity() + " at the last of them");
            facts.addAll(target.notFinite(failed.lastPosition()));
        } else {
            int[] bad = failed.badGradients();
            for (int i = 0; i < bad.length && facts.size() < MOST; i++) {
                if (bad[i] > 0) {
                    facts.add("d log density / d " + target.label(i) + " = " + failed.lastGradient()[i] + ", not finite in " + bad[i]
                            + " of " + failed.tries() + " tries");
                }
            }
        }
        String tries = failed.tries() == 1 ? "the place given by initParams" : failed.tries() + " places";
        return new Diagnosis(
                        "MCMC", "no place to start was found: the " + (value ? "log density" : "gradient") + " is not finite")
                .expected("a finite log density and gradient at one of " + tries)
                .got(String.join("\n", facts))
                .at(target.place(failed.lastPosition()))
                .fix(value
                        ? "check the data and the parameters of that site for values outside their domain, or start from known good"
                                + " values with initParams."
                        : "look for sqrt, log or a division at 0 in the model, or start from known good values with initParams.");
    }
}
