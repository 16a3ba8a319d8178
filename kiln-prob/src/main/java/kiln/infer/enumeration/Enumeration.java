package kiln.infer.enumeration;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.func.Functions;
import kiln.graph.NamedAxes;
import kiln.graph.Provenance;
import kiln.graph.Tracer;
import kiln.model.HandlerException;
import kiln.model.Names;
import kiln.model.PlateFrame;
import org.jspecify.annotations.Nullable;

/// A log joint density for all values of its discrete sites, and what follows from it by elimination: their sum, draws, the most
/// probable values.
///
/// ```
/// log Σ_z exp( Σ_f f(z) )
/// ```
///
/// The factors may be traced, so that the results can be differentiated and compiled.
public final class Enumeration {
    /// Cells of the largest table: 128 MiB.
    private static final double LIMIT = 1 << 24;

    private final List<DiscreteSite> sites;
    private final List<Variable> variables;
    private final List<PlateFrame> plates;
    private final Plan plan;
    private final List<Table> tables;
    private final SequencedMap<String, NDArray> free;
    /// The factors of the tables.
    private final List<Factor> factors;

    private Enumeration(
            List<DiscreteSite> sites,
            List<Variable> variables,
            List<PlateFrame> plates,
            Plan plan,
            List<Table> tables,
            SequencedMap<String, NDArray> free,
            List<Factor> factors) {
        this.sites = sites;
        this.variables = variables;
        this.plates = plates;
        this.plan = plan;
        this.tables = tables;
        this.free = free;
        this.factors = factors;
    }

    /// Runs a model for all values of its discrete sites.
    ///
    /// @param sites the discrete sites
    /// @param run   from one value of each site to the terms of the log joint; run once, on traced values
    /// @throws HandlerException if a table is too large
    public static Enumeration of(List<DiscreteSite> sites, Function<List<NDArray>, List<Factor>> run) {
        List<Factor> factors = new ArrayList<>();
        List<Aval> types = sites.stream().map(s -> new Aval(s.dtype(), s.shape())).toList();
        Tracer.Closure closure = Tracer.trace("enumeration", types, z -> {
            factors.addAll(run.apply(z));
            return factors.stream().map(Factor::density).toList();
        });
        int n = sites.size();
        List<BitSet> marks = new ArrayList<>();
        for (int i = 0; i < closure.graph().parameters().size(); i++) {
            BitSet own = new BitSet();
            own.set(i, i < n ? i + 1 : i);
            marks.add(own);
        }
        List<BitSet> needs = new ArrayList<>(Provenance.of(closure.graph(), marks));
        List<NDArray> none = unread(sites, factors, needs);
        List<Scope> scopes = new ArrayList<>();
        List<Variable> local = locals(sites, factors, needs);
        for (int f = 0; f < factors.size(); f++) {
            if (!needs.get(f).isEmpty()) {
                scopes.add(new Scope(needs.get(f), names(factors.get(f).plates())));
            }
        }
        Planner.Planned planned = Planner.plan(local, scopes);
        List<PlateFrame> plates = plates(factors);
        check(sites, factors, needs, scopes, planned, plates);
        List<NamedAxes.Spread> arguments = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            arguments.add(new NamedAxes.Spread(List.of(i), planned.variables().get(i).values()));
        }
        closure.captured().forEach(x -> arguments.add(NamedAxes.Spread.same(x)));
        List<NamedAxes.Spread> out =
                NamedAxes.call(closure.graph(), arguments, i -> (int) planned.variables().get(i).size());
        out = new ArrayList<>(out);
        none.stream().map(NamedAxes.Spread::same).forEach(out::add);
        List<Table> tables = new ArrayList<>();
        List<Factor> joint = new ArrayList<>();
        SequencedMap<String, NDArray> free = new LinkedHashMap<>();
        for (int f = 0; f < factors.size(); f++) {
            if (needs.get(f).isEmpty()) {
                free.merge(factors.get(f).name(), out.get(f).values().sum(), NDArray::plus);
            } else {
                tables.add(table(factors.get(f), needs.get(f), out.get(f), plates, planned.variables()));
                joint.add(factors.get(f));
            }
        }
        return new Enumeration(sites, planned.variables(), plates, planned.plan(), tables, free, joint);
    }

    /// Gives every site on whose value nothing depends, not even its own density, a factor of zeros, so that it is summed out as well.
    ///
    /// @return the zeros
    private static List<NDArray> unread(List<DiscreteSite> sites, List<Factor> factors, List<BitSet> needs) {
        List<NDArray> out = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            int site = i;
            if (needs.stream().noneMatch(n -> n.get(site))) {
                DiscreteSite s = sites.get(i);
                NDArray zeros = Np.zeros(s.batch().dims());
                factors.add(new Factor("values of " + s.name(), s.label(), s.place(), s.plates(), zeros));
                BitSet own = new BitSet();
                own.set(i);
                needs.add(own);
                out.add(zeros);
            }
        }
        return out;
    }

    private static Set<String> names(List<PlateFrame> plates) {
        return plates.stream().map(PlateFrame::name).collect(Collectors.toUnmodifiableSet());
    }

    /// A site is local in those of its plates in which everything lies that depends on it.
    private static List<Variable> locals(List<DiscreteSite> sites, List<Factor> factors, List<BitSet> needs) {
        List<Variable> out = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            Set<String> local = new LinkedHashSet<>(names(sites.get(i).plates()));
            for (int f = 0; f < factors.size(); f++) {
                if (needs.get(f).get(i)) {
                    local.retainAll(names(factors.get(f).plates()));
                }
            }
            out.add(new Variable(sites.get(i), Set.copyOf(local)));
        }
        return out;
    }

    /// The plates of all factors, from the left to the right.
    private static List<PlateFrame> plates(List<Factor> factors) {
        Map<String, PlateFrame> byName = new LinkedHashMap<>();
        factors.forEach(f -> f.plates().forEach(p -> byName.putIfAbsent(p.name(), p)));
        return byName.values().stream()
                .sorted(Comparator.comparingInt(PlateFrame::dim).thenComparing(PlateFrame::name))
                .toList();
    }

    // ---- sizes

    private static void check(
            List<DiscreteSite> sites,
            List<Factor> factors,
            List<BitSet> needs,
            List<Scope> scopes,
            Planner.Planned planned,
            List<PlateFrame> plates) {
        for (int f = 0; f < factors.size(); f++) {
            double cells = factors.get(f).density().size();
            require(sites, planned.variables(), needs.get(f), cells, "the values that " + factors.get(f).label() + " depends on");
        }
        List<Scope> all = Planner.scopes(planned.plan(), scopes);
        for (Plan.Step step : planned.plan().steps()) {
            if (step instanceof Plan.Sum s) {
                BitSet union = (BitSet) all.get(s.output()).variables().clone();
                union.set(s.variable());
                double copies = 1;
                for (PlateFrame p : plates) {
                    copies *= all.get(s.output()).plates().contains(p.name()) ? p.subsampleSize() : 1;
                }
                require(sites, planned.variables(), union, copies, "the sites that have to be summed out together");
            }
        }
    }

    private static void require(List<DiscreteSite> sites, List<Variable> variables, BitSet union, double copies, String what) {
        double cells = copies;
        for (int v : union.stream().toArray()) {
            cells *= variables.get(v).size();
        }
        if (cells > LIMIT && !union.isEmpty()) {
            List<DiscreteSite> own = union.stream().mapToObj(sites::get).toList();
            String product = union.stream()
                    .limit(6)
                    .mapToObj(v -> "\"" + sites.get(v).name() + "\" " + sites.get(v).values()
                            + (variables.get(v).together() == 1 ? "" : "^" + variables.get(v).together()))
                    .collect(Collectors.joining(" × "));
            String more = union.cardinality() > 6 ? " × … (" + union.cardinality() + " sites)" : "";
            throw DiscreteSite.tooLarge(
                    own, what, product + more + (copies > 1 ? " × " + (long) copies + " copies" : ""), LIMIT);
        }
    }

    // ---- tables

    private static Table table(
            Factor f, BitSet needs, NamedAxes.Spread spread, List<PlateFrame> plates, List<Variable> variables) {
        NDArray x = spread.values();
        int lead = spread.axes().size();
        int batch = x.rank() - lead;
        Map<Integer, Integer> plateOf = new HashMap<>();
        double scale = 1;
        for (PlateFrame p : f.plates()) {
            plateOf.put(batch + p.dim(), plates.stream().map(PlateFrame::name).toList().indexOf(p.name()));
            scale *= p.size() / (double) p.subsampleSize();
        }
        int[] others = IntStream.range(0, batch).filter(a -> !plateOf.containsKey(a)).map(a -> lead + a).toArray();
        x = others.length == 0 ? x : x.sum(others);
        List<Integer> order = IntStream.range(0, batch).filter(plateOf::containsKey).mapToObj(plateOf::get).toList();
        List<Integer> sorted = order.stream().sorted().toList();
        if (!order.equals(sorted)) {
            int[] permutation = IntStream.range(0, lead + order.size())
                    .map(a -> a < lead ? a : lead + order.indexOf(sorted.get(a - lead)))
                    .toArray();
            x = x.transpose(permutation);
        }
        // A factor that needs a site but comes out the same for all its values gets no axis; the plan expects one.
        List<Integer> needed = needs.stream().boxed().toList();
        if (!needed.equals(spread.axes())) {
            int[] dims = new int[needed.size() + sorted.size()];
            int[] full = new int[dims.length];
            for (int a = 0; a < dims.length; a++) {
                int at = a < needed.size() ? spread.axes().indexOf(needed.get(a)) : lead + a - needed.size();
                dims[a] = at < 0 ? 1 : x.size(at);
                full[a] = at < 0 ? (int) variables.get(needed.get(a)).size() : dims[a];
            }
            x = Np.broadcastTo(x.reshape(Shape.of(dims)), Shape.of(full));
        }
        return new Table(needed, sorted, scale == 1 ? x : x.div(scale));
    }

    /// {@return all tables of the plan}
    ///
    /// @param further a log factor for each variable, or none
    private List<Table> run(boolean max, List<Table> further) {
        List<Table> all = new ArrayList<>(tables);
        for (Plan.Step step : plan.steps()) {
            all.add(switch (step) {
                case Plan.Sum s -> {
                    Table joined = joined(s, all);
                    yield (further.isEmpty() ? joined : Table.sum(List.of(joined, further.get(s.variable())))).without(s.variable(), max);
                }
                case Plan.Product p -> {
                    Table t = all.get(p.input());
                    for (int k = plates.size() - 1; k >= 0; k--) {
                        PlateFrame plate = plates.get(k);
                        t = p.plates().contains(plate.name())
                                ? t.withoutPlate(k, plate.size() / (double) plate.subsampleSize())
                                : t;
                    }
                    yield t;
                }
            });
        }
        return all;
    }

    private static Table joined(Plan.Sum s, List<Table> all) {
        return Table.sum(s.inputs().stream().map(all::get).toList());
    }

    private NDArray total(List<Table> all) {
        NDArray sum = Np.scalar(0.0);
        for (int r : plan.results()) {
            sum = sum.plus(all.get(r).values());
        }
        return sum;
    }

    // ---- the assumption of plates

    /// Checks that copies in a plate do not depend on the values of discrete sites in other copies, at random values that differ from
    /// copy to copy.
    ///
    /// @param run from values to factors, as in [#of]; everything known
    /// @param key source of the values
    /// @throws HandlerException if a factor differs from its table
    public void verify(Function<List<NDArray>, List<Factor>> run, PRNGKey key) {
        PRNGKey[] keys = key.split(variables.size());
        Map<Integer, NDArray> index = new HashMap<>();
        Map<Integer, List<Integer>> where = new HashMap<>();
        List<NDArray> values = new ArrayList<>();
        for (int v = 0; v < variables.size(); v++) {
            List<Integer> own = plates(variables.get(v));
            int[] dims = own.stream().mapToInt(p -> plates.get(p).subsampleSize()).toArray();
            index.put(v, keys[v].randint(Shape.of(dims), 0, (int) variables.get(v).size()));
            where.put(v, own);
            values.add(value(v, index.get(v), own));
        }
        Map<String, Factor> found = new LinkedHashMap<>();
        run.apply(values).forEach(f -> found.putIfAbsent(f.name(), f));
        for (int f = 0; f < factors.size(); f++) {
            Factor factor = factors.get(f);
            Factor at = found.get(factor.name());
            if (at == null) {
                continue;
            }
            NDArray direct = table(at, new BitSet(), NamedAxes.Spread.same(at.density()), plates, variables).values();
            NDArray looked = tables.get(f).at(index, where).values();
            NDArray same = Np.logicalOr(looked.eq(direct), Np.abs(looked.minus(direct)).le(Np.abs(direct).plus(1).times(1e-9)));
            if (!Np.all(Np.logicalOr(same, Np.isnan(direct))).isTrue()) {
                throw dependent(factor, tables.get(f));
            }
        }
    }

    private HandlerException dependent(Factor f, Table t) {
        String names = Names.list(t.variables().stream().map(v -> sites.get(v).name()).toList());
        return new HandlerException(new Diagnosis(f.label(), "a copy in a plate depends on the value of a discrete site in another copy of the plate")
                .expected("copies that depend on their own values only: a plate says that they are independent")
                .got("plates " + f.plates() + ", discrete sites " + names)
                .at(f.place())
                .fix("take the site out of the plate, then its elements are summed out together; or write a chain as scan."));
    }

    private List<Integer> plates(Variable v) {
        return IntStream.range(0, plates.size()).filter(p -> v.plates().contains(plates.get(p).name())).boxed().toList();
    }

    private NDArray value(int v, NDArray index, List<Integer> own) {
        return variables.get(v).value(index, own.stream().map(p -> plates.get(p).name()).toList());
    }

    // ---- results

    /// {@return the terms of the log density with the discrete sites summed out: those of the sites that do not depend on them, and one
    /// for all others}
    public SequencedMap<String, NDArray> terms() {
        var out = new LinkedHashMap<>(free);
        out.put(sites.stream().map(DiscreteSite::name).collect(Collectors.joining(", ")), total(run(false, List.of())));
        return out;
    }

    /// {@return a draw of all discrete sites from their joint distribution given everything else}
    ///
    /// @param key source of the draw
    public SequencedMap<String, NDArray> sample(PRNGKey key) {
        return backwards(run(false, List.of()), key.split(variables.size()));
    }

    /// {@return the values of all discrete sites that are most probable together, given everything else}
    public SequencedMap<String, NDArray> mostProbable() {
        return backwards(run(true, List.of()), null);
    }

    private SequencedMap<String, NDArray> backwards(List<Table> all, PRNGKey @Nullable [] keys) {
        Map<Integer, NDArray> index = new HashMap<>();
        Map<Integer, List<Integer>> where = new HashMap<>();
        for (Plan.Step step : plan.steps().reversed()) {
            if (step instanceof Plan.Sum s) {
                Table t = joined(s, all).at(index, where);
                NDArray score = keys == null ? t.values() : t.values().plus(keys[s.variable()].gumbel(t.values().shape()));
                index.put(s.variable(), Np.argmax(score, 0));
                where.put(s.variable(), t.plates());
            }
        }
        var out = new LinkedHashMap<String, NDArray>();
        for (int v = 0; v < variables.size(); v++) {
            out.put(sites.get(v).name(), value(v, Objects.requireNonNull(index.get(v)), plates(variables.get(v))));
        }
        return out;
    }

    /// {@return the marginal probabilities of the values of each discrete site given everything else, `[values] + plates of the site`}
    ///
    /// Elements that are enumerated together have one probability for each combination of their values.
    public SequencedMap<String, NDArray> marginals() {
        List<NDArray> zeros = new ArrayList<>();
        List<List<Integer>> own = new ArrayList<>();
        for (Variable v : variables) {
            List<Integer> local = plates(v);
            int[] dims = new int[1 + local.size()];
            dims[0] = (int) v.size();
            for (int a = 0; a < local.size(); a++) {
                dims[1 + a] = plates.get(local.get(a)).subsampleSize();
            }
            own.add(local);
            zeros.add(Np.zeros(dims));
        }
        // d log Z / d (a further log factor of one variable) is the probability of its value.
        List<NDArray> gradient = Functions.<List<NDArray>>grad(further -> total(run(
                        false,
                        IntStream.range(0, variables.size()).mapToObj(v -> new Table(List.of(v), own.get(v), further.get(v))).toList())))
                .apply(zeros);
        var out = new LinkedHashMap<String, NDArray>();
        for (int v = 0; v < variables.size(); v++) {
            out.put(sites.get(v).name(), gradient.get(v));
        }
        return out;
    }
}
