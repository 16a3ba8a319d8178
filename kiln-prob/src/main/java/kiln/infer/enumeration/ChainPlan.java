package kiln.infer.enumeration;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kiln.model.PlateFrame;

/// The elimination within a step of a chain, planned before any table is made.
///
/// @param placed    the chain
/// @param variables the variables of a step by number: those around the scan, then the sites by lag
/// @param base      number of the first site at lag 0
/// @param kept      the variables of the message that a step gives to the one before it
/// @param plates    plates of the message, by name
/// @param scopes    what the tables of a step depend on, the message that it gets last
/// @param plan      the order in which the sites at lag 0 are summed out
record ChainPlan(
        Chain.Placed placed,
        List<Variable> variables,
        int base,
        List<Integer> kept,
        Set<String> plates,
        List<Scope> scopes,
        Plan plan) {
    /// Cells of the largest table for all steps together: 1 GiB.
    private static final double WHOLE = 1 << 27;

    /// {@return the plan}
    ///
    /// @param around the variables around the scan and of the first steps
    /// @param own    the sites of one step as variables
    /// @param plates plates of the sites that reach a next step
    /// @throws kiln.model.HandlerException if the sites that go from step to step are not in the same plates
    static ChainPlan of(Chain.Placed placed, List<Variable> around, List<Variable> own, Set<String> plates) {
        int base = around.size();
        int n = own.size();
        List<Variable> variables = new ArrayList<>(around);
        for (int lag = 0; lag <= placed.chain().history(); lag++) {
            variables.addAll(own);
        }
        List<Integer> kept = placed.outer().stream().boxed().collect(Collectors.toCollection(ArrayList::new));
        placed.state().forEach(m -> kept.add(base + m));
        List<Scope> scopes = new ArrayList<>(placed.stepScopes(base));
        BitSet message = new BitSet();
        kept.forEach(v -> message.set(earlier(v, base, n)));
        scopes.add(new Scope(message, plates));
        BitSet keep = new BitSet();
        keep.set(0, base);
        keep.set(base + n, variables.size());
        Planner.Planned planned = Planner.plan(variables, scopes, keep);
        if (!planned.variables().equals(variables)) {
            throw DiscreteSite.crossedSteps(own.stream().map(Variable::site).toList());
        }
        return new ChainPlan(placed, variables, base, kept, plates, scopes, planned.plan());
    }

    /// {@return the number that a variable of a message has in the step that gets it: lag 1 in the one that gives it is lag 0 there}
    static int earlier(int v, int base, int sites) {
        return v < base ? v : v - sites;
    }

    /// {@return number of sites of a step}
    int sites() {
        return placed.chain().sites().size();
    }

    /// {@return number of steps behind the first ones, which are summed out one by one around the chain}
    int steps() {
        return placed.chain().scan().length() - placed.chain().history();
    }

    /// Refuses tables that are too large, a step's or those of all steps together.
    ///
    /// @param all   all plates
    /// @param limit cells of the largest table of a step
    void check(List<PlateFrame> all, double limit) {
        List<Scope> each = Planner.scopes(plan, scopes);
        for (Plan.Step step : plan.steps()) {
            if (step instanceof Plan.Sum s) {
                BitSet union = (BitSet) each.get(s.output()).variables().clone();
                union.set(s.variable());
                require(cells(union, each.get(s.output()).plates(), all), limit, "the table of a step");
            }
        }
        BitSet message = new BitSet();
        kept.forEach(message::set);
        require(cells(message, plates, all), limit, "the table of a step");
        for (Scope s : scopes.subList(0, scopes.size() - 1)) {
            require(cells(s.variables(), s.plates(), all) * steps(), WHOLE, "the tables of all steps");
        }
    }

    private double cells(BitSet union, Set<String> in, List<PlateFrame> all) {
        double cells = union.stream().mapToDouble(v -> variables.get(v).size()).reduce(1, (x, y) -> x * y);
        for (PlateFrame p : all) {
            cells *= in.contains(p.name()) ? p.subsampleSize() : 1;
        }
        return cells;
    }

    private void require(double cells, double limit, String what) {
        if (cells > limit) {
            String values = IntStream.range(base, base + sites())
                    .mapToObj(v -> "\"" + variables.get(v).site().name() + "\" " + (long) variables.get(v).size() + " values")
                    .collect(Collectors.joining(", "));
            Chain chain = placed.chain();
            throw DiscreteSite.longMemory(variables.get(base).site(),
                    chain.scan().length(),
                    chain.history() + (chain.history() == 1 ? " earlier one: " : " earlier ones: ") + values + ", " + cellsText(cells) + " cells in " + what,
                    limit);
        }
    }

    private static String cellsText(double cells) {
        return cells < 1e15 ? "" + (long) cells : "%.0e".formatted(cells);
    }
}
