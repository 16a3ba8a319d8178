package kiln.array;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Sums of products named by the letters of their axes: operands are contracted from left to right by matrix products.
final class Einsum {
    /// An array whose axes have names; those under an ellipsis are named by their distance from its end.
    private record Named(NDArray array, List<String> names) {}

    private final String subscripts;
    private final NDArray[] operands;

    Einsum(String subscripts, NDArray... operands) {
        this.subscripts = subscripts;
        this.operands = operands;
    }

    NDArray apply() {
        String[] sides = subscripts.replace(" ", "").split("->", -1);
        String[] inputs = sides[0].split(",", -1);
        if (sides.length > 2 || inputs.length != operands.length || operands.length == 0) {
            throw error("the subscripts do not name every operand once", inputs.length + " terms for " + operands.length + " operands");
        }
        List<Named> terms = new ArrayList<>();
        int ellipsis = 0;
        for (int i = 0; i < inputs.length; i++) {
            List<String> names = names(inputs[i], operands[i].rank());
            if (names.size() != operands[i].rank()) {
                throw error(
                        "term " + i + " does not name every axis of its operand",
                        "'" + inputs[i] + "' for shape " + operands[i].shape());
            }
            ellipsis = Math.max(ellipsis, (int) names.stream().filter(n -> n.startsWith(".")).count());
            terms.add(diagonals(new Named(operands[i], names)));
        }
        checkSizes(terms);
        List<String> output = sides.length == 2 ? output(sides[1], ellipsis) : implicit(inputs, ellipsis);
        for (String name : output) {
            if (terms.stream().noneMatch(t -> t.names().contains(name)) || output.indexOf(name) != output.lastIndexOf(name)) {
                throw error("the result names an axis that no operand has, or names it twice", "'" + name + "'");
            }
        }
        Named result = terms.getFirst();
        for (int i = 0; i < terms.size(); i++) {
            Set<String> keep = new LinkedHashSet<>(output);
            terms.subList(i + 1, terms.size()).forEach(t -> keep.addAll(t.names()));
            result = i == 0 ? summed(result, keep) : contract(result, terms.get(i), keep);
        }
        int[] order = output.stream().mapToInt(result.names()::indexOf).toArray();
        return order.length == 0 ? result.array() : result.array().transpose(order);
    }

    private static List<String> names(String term, int rank) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < term.length(); i++) {
            if (term.startsWith("...", i)) {
                int hidden = rank - (term.length() - 3);
                for (int k = hidden; k >= 1; k--) {
                    names.add("." + k);
                }
                i += 2;
            } else {
                names.add(term.substring(i, i + 1));
            }
        }
        return names;
    }

    private static List<String> output(String term, int ellipsis) {
        return names(term, term.contains("...") ? term.length() - 3 + ellipsis : term.length());
    }

    /// Without an arrow: the axes under the ellipsis, then the letters that occur once, in alphabetical order.
    private static List<String> implicit(String[] inputs, int ellipsis) {
        Map<String, Integer> counts = new TreeMap<>();
        for (String term : inputs) {
            for (String name : names(term.replace("...", ""), 0)) {
                counts.merge(name, 1, Integer::sum);
            }
        }
        List<String> out = new ArrayList<>(ellipsis == 0 ? List.of() : names("...", ellipsis));
        counts.forEach((name, count) -> {
            if (count == 1) {
                out.add(name);
            }
        });
        return out;
    }

    private void checkSizes(List<Named> terms) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        for (Named t : terms) {
            for (int a = 0; a < t.names().size(); a++) {
                String name = t.names().get(a);
                int size = t.array().size(a);
                int known = sizes.merge(name, size, (x, y) -> name.startsWith(".") && x == 1 ? y : x);
                if (size != known && !(name.startsWith(".") && size == 1)) {
                    throw error("an axis has two sizes", "'" + name + "' is " + known + " and " + size);
                }
            }
        }
    }

    /// A letter that an operand has twice stands for its diagonal.
    private Named diagonals(Named x) {
        for (int a = 0; a < x.names().size(); a++) {
            int b = x.names().lastIndexOf(x.names().get(a));
            if (b != a) {
                if (x.array().size(a) != x.array().size(b)) {
                    throw error("an axis has two sizes", "'" + x.names().get(a) + "' is " + x.array().size(a) + " and " + x.array().size(b));
                }
                NDArray moved = Np.moveaxis(Np.moveaxis(x.array(), b, -1), a, -1);
                List<String> names = new ArrayList<>(x.names());
                String name = names.remove(b);
                names.remove(a);
                names.add(name);
                return diagonals(new Named(Np.diagonal(moved), names));
            }
        }
        return x;
    }

    private static Named summed(Named x, Set<String> keep) {
        int[] drop = java.util.stream.IntStream.range(0, x.names().size())
                .filter(a -> !keep.contains(x.names().get(a)))
                .toArray();
        return drop.length == 0
                ? x
                : new Named(x.array().sum(drop), x.names().stream().filter(keep::contains).toList());
    }

    private static Named contract(Named left, Named right, Set<String> keep) {
        Set<String> wanted = new LinkedHashSet<>(keep);
        wanted.addAll(right.names());
        Named a = summed(left, wanted);
        wanted = new LinkedHashSet<>(keep);
        wanted.addAll(left.names());
        Named b = summed(right, wanted);
        List<String> stacked = a.names().stream().filter(n -> b.names().contains(n) && keep.contains(n)).toList();
        List<String> shared = a.names().stream().filter(n -> b.names().contains(n) && !keep.contains(n)).toList();
        List<String> rows = a.names().stream().filter(n -> !b.names().contains(n)).toList();
        List<String> columns = b.names().stream().filter(n -> !a.names().contains(n)).toList();
        Map<String, Integer> sizes = new LinkedHashMap<>();
        for (Named x : List.of(a, b)) {
            for (int d = 0; d < x.names().size(); d++) {
                sizes.merge(x.names().get(d), x.array().size(d), (p, q) -> p == 1 ? q : p);
            }
        }
        NDArray x = grouped(a, sizes, stacked, rows, shared);
        NDArray y = grouped(b, sizes, stacked, shared, columns);
        List<String> names = new ArrayList<>(stacked);
        names.addAll(rows);
        names.addAll(columns);
        return new Named(x.matmul(y).reshape(names.stream().mapToInt(sizes::get).toArray()), names);
    }

    /// The axes in three groups, each reshaped into one; without the first if it is empty.
    private static NDArray grouped(Named x, Map<String, Integer> sizes, List<String> first, List<String> second, List<String> third) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        all.addAll(third);
        NDArray ordered = all.isEmpty() ? x.array() : x.array().transpose(all.stream().mapToInt(x.names()::indexOf).toArray());
        NDArray whole = Np.broadcastTo(ordered, Shape.of(all.stream().mapToInt(sizes::get).toArray()));
        int[] dims = Arrays.stream(new List<?>[] {first, second, third}).mapToInt(g -> product(g, sizes)).toArray();
        return whole.reshape(first.isEmpty() ? Shape.of(dims[1], dims[2]) : Shape.of(dims));
    }

    private static int product(List<?> names, Map<String, Integer> sizes) {
        int n = 1;
        for (Object name : names) {
            n *= sizes.getOrDefault(name, 1);
        }
        return n;
    }

    private ShapeException error(String what, String got) {
        return new ShapeException(new Diagnosis("einsum(\"" + subscripts + "\")", what)
                .expected("a letter for every axis, equal letters for equal sizes, such as \"ij,jk->ik\"")
                .got(got + "; shapes " + Arrays.stream(operands).map(x -> x.shape().toString()).toList())
                .at(UserCode.line()));
    }
}
