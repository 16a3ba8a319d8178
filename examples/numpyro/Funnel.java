import module kiln;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;

// Neal's funnel: the scale of nine variables is itself random (NumPyro's example `funnel`).
//
// Centred, the neck of the funnel is too narrow for any step size that suits its mouth, and the chains do not get into it. A handler
// decentres the same model without a change of its text.

void funnel() {
    var y = sample("y", new Normal(0, 3));
    sample("x", new Normal(0, exp(y.div(2))).expand(9).toEvent(1));
}

void main() {
    var keys = key(1).split();
    var centred = new MCMC(new NUTS(this::funnel)).run(keys[0]);
    var decentred = new MCMC(new NUTS(handle(this::funnel, reparam(Map.of("x", new LocScaleReparam(0)))))).run(keys[1]);
    IO.println("exact:     y   0.00 ± 3.00, 5%% of it below %.2f".formatted(3 * -1.6449));
    report("centred:  ", centred);
    report("decentred:", decentred);
}

void report(String title, Posterior posterior) {
    var y = posterior.samples("y");
    IO.println("%s y  %5.2f ± %.2f, 5%% of it below %.2f, divergences %d".formatted(title, y.mean().item(), std(y).item(),
            quantile(y, 0.05).item(), Arrays.stream(posterior.divergences()).sum()));
}
