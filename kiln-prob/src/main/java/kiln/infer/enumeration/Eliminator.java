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
import kiln.model.PlateFrame;
import org.jspecify.annotations.Nullable;

/// Carries out a plan on tables, forwards to the sum and backwards to values.
///
/// @param variables the variables
/// @param plates    all plates, in the order of their numbers
/// @param plan      the order
record Eliminator(List<Variable> variables, List<PlateFrame> plates, Plan plan) {
    /// {@return all tables of the plan}
    ///
    /// @param given   the tables to begin with
    /// @param max     whether the largest value replaces the sum
    /// @param further further log factors of some of the variables, `[values] + plates of the variable`
    List<Table> run(List<Table> given, boolean max, Map<Integer, NDArray> further) {
        List<Table> all = new ArrayList<>(given);
        for (Plan.Step step : plan.steps()) {
            all.add(switch (step) {
                case Plan.Sum s -> {
                    Table joined = joined(s, all);
                    NDArray own = further.get(s.variable());
                    if (own != null) {
                        var factor = new Table(List.of(s.variable()), plates(variables.get(s.variable())), own);
                        joined = Table.sum(List.of(joined, factor));
                    }
                    yield joined.without(s.variable(), max);
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

    /// {@return the sum of the results of a plan}
    ///
    /// @param all the tables that [#run] made
    Table result(List<Table> all) {
        List<Table> results = new ArrayList<>(plan.results().stream().map(all::get).toList());
        results.add(new Table(List.of(), List.of(), Np.scalar(0.0)));
        return Table.sum(results);
    }

    /// Chooses a value for every variable that the plan sums out, the last one first.
    ///
    /// @param all   the tables that [#run] made
    /// @param index numbers of the values of the variables that are kept; receives those of the others, an axis per plate
    /// @param noise what is added to the scores of a variable before the largest is taken, by its number; null is nothing
    void backwards(List<Table> all, Map<Integer, NDArray> index, @Nullable IntFunction<NDArray> noise) {
        Map<Integer, List<Integer>> where = new HashMap<>();
        index.keySet().forEach(v -> where.put(v, plates(variables.get(v))));
        for (Plan.Step step : plan.steps().reversed()) {
            if (step instanceof Plan.Sum s) {
                Table t = joined(s, all).at(index, where);
                NDArray score = noise == null ? t.values() : t.values().plus(noise.apply(s.variable()));
                index.put(s.variable(), Np.argmax(score, 0));
                where.put(s.variable(), t.plates());
            }
        }
    }

    /// {@return the plates in which a variable is local, as numbers}
    List<Integer> plates(Variable v) {
        return IntStream.range(0, plates.size()).filter(p -> v.plates().contains(plates.get(p).name())).boxed().toList();
    }

    /// {@return the value of a site}
    ///
    /// @param v     its variable
    /// @param index number of the value of each copy
    NDArray value(int v, NDArray index) {
        Variable variable = variables.get(v);
        return variable.value(index, plates(variable).stream().map(p -> plates.get(p).name()).toList());
    }

    /// {@return the shape of the numbers of a variable: the sizes of its plates}
    Shape copies(Variable v) {
        return Shape.of(plates(v).stream().mapToInt(p -> plates.get(p).subsampleSize()).toArray());
    }

    /// {@return a table of names of sites for the variables of a table}
    static List<String> names(Table t, List<Variable> variables) {
        return t.variables().stream().map(v -> Objects.requireNonNull(variables.get(v)).site().name()).toList();
    }
}
