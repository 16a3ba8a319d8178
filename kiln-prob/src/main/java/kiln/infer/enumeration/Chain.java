package kiln.infer.enumeration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.func.Carried;
import kiln.func.Control;
import kiln.graph.Graph;
import kiln.graph.NamedAxes;
import kiln.graph.NamedAxes.Spread;
import kiln.graph.Node;
import kiln.graph.Provenance;
import kiln.graph.Tracer;
import kiln.model.PlateFrame;
import kiln.op.Scan;
import org.jspecify.annotations.Nullable;

/// The discrete sites of a scan, summed out step by step from the last to the first.
///
/// ```
/// β[t−1](z[t−1], …) = log Σ over z[t] of exp( Σ factors of step t (z[t], z[t−1], …) + β[t](z[t], …) )
/// ```
///
/// A step depends on the sites of at most [#history] earlier steps: the carry forgets what lies before. The first `history` steps are
/// sites of their own in the elimination around the chain; the chain is one factor of theirs. The factors of all other steps are
/// computed at once, along an axis of time, so that T steps of k values cost `O(T k²)` for a history of 1.
final class Chain {
    /// The longest history that is looked for.
    private static final int MOST = 4;

    private final Node.Call call;
    private final Scan scan;
    private final List<Integer> sites;
    private final List<Integer> reads;
    private final int history;
    /// Which carries depend on the sites.
    private final BitSet carried;

    private Chain(Node.Call call, Scan scan, List<Integer> sites, List<Integer> reads, int history, BitSet carried) {
        this.call = call;
        this.scan = scan;
        this.sites = sites;
        this.reads = reads;
        this.history = history;
        this.carried = carried;
    }

    // ---- which sites

    /// {@return the chains of a run}
    ///
    /// @param graph from the values of the sites to the factors
    /// @param n     number of sites
    /// @param needs the sites that each factor depends on
    static List<Chain> of(Graph graph, int n, List<BitSet> needs) {
        Map<Node.Call, Map<Integer, Integer>> candidates = new LinkedHashMap<>();
        BitSet used = new BitSet();
        BitSet elsewhere = new BitSet();
        Set<Node.Call> seen = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            if (node instanceof Node.Result r && !seen.add(r.call())) {
                continue;
            }
            List<Node> operands = node.operands();
            for (int k = 0; k < operands.size(); k++) {
                if (!(operands.get(k) instanceof Node.Parameter p) || p.index() >= n) {
                    continue;
                }
                boolean isRead = node instanceof Node.Result r && r.call().op() instanceof Scan s && k >= s.carries() && k < s.carries() + s.reads();
                if (isRead && !used.get(p.index()) && node instanceof Node.Result r) {
                    used.set(p.index());
                    candidates.computeIfAbsent(r.call(), _ -> new LinkedHashMap<>()).put(p.index(), k);
                } else {
                    elsewhere.set(p.index());
                }
            }
        }
        List<Chain> out = new ArrayList<>();
        candidates.forEach((call, reads) -> {
            reads.keySet().removeIf(i -> elsewhere.get(i));
            for (int f = 0; f < needs.size(); f++) {
                Node output = graph.outputs().get(f);
                if (!(output instanceof Node.Result r && r.call() == call && r.index() >= ((Scan) call.op()).carries())) {
                    BitSet needed = needs.get(f);
                    reads.keySet().removeIf(needed::get);
                }
            }
            Chain chain = reads.isEmpty() ? null : found(call, reads);
            if (chain != null && chain.history < chain.scan.length()) {
                out.add(chain);
            }
        });
        return out;
    }

    private static @Nullable Chain found(Node.Call call, Map<Integer, Integer> reads) {
        Scan scan = (Scan) call.op();
        List<Integer> sites = List.copyOf(reads.keySet());
        List<Integer> at = List.copyOf(reads.values());
        List<BitSet> carry = new ArrayList<>();
        IntStream.range(0, scan.carries()).forEach(_ -> carry.add(new BitSet()));
        BitSet carried = new BitSet();
        for (int t = 0; t <= MOST; t++) {
            List<BitSet> out = Provenance.of(scan.body(), marks(scan, at, carry)).subList(0, scan.carries());
            List<BitSet> next = out.stream().map(m -> shifted(m, sites.size())).toList();
            if (next.equals(carry)) {
                return new Chain(call, scan, sites, at, t, carried);
            }
            for (int k = 0; k < next.size(); k++) {
                carry.set(k, next.get(k));
                carried.set(k, carried.get(k) || !next.get(k).isEmpty());
            }
        }
        return null;
    }

    /// Site `s` at lag `l` is mark `l · sites + s`.
    private static List<BitSet> marks(Scan scan, List<Integer> reads, List<BitSet> carry) {
        List<BitSet> marks = new ArrayList<>(carry);
        for (int k = scan.carries(); k < scan.body().parameters().size(); k++) {
            BitSet own = new BitSet();
            if (reads.contains(k)) {
                own.set(reads.indexOf(k));
            }
            marks.add(own);
        }
        return marks;
    }

    private static BitSet shifted(BitSet marks, int by) {
        BitSet out = new BitSet();
        marks.stream().forEach(m -> out.set(m + by));
        return out;
    }

    /// {@return the numbers of its sites}
    List<Integer> sites() {
        return sites;
    }

    /// {@return on how many earlier steps a step depends}
    int history() {
        return history;
    }

    /// {@return the operands of the scan, of which the chain needs the values}
    List<Node> operands() {
        return call.results().isEmpty() ? List.of() : call.results().getFirst().operands();
    }

    /// {@return a site of one step}
    static DiscreteSite step(DiscreteSite s) {
        return new DiscreteSite(
                s.name(), s.label(), s.place(), s.batch().slice(1, s.batch().rank()), s.shape().slice(1, s.shape().rank()), s.plates(), s.support());
    }

    /// {@return the variables of a step at lag 0, 1, … that the factors of a step may depend on besides those outside}
    private BitSet reached(List<Integer> writes) {
        List<BitSet> carry = new ArrayList<>();
        IntStream.range(0, scan.carries()).forEach(_ -> carry.add(new BitSet()));
        List<BitSet> out = List.of();
        for (int t = 0; t <= history; t++) {
            out = Provenance.of(scan.body(), marks(scan, reads, carry));
            for (int k = 0; k < scan.carries(); k++) {
                carry.set(k, t < history ? shifted(out.get(k), sites.size()) : carry.get(k));
            }
        }
        BitSet all = new BitSet();
        for (int w : writes) {
            all.or(out.get(w));
        }
        return all;
    }

    // ---- in the elimination around it

    /// The chain with the numbers that its sites have around it.
    ///
    /// @param chain  the chain
    /// @param writes the results of the body that are factors with these sites
    /// @param ofWrite the factor of each
    /// @param head   number of the variable of site `s` in step `t < history`, at `t · sites + s`
    /// @param outer  numbers of the variables around the scan that its factors depend on
    record Placed(Chain chain, List<Integer> writes, List<Factor> ofWrite, List<Integer> head, BitSet outer) {
        /// {@return the factors of the first steps: what each depends on}
        List<Scope> headScopes() {
            List<Scope> out = new ArrayList<>();
            Chain c = chain;
            List<BitSet> carry = new ArrayList<>();
            IntStream.range(0, c.scan.carries()).forEach(_ -> carry.add(new BitSet()));
            for (int t = 0; t < c.history; t++) {
                int step = t;
                List<BitSet> marks = Provenance.of(c.scan.body(), marks(c.scan, c.reads, carry));
                for (int w = 0; w < writes.size(); w++) {
                    BitSet variables = (BitSet) outer.clone();
                    marks.get(writes.get(w)).stream().forEach(m -> variables.set(head.get((step - m / c.sites.size()) * c.sites.size() + m % c.sites.size())));
                    out.add(new Scope(variables, ofWrite.get(w).plates().stream().map(PlateFrame::name).collect(Collectors.toUnmodifiableSet())));
                }
                for (int k = 0; k < c.scan.carries(); k++) {
                    carry.set(k, shifted(marks.get(k), c.sites.size()));
                }
            }
            return out;
        }

        /// {@return what the chain as one factor depends on}
        ///
        /// @param plates plates of the sites that reach a next step
        Scope scope(Set<String> plates) {
            BitSet variables = (BitSet) outer.clone();
            state().forEach(m -> variables.set(headOf(m)));
            return new Scope(variables, plates);
        }

        /// {@return the marks of what a step needs of earlier ones}
        List<Integer> state() {
            int n = chain.sites.size();
            SortedSet<Integer> out = new TreeSet<>();
            // What a step needs at lag l, the step before needs at lag l − 1.
            chain.reached(writes).stream().forEach(m -> {
                for (int k = m; k >= n; k -= n) {
                    out.add(k);
                }
            });
            return List.copyOf(out);
        }

        private int headOf(int mark) {
            int n = chain.sites.size();
            return head.get((chain.history - mark / n) * n + mark % n);
        }
    }

    // ---- the tables

    /// The tables of a chain.
    ///
    /// @param placed     the chain
    /// @param head       the factors of the first steps
    /// @param tables     the factors of the other steps; a table that differs from step to step has plate −1 for the time
    /// @param variables  the variables of a step by number: those around the scan, then the sites by lag
    /// @param eliminator the elimination within a step
    /// @param plates     plates of the chain as one factor, as numbers
    /// @param steps      number of the other steps
    record Tables(
            Placed placed,
            List<Table> head,
            List<Table> tables,
            List<Variable> variables,
            Eliminator eliminator,
            List<Integer> plates,
            int steps) {}

    /// {@return the tables}
    ///
    /// @param operands values of the operands of the scan; those of the sites do not matter
    /// @param around   the variables around the scan and of the first steps
    /// @param own      the sites of one step as variables
    /// @param plates   all plates
    Tables tables(Placed placed, List<Spread> operands, List<Variable> around, List<Variable> own, List<PlateFrame> plates, Set<String> local) {
        int base = around.size();
        int n = sites.size();
        int time = base + (history + 1) * n;
        int rest = scan.length() - history;
        IntUnaryOperator length = axis -> axis == time ? scan.length() : (int) (axis < base ? around.get(axis) : own.get((axis - base) % n)).size();
        List<Spread> in = new ArrayList<>(operands);
        if (scan.reverse()) {
            for (int k = scan.carries(); k < scan.carries() + scan.reads(); k++) {
                in.set(k, new Spread(in.get(k).axes(), Np.flip(in.get(k).values(), in.get(k).axes().size())));
            }
        }
        Map<Integer, Spread> states = states(in, length);
        List<Integer> carries = IntStream.range(0, scan.carries()).boxed().toList();
        List<Integer> wanted = new ArrayList<>(carries);
        wanted.addAll(placed.writes());

        List<Table> head = new ArrayList<>();
        List<Scope> scopes = placed.headScopes();
        List<Spread> carry = new ArrayList<>(in.subList(0, scan.carries()));
        for (int t = 0; t < history; t++) {
            int step = t;
            states.forEach((k, all) -> carry.set(k, at(all, step)));
            List<Spread> out = body(wanted, arguments(in, carry, s -> {
                int v = placed.head().get(step * n + s);
                return new Spread(List.of(v), around.get(v).values());
            }, x -> at(x, step)), length);
            for (int k : carries) {
                carry.set(k, out.get(k));
            }
            for (int w = 0; w < placed.writes().size(); w++) {
                List<Integer> needed = scopes.get(head.size()).variables().stream().boxed().toList();
                head.add(Table.of(placed.ofWrite().get(w).plates(), needed, out.get(scan.carries() + w), plates, v -> (int) around.get(v).size()));
            }
        }

        // What a step finds in its carry: the last `history` steps run through, for all times at once. What lies before is forgotten.
        List<Spread> window = new ArrayList<>(in.subList(0, scan.carries()));
        IntUnaryOperator inner = axis -> axis == time ? rest : length.applyAsInt(axis);
        List<Spread> out = List.of();
        for (int lag = history; lag >= 0; lag--) {
            int from = history - lag;
            int l = lag;
            states.forEach((k, all) -> window.set(k, between(all, from, from + rest, time)));
            out = body(lag > 0 ? carries : wanted, arguments(in, window, s -> new Spread(List.of(base + l * n + s), own.get(s).values()),
                    x -> between(x, from, from + rest, time)), inner);
            for (int k : carries) {
                window.set(k, out.get(k));
            }
        }
        List<Table> tables = new ArrayList<>();
        for (int w = 0; w < placed.writes().size(); w++) {
            Spread x = out.get(scan.carries() + w);
            Table t = Table.of(placed.ofWrite().get(w).plates(), x.axes(), x, plates, inner);
            if (x.axes().contains(time)) {
                List<Integer> withTime = new ArrayList<>(List.of(-1));
                withTime.addAll(t.plates());
                t = new Table(x.axes().subList(0, x.axes().size() - 1), withTime, t.values());
            }
            tables.add(t);
        }
        List<Variable> variables = new ArrayList<>(around);
        for (int lag = 0; lag <= history; lag++) {
            variables.addAll(own);
        }
        List<Integer> kept = placed.outer().stream().boxed().collect(Collectors.toCollection(ArrayList::new));
        placed.state().forEach(m -> kept.add(base + m));
        List<Integer> numbers = IntStream.range(0, plates.size()).filter(p -> local.contains(plates.get(p).name())).boxed().toList();
        List<Scope> inStep = new ArrayList<>();
        tables.forEach(t -> inStep.add(scope(t.variables(), t.plates(), plates)));
        inStep.add(scope(next(kept, base, n), numbers, plates));
        BitSet keep = new BitSet();
        keep.set(0, base);
        keep.set(base + n, variables.size());
        Planner.Planned planned = Planner.plan(variables, inStep, keep);
        if (!planned.variables().equals(variables)) {
            throw DiscreteSite.crossedSteps(own.getFirst().site(), local);
        }
        return new Tables(placed, head, tables, variables, new Eliminator(variables, plates, planned.plan()), numbers, rest);
    }

    private static Scope scope(List<Integer> variables, List<Integer> plates, List<PlateFrame> all) {
        BitSet v = new BitSet();
        variables.forEach(v::set);
        return new Scope(v, plates.stream().filter(p -> p >= 0).map(p -> all.get(p).name()).collect(Collectors.toUnmodifiableSet()));
    }

    /// The variables of a message as the step before sees them: lag 1 there is lag 0 here.
    private static List<Integer> next(List<Integer> kept, int base, int n) {
        return kept.stream().map(v -> v < base ? v : v - n).sorted().toList();
    }

    /// The carries that do not depend on the sites, as every step finds them: `[length] + shape`.
    private Map<Integer, Spread> states(List<Spread> in, IntUnaryOperator length) {
        List<Integer> free = IntStream.range(0, scan.carries()).filter(k -> !carried.get(k)).boxed().toList();
        Map<Integer, Spread> out = new HashMap<>();
        if (free.isEmpty()) {
            return out;
        }
        List<Integer> taken = new ArrayList<>(free);
        IntStream.range(scan.carries(), in.size()).filter(k -> !reads.contains(k)).forEach(taken::add);
        List<Node.Parameter> all = scan.body().parameters();
        Graph step = Tracer.build(taken.stream().map(k -> all.get(k).aval()).toList(), x -> {
                    @Nullable NDArray[] arguments = new @Nullable NDArray[all.size()];
                    for (int i = 0; i < taken.size(); i++) {
                        arguments[taken.get(i)] = x.get(i);
                    }
                    List<Node> picked = free.stream().map(k -> scan.body().outputs().get(k)).toList();
                    List<NDArray> results = new ArrayList<>(new Graph(all, picked).callPartially(Arrays.asList(arguments)));
                    results.addAll(x.subList(0, free.size()));
                    return results;
                })
                .graph();
        var op = new Scan(step, free.size(), scan.reads() - reads.size(), scan.length(), false, scan.recompute());
        List<Node.Parameter> parameters = new ArrayList<>();
        for (int k : taken) {
            parameters.add(new Node.Parameter(parameters.size(), operands().get(k).aval()));
        }
        List<Aval> types = op.types(parameters.stream().map(Node.Parameter::aval).toList());
        var loop = new Node.Call(op, List.copyOf(parameters), types, null);
        List<Node> found = List.copyOf(loop.results().subList(free.size(), 2 * free.size()));
        List<Spread> spreads = NamedAxes.call(new Graph(parameters, found), taken.stream().map(in::get).toList(), length);
        for (int i = 0; i < free.size(); i++) {
            out.put(free.get(i), spreads.get(i));
        }
        return out;
    }

    private List<Spread> body(List<Integer> outputs, List<Spread> arguments, IntUnaryOperator length) {
        List<Node> picked = outputs.stream().map(scan.body().outputs()::get).toList();
        return NamedAxes.call(new Graph(scan.body().parameters(), picked), arguments, length);
    }

    private List<Spread> arguments(
            List<Spread> in,
            List<Spread> carry,
            IntFunction<Spread> site,
            UnaryOperator<Spread> slice) {
        List<Spread> out = new ArrayList<>(carry);
        for (int k = scan.carries(); k < in.size(); k++) {
            boolean isSlice = k < scan.carries() + scan.reads();
            out.add(reads.contains(k) ? site.apply(reads.indexOf(k)) : isSlice ? slice.apply(in.get(k)) : in.get(k));
        }
        return out;
    }

    private static Spread at(Spread x, int t) {
        return new Spread(x.axes(), x.values().get(behind(x, Index.at(t))));
    }

    private static Spread between(Spread x, int from, int to, int time) {
        List<Integer> axes = new ArrayList<>(x.axes());
        axes.add(time);
        return new Spread(axes, x.values().get(behind(x, Index.slice(from, to))));
    }

    private static Index[] behind(Spread x, Index last) {
        Index[] out = new Index[x.axes().size() + 1];
        Arrays.fill(out, Index.slice(null, null));
        out[out.length - 1] = last;
        return out;
    }

    // ---- elimination

    /// The message of the chain to its first steps, and the messages that its steps got.
    ///
    /// @param table    the chain as one factor
    /// @param messages `[steps] + shape of a message`: what each step got from the one behind it
    record Message(Table table, NDArray messages) {}

    /// {@return the chain as one factor}
    static Message message(Tables t, boolean max) {
        Chain c = t.placed().chain();
        int base = t.variables().size() - (c.history + 1) * c.sites.size();
        List<Integer> kept = kept(t, base);
        Shape shape = Shape.of(IntStream.concat(
                        kept.stream().mapToInt(v -> (int) t.variables().get(v).size()),
                        t.plates().stream().mapToInt(p -> t.eliminator().plates().get(p).subsampleSize()))
                .toArray());
        Carried<NDArray, NDArray> out = Control.scan(
                (NDArray beta, List<NDArray> now) -> {
                    List<Table> all = t.eliminator().run(inStep(t, base, now, beta), max, List.of());
                    return new Carried<>(t.eliminator().result(all).spread(kept, t.plates(), shape).values(), beta);
                },
                Np.zeros(shape.dims()),
                series(t),
                Control.Steps.REVERSE);
        Table table = new Table(kept, t.plates(), out.carry()).renamed(v -> v < base ? v : t.placed().headOf(v - base));
        return new Message(table, out.output());
    }

    private static List<Integer> kept(Tables t, int base) {
        List<Integer> kept = t.placed().outer().stream().boxed().collect(Collectors.toCollection(ArrayList::new));
        t.placed().state().forEach(m -> kept.add(base + m));
        return kept;
    }

    /// The tables that differ from step to step, time in front; the numbers of the steps stand for none.
    private static List<NDArray> series(Tables t) {
        List<NDArray> out = new ArrayList<>(List.of(Np.arange(t.steps())));
        t.tables().stream()
                .filter(x -> x.plates().contains(-1))
                .forEach(x -> out.add(Np.moveaxis(x.values(), x.variables().size(), 0)));
        return out;
    }

    private static List<Table> inStep(Tables t, int base, List<NDArray> now, NDArray beta) {
        int n = t.placed().chain().sites.size();
        List<Table> out = new ArrayList<>();
        int next = 1;
        for (Table x : t.tables()) {
            out.add(x.plates().contains(-1) ? new Table(x.variables(), x.plates().subList(1, x.plates().size()), now.get(next++)) : x);
        }
        out.add(new Table(kept(t, base), t.plates(), beta).renamed(v -> v < base ? v : v - n));
        return out;
    }

    /// {@return the shapes of the random numbers that a draw of the steps behind the first ones takes}
    static List<Shape> noise(Tables t) {
        Chain c = t.placed().chain();
        int base = t.variables().size() - (c.history + 1) * c.sites.size();
        List<Shape> out = new ArrayList<>();
        for (int s = 0; s < c.sites.size(); s++) {
            Variable v = t.variables().get(base + s);
            out.add(Shape.of(t.steps(), (int) v.size()).then(t.eliminator().copies(v)));
        }
        return out;
    }

    /// Chooses values for all steps behind the first ones, which have theirs.
    ///
    /// @param message  the messages of the sum, or of the maximum if there is no key
    /// @param index    numbers of the values of the variables around and of the first steps
    /// @param noise    Gumbel numbers of the shapes of [#noise]; none chooses the most probable
    /// @return the values of each site in all steps, in the order of its sites
    static List<NDArray> backwards(Tables t, Message message, Map<Integer, NDArray> index, List<NDArray> noise) {
        Chain c = t.placed().chain();
        int n = c.sites.size();
        int base = t.variables().size() - (c.history + 1) * n;
        Eliminator e = t.eliminator();
        List<List<NDArray>> values = new ArrayList<>();
        for (int s = 0; s < n; s++) {
            List<NDArray> own = new ArrayList<>();
            for (int step = 0; step < c.history; step++) {
                int v = t.placed().head().get(step * n + s);
                own.add(t.eliminator().value(base + s, Objects.requireNonNull(index.get(v))));
            }
            values.add(own);
        }
        List<NDArray> start = new ArrayList<>();
        for (int m = n; m < (c.history + 1) * n; m++) {
            start.add(Objects.requireNonNull(index.get(t.placed().head().get((c.history - m / n) * n + m % n))));
        }
        List<NDArray> series = new ArrayList<>(series(t));
        int tables = series.size();
        series.add(message.messages());
        series.addAll(noise);
        Carried<List<NDArray>, List<NDArray>> out = Control.scan(
                (List<NDArray> lags, List<NDArray> now) -> {
                    Map<Integer, NDArray> at = new HashMap<>();
                    t.placed().outer().stream().forEach(v -> at.put(v, Objects.requireNonNull(index.get(v))));
                    for (int m = 0; m < lags.size(); m++) {
                        at.put(base + n + m, lags.get(m));
                    }
                    List<Table> all = e.run(inStep(t, base, now, now.get(tables)), noise.isEmpty(), List.of());
                    e.backwards(all, at, noise.isEmpty() ? null : v -> now.get(tables + 1 + v - base));
                    List<NDArray> next = new ArrayList<>();
                    List<NDArray> made = new ArrayList<>();
                    for (int s = 0; s < n; s++) {
                        NDArray i = Objects.requireNonNull(at.get(base + s));
                        next.add(i);
                        made.add(e.value(base + s, i));
                    }
                    next.addAll(lags);
                    return new Carried<>(List.copyOf(next.subList(0, lags.size())), made);
                },
                start,
                series);
        List<NDArray> result = new ArrayList<>();
        for (int s = 0; s < n; s++) {
            NDArray later = out.output().get(s);
            NDArray all = values.get(s).isEmpty() ? later : Np.concatenate(List.of(Np.stack(values.get(s), 0), later), 0);
            result.add(c.scan.reverse() ? Np.flip(all, 0) : all);
        }
        return result;
    }
}
