package kiln.infer.enumeration;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Finds the order in which variables are summed out: those in the most plates first, among them always one whose table is smallest.
///
/// Source: Obermeyer et al., *Tensor Variable Elimination for Plated Factor Graphs* (2019), algorithm 1.
final class Planner {
    private final List<Variable> variables;
    private final List<Scope> tables;
    private final List<Plan.Step> steps = new ArrayList<>();
    private final List<Integer> results = new ArrayList<>();
    /// Tables that are still to be multiplied, by their plates.
    private final Map<Set<String>, Set<Integer>> open = new LinkedHashMap<>();
    private final BitSet left = new BitSet();

    /// A factor joins variables of crossed plates, so that neither can be summed out copy by copy.
    ///
    /// @param variables the variables
    record Crossed(List<Integer> variables) {}

    private Planner(List<Variable> variables, List<Scope> factors, BitSet kept) {
        this.variables = variables;
        this.tables = new ArrayList<>(factors);
        for (int i = 0; i < factors.size(); i++) {
            open(i);
        }
        left.set(0, variables.size());
        left.andNot(kept);
    }

    /// A plan with the variables as it needs them.
    ///
    /// @param plan      the order
    /// @param variables the variables, some of them local in fewer plates
    record Planned(Plan plan, List<Variable> variables) {}

    /// {@return the order for all variables, see [#plan(List, List, BitSet)]}
    static Planned plan(List<Variable> variables, List<Scope> factors) {
        return plan(variables, factors, new BitSet());
    }

    /// {@return the order for some factors; where plates cross, the copies of a variable are enumerated together, of the one that
    /// gets the fewest values by it}
    ///
    /// @param kept variables that are not summed out: the results still have them
    static Planned plan(List<Variable> variables, List<Scope> factors, BitSet kept) {
        List<Variable> current = new ArrayList<>(variables);
        while (true) {
            var planner = new Planner(current, factors, kept);
            Optional<Crossed> crossed = planner.run();
            if (crossed.isEmpty()) {
                return new Planned(new Plan(List.copyOf(planner.steps), List.copyOf(planner.results)), List.copyOf(current));
            }
            int best = -1;
            Variable together = null;
            for (int v : crossed.get().variables()) {
                for (String plate : new TreeSet<>(current.get(v).plates())) {
                    Variable candidate = current.get(v).without(plate);
                    if (together == null || candidate.size() < together.size()) {
                        best = v;
                        together = candidate;
                    }
                }
            }
            current.set(best, Objects.requireNonNull(together));
        }
    }

    private void open(int table) {
        open.computeIfAbsent(tables.get(table).plates(), _ -> new LinkedHashSet<>()).add(table);
    }

    private Optional<Crossed> run() {
        while (!open.isEmpty()) {
            Set<String> leaf = open.keySet().iterator().next();
            for (Set<String> plates : open.keySet()) {
                leaf = plates.size() > leaf.size() ? plates : leaf;
            }
            Set<Integer> inside = Objects.requireNonNull(open.remove(leaf));
            sumOut(leaf, inside);
            for (int table : inside) {
                Set<String> outer = new LinkedHashSet<>();
                List<Integer> rest = tables.get(table).variables().stream().boxed().toList();
                rest.forEach(v -> outer.addAll(variables.get(v).plates()));
                if (leaf.isEmpty() || (outer.equals(leaf) && rest.stream().noneMatch(left::get))) {
                    results.add(table);
                } else if (outer.equals(leaf)) {
                    return Optional.of(new Crossed(rest));
                } else {
                    Set<String> lost = new LinkedHashSet<>(leaf);
                    lost.removeAll(outer);
                    int made = add(new Scope(tables.get(table).variables(), Set.copyOf(outer)));
                    steps.add(new Plan.Product(table, Set.copyOf(lost), made));
                    open(made);
                }
            }
        }
        return Optional.empty();
    }

    /// Sums out all variables that are local in exactly these plates.
    private void sumOut(Set<String> leaf, Set<Integer> inside) {
        BitSet local = new BitSet();
        List<Set<Integer>> having = new ArrayList<>();
        variables.forEach(_ -> having.add(new LinkedHashSet<>()));
        for (int table : inside) {
            tables.get(table).variables().stream().filter(v -> left.get(v) && variables.get(v).plates().equals(leaf)).forEach(v -> {
                having.get(v).add(table);
                local.set(v);
            });
        }
        double[] costs = new double[variables.size()];
        local.stream().forEach(v -> costs[v] = cost(having.get(v)));
        while (!local.isEmpty()) {
            int best = local.nextSetBit(0);
            for (int v = best; v >= 0; v = local.nextSetBit(v + 1)) {
                best = costs[v] < costs[best] - 1e-9 ? v : best;
            }
            local.clear(best);
            left.clear(best);
            Set<Integer> inputs = having.get(best);
            BitSet union = new BitSet();
            inputs.forEach(t -> union.or(tables.get(t).variables()));
            union.clear(best);
            int made = add(new Scope(union, leaf));
            steps.add(new Plan.Sum(best, List.copyOf(inputs), made));
            inside.removeAll(inputs);
            inside.add(made);
            union.stream().filter(local::get).forEach(v -> {
                having.get(v).removeAll(inputs);
                having.get(v).add(made);
                costs[v] = cost(having.get(v));
            });
        }
    }

    private int add(Scope scope) {
        tables.add(scope);
        return tables.size() - 1;
    }

    /// Logarithm of the size of the table that some tables make together.
    private double cost(Set<Integer> inputs) {
        BitSet union = new BitSet();
        inputs.forEach(t -> union.or(tables.get(t).variables()));
        return union.stream().mapToDouble(v -> Math.log(variables.get(v).size())).sum();
    }

    /// {@return what the tables of a plan depend on, the given ones first}
    static List<Scope> scopes(Plan plan, List<Scope> factors) {
        List<Scope> all = new ArrayList<>(factors);
        for (Plan.Step step : plan.steps()) {
            switch (step) {
                case Plan.Sum s -> {
                    BitSet union = new BitSet();
                    s.inputs().forEach(t -> union.or(all.get(t).variables()));
                    union.clear(s.variable());
                    all.add(new Scope(union, all.get(s.inputs().getFirst()).plates()));
                }
                case Plan.Product p -> {
                    Set<String> rest = new LinkedHashSet<>(all.get(p.input()).plates());
                    rest.removeAll(p.plates());
                    all.add(new Scope(all.get(p.input()).variables(), Set.copyOf(rest)));
                }
            }
        }
        return all;
    }
}
