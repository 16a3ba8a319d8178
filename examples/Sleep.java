import module kiln;
import static kiln.array.PRNGKey.key;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;

// A model that branches in plain Java on what it has drawn: how long do I sleep, when I may feel lazy and ignore the alarm?
//
// Run eagerly, a model is only a Java method: it can be traced, conditioned on, and asked for the probability of an outcome.

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

    // The marginal distributions, from a thousand runs.
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
}
