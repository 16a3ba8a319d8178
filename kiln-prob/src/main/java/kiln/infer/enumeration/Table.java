package kiln.infer.enumeration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.graph.NamedAxes;
import kiln.model.PlateFrame;

/// Log factors for all values of some variables, a copy for every place in some plates.
///
/// @param variables its first axes, ascending
/// @param plates    its last axes, as numbers of plates, ascending
/// @param values    `[sizes of the variables…, sizes of the plates…]`
record Table(List<Integer> variables, List<Integer> plates, NDArray values) {
    /// {@return the table of a factor}
    ///
    /// @param in     the plates around the factor
    /// @param needed the variables that the table gets, ascending; it is repeated along those that the factor lacks
    /// @param spread the factor, its batch behind its variables
    /// @param plates all plates, in the order of their numbers
    /// @param size   number of the values of a variable
    static Table of(List<PlateFrame> in, List<Integer> needed, NamedAxes.Spread spread, List<PlateFrame> plates, IntUnaryOperator size) {
        NDArray x = spread.values();
        int lead = spread.axes().size();
        int batch = x.rank() - lead;
        Map<Integer, Integer> plateOf = new HashMap<>();
        double scale = 1;
        for (PlateFrame p : in) {
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
        if (!needed.equals(spread.axes())) {
            int[] dims = new int[needed.size() + sorted.size()];
            int[] full = new int[dims.length];
            for (int a = 0; a < dims.length; a++) {
                int at = a < needed.size() ? spread.axes().indexOf(needed.get(a)) : lead + a - needed.size();
                dims[a] = at < 0 ? 1 : x.size(at);
                full[a] = at < 0 ? size.applyAsInt(needed.get(a)) : dims[a];
            }
            x = Np.broadcastTo(x.reshape(Shape.of(dims)), Shape.of(full));
        }
        return new Table(needed, sorted, scale == 1 ? x : x.div(scale));
    }

    /// {@return the sum of tables, with the axes of all of them}
    static Table sum(List<Table> tables) {
        TreeSet<Integer> variables = new TreeSet<>();
        TreeSet<Integer> plates = new TreeSet<>();
        for (Table t : tables) {
            variables.addAll(t.variables);
            plates.addAll(t.plates);
        }
        List<Integer> v = List.copyOf(variables);
        List<Integer> p = List.copyOf(plates);
        // The small ones first: what is added to the largest is added once.
        List<Table> order = new ArrayList<>(tables);
        order.sort((a, b) -> Integer.compare(a.values.size(), b.values.size()));
        NDArray sum = null;
        for (Table t : order) {
            NDArray x = t.aligned(v, p);
            sum = sum == null ? x : sum.plus(x);
        }
        return new Table(v, p, Objects.requireNonNull(sum));
    }

    private NDArray aligned(List<Integer> v, List<Integer> p) {
        int[] dims = new int[v.size() + p.size()];
        for (int a = 0; a < v.size(); a++) {
            int at = variables.indexOf(v.get(a));
            dims[a] = at < 0 ? 1 : values.size(at);
        }
        for (int a = 0; a < p.size(); a++) {
            int at = plates.indexOf(p.get(a));
            dims[v.size() + a] = at < 0 ? 1 : values.size(variables.size() + at);
        }
        return values.reshape(Shape.of(dims));
    }

    /// {@return the table with other numbers for its variables}
    Table renamed(IntUnaryOperator name) {
        List<Integer> names = variables.stream().map(name::applyAsInt).toList();
        List<Integer> sorted = names.stream().sorted().toList();
        if (names.equals(sorted)) {
            return new Table(sorted, plates, values);
        }
        int lead = names.size();
        int[] permutation = IntStream.range(0, values.rank()).map(a -> a < lead ? names.indexOf(sorted.get(a)) : a).toArray();
        return new Table(sorted, plates, values.transpose(permutation));
    }

    /// {@return the table with exactly these axes, repeated along those that it lacks}
    ///
    /// @param shape their lengths
    Table spread(List<Integer> v, List<Integer> p, Shape shape) {
        return new Table(v, p, Np.broadcastTo(aligned(v, p), shape));
    }

    /// {@return the table without a variable: `log Σ exp` over its values, or the largest}
    Table without(int variable, boolean max) {
        int axis = variables.indexOf(variable);
        List<Integer> rest = variables.stream().filter(v -> v != variable).toList();
        return new Table(rest, plates, max ? Np.max(values, axis) : Np.logsumexp(values, axis));
    }

    /// {@return the table without a plate: the sum over its copies}
    Table withoutPlate(int plate, double scale) {
        int at = plates.indexOf(plate);
        List<Integer> rest = plates.stream().filter(p -> p != plate).toList();
        NDArray sum = values.sum(variables.size() + at);
        return new Table(variables, rest, scale == 1 ? sum : sum.times(scale));
    }

    /// {@return the table at given values of some of its variables}
    ///
    /// @param index for each variable the number of its value, with one axis for every plate of `where`
    /// @param where the plates in which each variable is local
    Table at(Map<Integer, NDArray> index, Map<Integer, List<Integer>> where) {
        NDArray x = values;
        List<Integer> rest = new ArrayList<>(variables);
        for (int v : variables) {
            NDArray i = index.get(v);
            if (i == null) {
                continue;
            }
            int axis = rest.indexOf(v);
            int[] dims = new int[x.rank()];
            Arrays.fill(dims, 1);
            List<Integer> own = Objects.requireNonNull(where.get(v));
            for (int a = 0; a < own.size(); a++) {
                dims[rest.size() + plates.indexOf(own.get(a))] = i.size(a);
            }
            x = Np.squeeze(Np.takeAlongAxis(x, i.reshape(Shape.of(dims)), axis), axis);
            rest.removeIf(u -> u == v);
        }
        return new Table(List.copyOf(rest), plates, x);
    }
}
