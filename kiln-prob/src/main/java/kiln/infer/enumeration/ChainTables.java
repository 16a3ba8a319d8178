package kiln.infer.enumeration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.graph.Graph;
import kiln.graph.NamedAxes;
import kiln.graph.NamedAxes.Spread;
import kiln.graph.Node;
import kiln.graph.Tracer;
import kiln.model.PlateFrame;
import kiln.op.Scan;
import org.jspecify.annotations.Nullable;

/// The tables of a chain.
///
/// @param plan       the elimination within a step
/// @param head       the factors of the first steps
/// @param tables     the factors of the other steps; a table that differs from step to step has plate −1 for the time
/// @param eliminator carries the plan out
/// @param plates     plates of the chain as one factor, as numbers
record ChainTables(ChainPlan plan, List<Table> head, List<Table> tables, Eliminator eliminator, List<Integer> plates) {
    /// Evaluates the factors of all steps.
    ///
    /// @param operands values of the operands of the scan; those of the sites do not matter
    /// @param plates   all plates
    static ChainTables of(ChainPlan plan, List<Spread> operands, List<PlateFrame> plates) {
        return new Evaluation(plan, operands, plates).run();
    }

    /// One evaluation of a scan for all values of its sites.
    private static final class Evaluation {
        private final ChainPlan plan;
        private final Scan scan;
        private final List<Integer> reads;
        private final List<Spread> in;
        private final List<PlateFrame> plates;
        private final int history;
        private final int n;
        /// Number of the axis of time, behind all variables.
        private final int time;

        Evaluation(ChainPlan plan, List<Spread> operands, List<PlateFrame> plates) {
            Chain chain = plan.placed().chain();
            this.plan = plan;
            this.plates = plates;
            scan = chain.scan();
            reads = chain.reads();
            history = chain.history();
            n = plan.sites();
            time = plan.variables().size();
            in = new ArrayList<>(operands);
            if (scan.reverse()) {
                for (int k = scan.carries(); k < scan.carries() + scan.reads(); k++) {
                    in.set(k, new Spread(in.get(k).axes(), Np.flip(in.get(k).values(), in.get(k).axes().size())));
                }
            }
        }

        private IntUnaryOperator lengths(int steps) {
            return axis -> axis == time ? steps : (int) plan.variables().get(axis).size();
        }

        ChainTables run() {
            Map<Integer, Spread> states = states();
            List<Table> head = head(states);
            List<Table> tables = steps(states);
            List<Integer> numbers =
                    IntStream.range(0, plates.size()).filter(p -> plan.plates().contains(plates.get(p).name())).boxed().toList();
            return new ChainTables(plan, head, tables, new Eliminator(plan.variables(), plates, plan.plan()), numbers);
        }

        private List<Integer> carries() {
            return IntStream.range(0, scan.carries()).boxed().toList();
        }

        private List<Integer> carriesAndWrites() {
            List<Integer> out = new ArrayList<>(carries());
            out.addAll(plan.placed().writes());
            return out;
        }

        /// The first steps, one after the other.
        private List<Table> head(Map<Integer, Spread> states) {
            List<Table> head = new ArrayList<>();
            List<Scope> scopes = plan.placed().headScopes();
            List<Spread> carry = new ArrayList<>(in.subList(0, scan.carries()));
            for (int t = 0; t < history; t++) {
                int step = t;
                states.forEach((k, all) -> carry.set(k, at(all, step)));
                List<Spread> out = body(carriesAndWrites(), arguments(carry, s -> {
                    int v = plan.placed().head().get(step * n + s);
                    return new Spread(List.of(v), plan.variables().get(v).values());
                }, x -> at(x, step)), scan.length());
                for (int k : carries()) {
                    carry.set(k, out.get(k));
                }
                for (int w = 0; w < plan.placed().writes().size(); w++) {
                    head.add(table(w, scopes.get(head.size()), out.get(scan.carries() + w), scan.length()));
                }
            }
            return head;
        }

        private Table table(int write, Scope scope, Spread x, int steps) {
            List<Integer> needed = new ArrayList<>(scope.variables().stream().boxed().toList());
            if (x.axes().contains(time)) {
                needed.add(time);
            }
            return Table.of(plan.placed().ofWrite().get(write).plates(), needed, x, plates, lengths(steps));
        }

        /// The other steps, at once. What a step finds in its carry: the steps of the history before it run through. What lies before is forgotten.
        private List<Table> steps(Map<Integer, Spread> states) {
            int rest = plan.steps();
            List<Spread> window = new ArrayList<>(in.subList(0, scan.carries()));
            List<Spread> out = List.of();
            for (int lag = history; lag >= 0; lag--) {
                int from = history - lag;
                int first = plan.base() + lag * n;
                states.forEach((k, all) -> window.set(k, between(all, from, from + rest)));
                out = body(lag > 0 ? carries() : carriesAndWrites(),
                        arguments(window, s -> new Spread(List.of(first + s), plan.variables().get(first + s).values()), x -> between(x, from, from + rest)),
                        rest);
                for (int k : carries()) {
                    window.set(k, out.get(k));
                }
            }
            List<Table> tables = new ArrayList<>();
            for (int w = 0; w < plan.placed().writes().size(); w++) {
                Table t = table(w, plan.scopes().get(w), out.get(scan.carries() + w), rest);
                if (t.variables().contains(time)) {
                    List<Integer> withTime = new ArrayList<>(List.of(-1));
                    withTime.addAll(t.plates());
                    t = new Table(t.variables().subList(0, t.variables().size() - 1), withTime, t.values());
                }
                tables.add(t);
            }
            return tables;
        }

        /// The carries that do not depend on the sites, as every step finds them: `[length] + shape`.
        private Map<Integer, Spread> states() {
            List<Integer> free = carries().stream().filter(k -> !plan.placed().chain().isCarried(k)).toList();
            Map<Integer, Spread> out = new HashMap<>();
            if (free.isEmpty()) {
                return out;
            }
            List<Node> operands = plan.placed().chain().operands();
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
                    });
            var op = new Scan(step, free.size(), scan.reads() - reads.size(), scan.length(), false, scan.recompute());
            List<Node.Parameter> parameters = new ArrayList<>();
            for (int k : taken) {
                parameters.add(new Node.Parameter(parameters.size(), operands.get(k).aval()));
            }
            List<Aval> types = op.types(parameters.stream().map(Node.Parameter::aval).toList());
            var loop = new Node.Call(op, List.copyOf(parameters), types, null);
            List<Node> found = List.copyOf(loop.results().subList(free.size(), 2 * free.size()));
            List<Spread> spreads = NamedAxes.call(new Graph(parameters, found), taken.stream().map(in::get).toList(), lengths(scan.length()));
            for (int i = 0; i < free.size(); i++) {
                out.put(free.get(i), spreads.get(i));
            }
            return out;
        }

        private List<Spread> body(List<Integer> outputs, List<Spread> arguments, int steps) {
            List<Node> picked = outputs.stream().map(scan.body().outputs()::get).toList();
            return NamedAxes.call(new Graph(scan.body().parameters(), picked), arguments, lengths(steps));
        }

        private List<Spread> arguments(List<Spread> carry, IntFunction<Spread> site, UnaryOperator<Spread> slice) {
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

        private Spread between(Spread x, int from, int to) {
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
    }
}
