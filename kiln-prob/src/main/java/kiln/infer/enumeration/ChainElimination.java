package kiln.infer.enumeration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.func.Carried;
import kiln.func.Control;

/// Sums the sites of a chain out, from its last step to the first, and finds their values, from the first to the last.
///
/// @param tables the tables of the chain
record ChainElimination(ChainTables tables) {
    /// The message of the chain to its first steps, and the messages that its steps got.
    ///
    /// @param table    the chain as one factor
    /// @param messages `[steps] + shape of a message`: what each step got from the one behind it
    record Message(Table table, NDArray messages) {}

    /// {@return the chain as one factor}
    ///
    /// @param max     whether the largest value replaces the sum
    /// @param further further log factors of each site in all steps, of the shapes of [#shapes]; or none
    Message message(boolean max, List<NDArray> further) {
        ChainPlan plan = tables.plan();
        List<Integer> kept = plan.kept();
        Shape shape = Shape.of(IntStream.concat(
                        kept.stream().mapToInt(v -> (int) plan.variables().get(v).size()),
                        tables.plates().stream().mapToInt(p -> tables.eliminator().plates().get(p).subsampleSize()))
                .toArray());
        List<NDArray> series = new ArrayList<>(series());
        int own = series.size();
        series.addAll(further);
        Carried<NDArray, NDArray> out = Control.scan(
                (NDArray beta, List<NDArray> now) -> {
                    Map<Integer, NDArray> factors = new HashMap<>();
                    for (int s = 0; s < further.size(); s++) {
                        factors.put(plan.base() + s, now.get(own + s));
                    }
                    List<Table> all = tables.eliminator().run(inStep(now, beta), max, factors);
                    return new Carried<>(tables.eliminator().result(all).spread(kept, tables.plates(), shape).values(), beta);
                },
                Np.zeros(shape.dims()),
                series,
                Control.Steps.REVERSE);
        int base = plan.base();
        Table table = new Table(kept, tables.plates(), out.carry()).renamed(v -> v < base ? v : plan.placed().headOf(v - base));
        return new Message(table, out.output());
    }

    /// The tables that differ from step to step, time in front; the numbers of the steps stand for none.
    private List<NDArray> series() {
        List<NDArray> out = new ArrayList<>(List.of(Np.arange(tables.plan().steps())));
        tables.tables().stream()
                .filter(x -> x.plates().contains(-1))
                .forEach(x -> out.add(Np.moveaxis(x.values(), x.variables().size(), 0)));
        return out;
    }

    private List<Table> inStep(List<NDArray> now, NDArray beta) {
        ChainPlan plan = tables.plan();
        List<Table> out = new ArrayList<>();
        int next = 1;
        for (Table x : tables.tables()) {
            out.add(x.plates().contains(-1) ? new Table(x.variables(), x.plates().subList(1, x.plates().size()), now.get(next++)) : x);
        }
        out.add(new Table(plan.kept(), tables.plates(), beta).renamed(v -> ChainPlan.earlier(v, plan.base(), plan.sites())));
        return out;
    }

    /// {@return for each site the shape of a number for each of its values in all steps behind the first ones, `[steps, values] + plates`}
    List<Shape> shapes() {
        List<Shape> out = new ArrayList<>();
        for (int s = 0; s < tables.plan().sites(); s++) {
            Variable v = tables.plan().variables().get(tables.plan().base() + s);
            out.add(Shape.of(tables.plan().steps(), (int) v.size()).then(tables.eliminator().copies(v)));
        }
        return out;
    }

    /// {@return what belongs to all steps of each site, in the order of the values that the scan reads}
    ///
    /// @param first  by site, what belongs to each of the first steps
    /// @param others by site, what belongs to the other steps, along the first axis
    List<NDArray> whole(List<List<NDArray>> first, List<NDArray> others) {
        List<NDArray> result = new ArrayList<>();
        for (int s = 0; s < others.size(); s++) {
            NDArray later = others.get(s);
            NDArray all = first.get(s).isEmpty() ? later : Np.concatenate(List.of(Np.stack(first.get(s), 0), later), 0);
            result.add(tables.plan().placed().chain().scan().reverse() ? Np.flip(all, 0) : all);
        }
        return result;
    }

    /// {@return what belongs to the first steps, by site}
    ///
    /// @param ofHead from the number of a variable of the first steps
    List<List<NDArray>> first(IntFunction<NDArray> ofHead) {
        int n = tables.plan().sites();
        List<Integer> head = tables.plan().placed().head();
        return IntStream.range(0, n)
                .mapToObj(s -> IntStream.range(0, head.size() / n).mapToObj(t -> ofHead.apply(head.get(t * n + s))).toList())
                .toList();
    }

    /// Chooses values for all steps behind the first ones, which have theirs.
    ///
    /// @param message the messages of the sum, or of the maximum if there is no noise
    /// @param index   numbers of the values of the variables around and of the first steps
    /// @param noise   Gumbel numbers of the shapes of [#shapes]; none chooses the most probable
    /// @return the values of each site in all steps, in the order of its sites
    List<NDArray> backwards(Message message, Map<Integer, NDArray> index, List<NDArray> noise) {
        ChainPlan plan = tables.plan();
        int n = plan.sites();
        int base = plan.base();
        int history = plan.placed().chain().history();
        Eliminator e = tables.eliminator();
        List<NDArray> start = new ArrayList<>();
        for (int m = n; m < (history + 1) * n; m++) {
            start.add(Objects.requireNonNull(index.get(plan.placed().headOf(m))));
        }
        List<NDArray> series = new ArrayList<>(series());
        int own = series.size();
        series.add(message.messages());
        series.addAll(noise);
        Carried<List<NDArray>, List<NDArray>> out = Control.scan(
                (List<NDArray> lags, List<NDArray> now) -> {
                    Map<Integer, NDArray> at = new HashMap<>();
                    plan.placed().outer().stream().forEach(v -> at.put(v, Objects.requireNonNull(index.get(v))));
                    for (int m = 0; m < lags.size(); m++) {
                        at.put(base + n + m, lags.get(m));
                    }
                    List<Table> all = e.run(inStep(now, now.get(own)), noise.isEmpty(), Map.of());
                    e.backwards(all, at, noise.isEmpty() ? null : v -> now.get(own + 1 + v - base));
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
        List<List<NDArray>> first = first(v -> e.value(v, Objects.requireNonNull(index.get(v))));
        return whole(first, out.output());
    }
}
