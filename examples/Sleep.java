import module kiln;
import static kiln.array.PRNGKey.key;
import static kiln.func.Functions.grad;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;

// A model that branches in plain Java on what it has drawn: how long do I sleep, when I may feel lazy and ignore the alarm?
//
// Run as it stands, a model is only a Java method: it can be traced, conditioned on, and asked for the probability of an outcome. Its
// discrete choices can be enumerated, which answers questions exactly; sampling answers them for models that cannot.

void sleep() {
    if (sample("feeling_lazy", new Bernoulli(0.9)).isTrue()) {
        var ignoreAlarm = sample("ignore_alarm", new Bernoulli(0.8));
        sample("amount_slept", new Normal(ignoreAlarm.times(2).plus(8), 1));
    } else {
        sample("amount_slept", new Normal(6, 1));
    }
}

void histogram(String title, List<Double> values, double width) {
    IO.println("\n" + title + " (" + values.size() + " of 1000 traces)");
    var counts = new TreeMap<Double, Integer>();
    values.forEach(v -> counts.merge(Math.floor(v / width) * width, 1, Integer::sum));
    counts.forEach((from, n) -> IO.println("%6.1f %4d %s".formatted(from, n, "█".repeat((n + 5) / 10))));
}

void main() {
    IO.println("One run of the model:");
    IO.println(trace(this::sleep, seed(key(0))));

    var outcome = Map.of("feeling_lazy", 1, "ignore_alarm", 0, "amount_slept", 10);
    var conditioned = trace(this::sleep, condition(outcome));
    IO.println("\nJoint probability density of feeling lazy, not ignoring the alarm and sleeping 10 hours:");
    IO.println(conditioned);
    IO.println("p(1, 0, 10) = %.4f".formatted(Math.exp(conditioned.logProb().item())));

    // The tutorial prints 0.0303 here: its condition named a site that its model did not have, so that the hours were drawn
    // at random. Kiln refuses such a condition.
    try {
        trace(this::sleep, condition(Map.of("feeling_lazy", 1, "ignore_alarm", 0, "alarm_slept", 10)), seed(key(0)));
    } catch (HandlerException e) {
        IO.println("\nA condition on a site that does not exist:\n" + e.getMessage());
    }

    // All outcomes: the hours are integrated out, since nothing depends on them.
    var prior = new PathEnumeration(this::sleep).run();
    IO.println("\nAll joint assignments of the discrete variables:");
    for (int i = 0; i < prior.executions().size(); i++) {
        IO.println("  %.4f  %s".formatted(prior.probabilities()[i], prior.executions().get(i).values()));
    }
    IO.println("\nMarginal distributions, exactly:");
    IO.println(prior.marginal("feeling_lazy"));
    IO.println(prior.marginal("ignore_alarm"));
    IO.println("amount_slept, density per hour");
    for (double hours : new double[] {4, 6, 7.65, 8, 10, 12}) {
        IO.println("  %5.2f  %.6f".formatted(hours, density(hours)));
    }

    // The same from a thousand runs.
    var keys = key(1).split(1000);
    var columns = new LinkedHashMap<String, List<Double>>();
    for (var name : List.of("feeling_lazy", "ignore_alarm", "amount_slept")) {
        columns.put(name, new ArrayList<>());
    }
    IO.println("\n       feeling_lazy  ignore_alarm  amount_slept");
    for (int i = 0; i < keys.length; i++) {
        var run = trace(this::sleep, seed(keys[i]));
        columns.forEach((name, column) -> {
            if (run.contains(name)) {
                column.add(run.value(name).item());
            }
        });
        if (i < 5) {
            IO.println("%4d  %s".formatted(i, columns.keySet().stream()
                    .map(name -> run.contains(name) ? "%13.4f".formatted(run.value(name).item()) : " ".repeat(12) + "-")
                    .collect(Collectors.joining(" "))));
        }
    }
    histogram("feeling_lazy", columns.get("feeling_lazy"), 1);
    histogram("ignore_alarm", columns.get("ignore_alarm"), 1);
    histogram("amount_slept, hours", columns.get("amount_slept"), 0.5);

    conditional();
    learned();
}

/// The density of sleeping some hours: the evidence of that observation, summed over all that may have led to it.
double density(double hours) {
    return Math.exp(new PathEnumeration(slept(hours)).run().logEvidence());
}

Model slept(double hours) {
    return handle(this::sleep, condition(Map.of("amount_slept", hours)));
}

void conditional() {
    Predicate<Execution> lazy = e -> e.value("feeling_lazy").isTrue();
    var sixHours = slept(6);
    IO.println("\nP(lazy | slept 6 h)");
    IO.println("  exactly               %.6f".formatted(new PathEnumeration(sixHours).run().probability(lazy)));
    IO.println("  importance sampling   %.4f".formatted(new Importance(sixHours).numSamples(20_000).run(key(2)).probability(lazy)));
    IO.println("  Metropolis-Hastings   %.4f".formatted(new SingleSiteMH(sixHours).numSamples(5000).run(key(3)).probability(lazy)));
    IO.println("  SMC                   %.4f".formatted(new SMC(sixHours).numParticles(20_000).run(key(4)).probability(lazy)));
}

/// The tutorial's last question: the mean μ of Normal(μ, 1) that makes the value 5 most probable.
void learned() {
    Function<NDArray, NDArray> loss = mu -> new Normal(mu, 1).logProb(5).unaryMinus();
    NDArray mu = NDArray.as(1.0);
    IO.println("\nlog density of 5 at mu = 1: %.4f".formatted(-loss.apply(mu).item()));
    for (int i = 0; i < 1000; i++) {
        mu = mu.minus(grad(loss).apply(mu).times(0.01));
    }
    IO.println("mu after 1000 steps: %.4f, log density %.4f".formatted(mu.item(), -loss.apply(mu).item()));
}
