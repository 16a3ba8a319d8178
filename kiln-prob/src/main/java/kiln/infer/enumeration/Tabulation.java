package kiln.infer.enumeration;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.graph.Graph;
import kiln.graph.NamedAxes;
import kiln.graph.Node;
import kiln.graph.Provenance;
import kiln.graph.Tracer;
import kiln.model.PlateFrame;

/// Makes the tables of a traced run: finds what depends on which site, the chains among the sites, and the order of elimination, and
/// evaluates the factors for all values.
final class Tabulation {
    /// Cells of the largest table: 128 MiB.
    private static final double LIMIT = 1 << 24;

    private final List<DiscreteSite> sites;
    private final List<Factor> factors;
    private final Graph graph;
    private final List<NDArray> captured;
    /// The sites that each factor depends on.
    private final List<BitSet> needs;
    private final List<NDArray> zeros;
    private final List<Set<String>> local;
    private final List<PlateFrame> plates;
    private final List<Chain> chains;
    /// The sites of scans whose steps depend on too many earlier ones, with the number of steps.
    private final Map<Integer, Integer> endless;
    /// The sites of scans that something outside of the scan reads.
    private final BitSet readOutside;
    /// Number of the variable of each site that is in no chain.
    private final Map<Integer, Integer> numbers = new TreeMap<>();
    private final List<Variable> variables = new ArrayList<>();
    private final Planning planning;

    Tabulation(List<DiscreteSite> sites, List<Factor> factors, Tracer.Closure closure) {
        this.sites = sites;
        this.factors = factors;
        this.graph = Absorption.of(closure.graph());
        this.captured = closure.captured();
        this.needs = new ArrayList<>(provenance());
        Chain.Found found = Chain.of(graph, sites.size(), needs);
        this.chains = found.chains();
        this.endless = found.endless();
        this.readOutside = found.read();
        this.zeros = unread();
        this.local = locals();
        this.plates = plates();
        this.planning = planned();
    }

    /// {@return the sites that each factor depends on; what is captured depends on none}
    private List<BitSet> provenance() {
        List<BitSet> marks = Provenance.singles(graph.parameters().size());
        marks.subList(sites.size(), marks.size()).forEach(BitSet::clear);
        return Provenance.of(graph, marks);
    }

    /// The order of elimination.
    ///
    /// @param plain    numbers of the factors that are tables of their own
    /// @param ofChains the elimination within the steps of each chain
    /// @param planned  the elimination around them
    private record Planning(List<Integer> plain, List<ChainPlan> ofChains, Planner.Planned planned) {}

    private Planning planned() {
        BitSet chained = new BitSet();
        chains.forEach(c -> c.sites().forEach(chained::set));
        for (int i = 0; i < sites.size(); i++) {
            if (!chained.get(i)) {
                numbers.put(i, variables.size());
                variables.add(new Variable(sites.get(i), local.get(i)));
            }
        }
        List<Scope> scopes = new ArrayList<>();
        List<Integer> plain = new ArrayList<>();
        for (int f = 0; f < factors.size(); f++) {
            if (!needs.get(f).isEmpty() && !needs.get(f).intersects(chained)) {
                plain.add(f);
                scopes.add(new Scope(numbered(needs.get(f)), names(factors.get(f).plates())));
            }
        }
        List<Chain.Placed> placed = chains.stream().map(this::placed).toList();
        List<Set<String>> states = new ArrayList<>();
        for (Chain.Placed p : placed) {
            scopes.addAll(p.headScopes());
            Set<String> state = new LinkedHashSet<>();
            p.state().forEach(m -> state.addAll(local.get(p.chain().sites().get(m % p.chain().sites().size()))));
            p.outer().stream().forEach(v -> state.addAll(variables.get(v).plates()));
            states.add(Set.copyOf(state));
            scopes.add(p.scope(Set.copyOf(state)));
        }
        // The tables stand in this order: those of plain factors, the first steps of all chains, the chains.
        List<Scope> ordered = new ArrayList<>(scopes.subList(0, plain.size()));
        List<Scope> last = new ArrayList<>();
        int at = plain.size();
        for (Chain.Placed p : placed) {
            int heads = p.chain().history() * p.writes().size();
            ordered.addAll(scopes.subList(at, at + heads));
            last.add(scopes.get(at + heads));
            at += heads + 1;
        }
        ordered.addAll(last);
        Planner.Planned planned = Planner.plan(variables, ordered);
        List<ChainPlan> planOfChains = new ArrayList<>();
        for (int c = 0; c < placed.size(); c++) {
            planOfChains.add(plan(placed.get(c), planned.variables(), states.get(c)));
        }
        check(plain, ordered, planned);
        return new Planning(plain, planOfChains, planned);
    }

    /// {@return whether some sites have copies in plates that are summed out one by one}
    boolean hasCopies() {
        Set<String> repeated = plates.stream().filter(p -> p.subsampleSize() > 1).map(PlateFrame::name).collect(Collectors.toSet());
        return planning.planned().variables().stream().anyMatch(v -> v.plates().stream().anyMatch(repeated::contains))
                || planning.ofChains().stream().anyMatch(c -> c.variables().stream().anyMatch(v -> v.plates().stream().anyMatch(repeated::contains)));
    }

    private ChainPlan plan(Chain.Placed placed, List<Variable> summed, Set<String> state) {
        List<Integer> own = placed.chain().sites();
        if (placed.head().stream().anyMatch(v -> !summed.get(v).equals(variables.get(v)))) {
            throw DiscreteSite.crossedSteps(own.stream().map(sites::get).toList());
        }
        List<Variable> ofStep = own.stream().map(i -> new Variable(Chain.step(sites.get(i)), local.get(i))).toList();
        ChainPlan plan = ChainPlan.of(placed, summed, ofStep, state);
        plan.check(plates, LIMIT);
        return plan;
    }

    private BitSet numbered(BitSet needed) {
        BitSet out = new BitSet();
        needed.stream().filter(numbers::containsKey).forEach(i -> out.set(Objects.requireNonNull(numbers.get(i))));
        return out;
    }

    /// Gives the first steps of a chain their numbers.
    private Chain.Placed placed(Chain chain) {
        List<Integer> head = new ArrayList<>();
        for (int t = 0; t < chain.history(); t++) {
            for (int i : chain.sites()) {
                head.add(variables.size());
                variables.add(new Variable(Chain.step(sites.get(i)), local.get(i)));
            }
        }
        List<Integer> writes = new ArrayList<>();
        List<Factor> own = new ArrayList<>();
        BitSet outer = new BitSet();
        for (int f = 0; f < graph.outputs().size(); f++) {
            if (chain.sites().stream().anyMatch(needs.get(f)::get) && graph.outputs().get(f) instanceof Node.Result r) {
                writes.add(r.index());
                own.add(factors.get(f));
                outer.or(numbered(needs.get(f)));
            }
        }
        return new Chain.Placed(chain, writes, own, head, outer);
    }

    /// Evaluates the factors for all values.
    Enumeration run() {
        List<Integer> plain = planning.plain();
        List<ChainPlan> ofChains = planning.ofChains();
        List<Variable> summed = planning.planned().variables();
        List<NamedAxes.Spread> arguments = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            Integer v = numbers.get(i);
            DiscreteSite s = sites.get(i);
            arguments.add(v == null
                    ? NamedAxes.Spread.same(Np.broadcastTo(s.support().get(0), s.shape()))
                    : new NamedAxes.Spread(List.of(v), summed.get(v).values()));
        }
        captured.forEach(x -> arguments.add(NamedAxes.Spread.same(x)));
        List<Integer> free = IntStream.range(0, graph.outputs().size()).filter(f -> needs.get(f).isEmpty()).boxed().toList();
        List<Node> wanted = new ArrayList<>();
        free.forEach(f -> wanted.add(graph.outputs().get(f)));
        plain.stream().filter(f -> f < graph.outputs().size()).forEach(f -> wanted.add(graph.outputs().get(f)));
        ofChains.forEach(p -> wanted.addAll(p.placed().chain().operands()));
        List<NamedAxes.Spread> out =
                NamedAxes.call(new Graph(graph.parameters(), wanted), arguments, v -> (int) summed.get(v).size());
        int next = 0;
        SequencedMap<String, NDArray> alone = new LinkedHashMap<>();
        for (int f : free) {
            alone.merge(factors.get(f).name(), out.get(next++).values().sum(), NDArray::plus);
        }
        List<Table> tables = new ArrayList<>();
        int zero = 0;
        for (int f : plain) {
            NamedAxes.Spread x =
                    f < graph.outputs().size() ? out.get(next++) : NamedAxes.Spread.same(zeros.get(zero++));
            List<Integer> needed = numbered(needs.get(f)).stream().boxed().toList();
            tables.add(Table.of(factors.get(f).plates(), needed, x, plates, v -> (int) summed.get(v).size()));
        }
        List<ChainElimination> chained = new ArrayList<>();
        for (ChainPlan p : ofChains) {
            int operands = p.placed().chain().operands().size();
            ChainTables own = ChainTables.of(p, out.subList(next, next + operands), plates);
            next += operands;
            tables.addAll(own.head());
            chained.add(new ChainElimination(own));
        }
        return new Enumeration(
                sites,
                new Eliminator(summed, plates, planning.planned().plan()),
                tables,
                chained,
                alone,
                plain.stream().map(factors::get).toList(),
                numbers);
    }

    /// Gives every site on whose value nothing depends, not even its own density, a factor of zeros, so that it is summed out as well.
    ///
    /// @return the zeros
    private List<NDArray> unread() {
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
    private List<Set<String>> locals() {
        List<Set<String>> out = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            Set<String> local = new LinkedHashSet<>(names(sites.get(i).plates()));
            for (int f = 0; f < factors.size(); f++) {
                if (needs.get(f).get(i)) {
                    local.retainAll(names(factors.get(f).plates()));
                }
            }
            out.add(Set.copyOf(local));
        }
        return out;
    }

    /// The plates of all factors, from the left to the right.
    private List<PlateFrame> plates() {
        Map<String, PlateFrame> byName = new LinkedHashMap<>();
        factors.forEach(f -> f.plates().forEach(p -> byName.putIfAbsent(p.name(), p)));
        return byName.values().stream()
                .sorted(Comparator.comparingInt(PlateFrame::dim).thenComparing(PlateFrame::name))
                .toList();
    }

    // ---- sizes

    private void check(List<Integer> plain, List<Scope> scopes, Planner.Planned planned) {
        for (int f : plain) {
            double cells = factors.get(f).density().size();
            require(planned.variables(), numbered(needs.get(f)), cells, "the values that " + factors.get(f).label() + " depends on");
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
                require(planned.variables(), union, copies, "the sites that have to be summed out together");
            }
        }
    }

    private void require(List<Variable> variables, BitSet union, double copies, String what) {
        double cells = copies;
        for (int v : union.stream().toArray()) {
            cells *= variables.get(v).size();
        }
        if (cells > LIMIT && !union.isEmpty()) {
            for (Map.Entry<Integer, Integer> e : new TreeMap<>(endless).entrySet()) {
                Integer number = numbers.get(e.getKey());
                if (number != null && union.get(number)) {
                    throw DiscreteSite.longMemory(sites.get(e.getKey()), e.getValue(), Chain.endless(e.getValue()), LIMIT);
                }
            }
            List<DiscreteSite> own = union.stream().mapToObj(v -> variables.get(v).site()).toList();
            String product = union.stream()
                    .limit(6)
                    .mapToObj(v -> "\"" + variables.get(v).site().name() + "\" " + variables.get(v).site().values()
                            + (variables.get(v).together() == 1 ? "" : "^" + variables.get(v).together()))
                    .collect(Collectors.joining(" × "));
            String more = union.cardinality() > 6 ? " × … (" + union.cardinality() + " sites)" : "";
            boolean ofScan = numbers.entrySet().stream().anyMatch(e -> union.get(e.getValue()) && readOutside.get(e.getKey()));
            throw DiscreteSite.tooLarge(
                    own, what, product + more + (copies > 1 ? " × " + (long) copies + " copies" : ""), LIMIT, ofScan);
        }
    }
}
