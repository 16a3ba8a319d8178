package kiln.infer.enumeration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;

/// Log factors for all values of some variables, a copy for every place in some plates.
///
/// @param variables its first axes, ascending
/// @param plates    its last axes, as numbers of plates, ascending
/// @param values    `[sizes of the variables…, sizes of the plates…]`
record Table(List<Integer> variables, List<Integer> plates, NDArray values) {
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

    /// {@return the table without a variable: `log Σ exp` over its values, or the largest}
    Table without(int variable, boolean max) {
        int axis = variables.indexOf(variable);
        List<Integer> rest = variables.stream().filter(v -> v != variable).toList();
        return new Table(rest, plates, max ? Np.max(values, axis) : logSum(values, axis));
    }

    /// {@return the table without a plate: the sum over its copies}
    Table withoutPlate(int plate, double scale) {
        int at = plates.indexOf(plate);
        List<Integer> rest = plates.stream().filter(p -> p != plate).toList();
        NDArray sum = values.sum(variables.size() + at);
        return new Table(variables, rest, scale == 1 ? sum : sum.times(scale));
    }

    /// `log Σ exp` along an axis; −∞ with derivative 0 where all terms are.
    static NDArray logSum(NDArray x, int axis) {
        NDArray top = Np.max(x, axis).stopGradient();
        NDArray shift = Np.where(Np.isfinite(top), top, Np.zerosLike(top));
        NDArray sum = Np.exp(x.minus(Np.expandDims(shift, axis))).sum(axis);
        NDArray none = sum.eq(0);
        return Np.where(none, Double.NEGATIVE_INFINITY, Np.log(Np.where(none, 1.0, sum)).plus(shift));
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
