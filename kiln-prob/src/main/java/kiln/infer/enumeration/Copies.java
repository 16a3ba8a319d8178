package kiln.infer.enumeration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import kiln.array.Diagnosis;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.func.Functions;
import kiln.graph.NamedAxes;
import kiln.model.HandlerException;
import kiln.model.Names;

/// Holds tables to the model itself where plates have copies: the tables assume that a copy sees the discrete sites of no other one.
///
/// @param factors the factors of the first tables
/// @param numbers number of the variable of each site that is in no chain
record Copies(
        List<DiscreteSite> sites,
        Eliminator eliminator,
        List<Table> tables,
        List<ChainElimination> chains,
        List<Factor> factors,
        Map<Integer, Integer> numbers) {
    /// The plate that stands for time.
    private static final int TIME = -1;

    /// Compares factors with tables at random values.
    ///
    /// @param run from values to factors
    /// @throws HandlerException if a factor differs from its table
    void check(Function<List<NDArray>, List<Factor>> run, PRNGKey key) {
        List<Variable> variables = eliminator.variables();
        PRNGKey[] keys = key.split(sites.size());
        Map<Integer, NDArray> index = new HashMap<>();
        Map<Integer, List<Integer>> where = new HashMap<>();
        Map<Integer, NDArray> values = new HashMap<>();
        numbers.forEach((site, v) -> {
            index.put(v, keys[site].randint(eliminator.copies(variables.get(v)), 0, (int) variables.get(v).size()));
            where.put(v, eliminator.plates(variables.get(v)));
            values.put(site, eliminator.value(v, Objects.requireNonNull(index.get(v))));
        });
        List<List<NDArray>> ofChains = new ArrayList<>();
        for (ChainElimination c : chains) {
            ofChains.add(steps(c, keys, values));
        }
        List<NDArray> all = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            all.add(Objects.requireNonNull(values.get(i)));
        }
        Map<String, Factor> found = new LinkedHashMap<>();
        run.apply(all).forEach(f -> found.putIfAbsent(f.name(), f));
        for (int f = 0; f < factors.size(); f++) {
            Factor at = found.get(factors.get(f).name());
            if (at != null) {
                NDArray direct = Table.of(at.plates(), List.of(), NamedAxes.Spread.same(at.density()), eliminator.plates(), _ -> 1).values();
                compare(factors.get(f), tables.get(f), tables.get(f).at(index, where).values(), direct, variables);
            }
        }
        for (int c = 0; c < chains.size(); c++) {
            check(chains.get(c).tables(), ofChains.get(c), index, where, found);
        }
    }

    /// Draws values for all steps of a chain.
    ///
    /// @param values receives them
    /// @return their numbers, `[steps] + plates`, in the order in which the steps run
    private static List<NDArray> steps(ChainElimination chain, PRNGKey[] keys, Map<Integer, NDArray> values) {
        ChainPlan plan = chain.tables().plan();
        Chain of = plan.placed().chain();
        Eliminator e = chain.tables().eliminator();
        List<NDArray> out = new ArrayList<>();
        for (int s = 0; s < plan.sites(); s++) {
            int v = plan.base() + s;
            Variable variable = plan.variables().get(v);
            Shape shape = Shape.of(of.scan().length()).then(e.copies(variable));
            NDArray numbers = keys[of.sites().get(s)].randint(shape, 0, (int) variable.size());
            NDArray made = Functions.<NDArray, NDArray>vmap(i -> e.value(v, i)).apply(numbers);
            values.put(of.sites().get(s), of.scan().reverse() ? Np.flip(made, 0) : made);
            out.add(numbers);
        }
        return out;
    }

    private void check(
            ChainTables chain,
            List<NDArray> numbers,
            Map<Integer, NDArray> around,
            Map<Integer, List<Integer>> whereAround,
            Map<String, Factor> found) {
        ChainPlan plan = chain.plan();
        int history = plan.placed().chain().history();
        int n = plan.sites();
        Map<Integer, NDArray> index = new HashMap<>(around);
        Map<Integer, List<Integer>> where = new HashMap<>(whereAround);
        for (int t = 0; t < history; t++) {
            for (int s = 0; s < n; s++) {
                int v = plan.placed().head().get(t * n + s);
                index.put(v, numbers.get(s).get(t));
                where.put(v, chain.eliminator().plates(plan.variables().get(v)));
            }
        }
        for (int v = plan.base(); v < plan.variables().size(); v++) {
            int lag = (v - plan.base()) / n;
            index.put(v, numbers.get((v - plan.base()) % n).get(Index.slice(history - lag, history - lag + plan.steps())));
            List<Integer> plates = new ArrayList<>(List.of(TIME));
            plates.addAll(chain.eliminator().plates(plan.variables().get(v)));
            where.put(v, plates);
        }
        List<Factor> writes = plan.placed().ofWrite();
        for (int w = 0; w < writes.size(); w++) {
            Factor at = found.get(writes.get(w).name());
            if (at == null) {
                continue;
            }
            int length = plan.placed().chain().scan().length();
            var spread = new NamedAxes.Spread(List.of(0), at.density());
            NDArray direct = Table.of(at.plates(), List.of(0), spread, eliminator.plates(), _ -> length).values();
            direct = plan.placed().chain().scan().reverse() ? Np.flip(direct, 0) : direct;
            for (int t = 0; t < history; t++) {
                Table first = chain.head().get(t * writes.size() + w);
                compare(writes.get(w), first, first.at(index, where).values(), direct.get(t), plan.variables());
            }
            Table others = timed(chain.tables().get(w), plan.steps());
            compare(writes.get(w), others, others.at(index, where).values(), direct.get(Index.slice(history, null)), plan.variables());
        }
    }

    /// {@return a table with an axis of time, repeated if it is the same in all steps}
    private static Table timed(Table t, int steps) {
        if (t.plates().contains(TIME)) {
            return t;
        }
        List<Integer> plates = new ArrayList<>(List.of(TIME));
        plates.addAll(t.plates());
        int at = t.variables().size();
        Shape shape = t.values().shape();
        Shape whole = shape.slice(0, at).then(Shape.of(steps)).then(shape.slice(at, shape.rank()));
        return new Table(t.variables(), plates, Np.broadcastTo(Np.expandDims(t.values(), at), whole));
    }

    private static void compare(Factor factor, Table table, NDArray looked, NDArray direct, List<Variable> variables) {
        NDArray same = Np.logicalOr(looked.eq(direct), Np.abs(looked.minus(direct)).le(Np.abs(direct).plus(1).times(1e-9)));
        if (!Np.all(Np.logicalOr(same, Np.isnan(direct))).isTrue()) {
            List<String> names = Eliminator.names(table, variables).stream().distinct().toList();
            throw new HandlerException(new Diagnosis(factor.label(), "a copy in a plate depends on the value of a discrete site in another copy of the plate")
                    .expected("copies that depend on their own values only: a plate says that they are independent")
                    .got("plates " + factor.plates() + ", discrete sites " + Names.list(names))
                    .at(factor.place())
                    .fix("take the site out of the plate, then its elements are summed out together; or write a chain as scan."));
        }
    }
}
