package kiln.infer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.Storage;
import kiln.compile.Executable;
import kiln.compile.Paths;
import kiln.model.HandlerException;
import kiln.model.Names;

/// The compiled way from a position to the values of all sites; where the model branches in plain Java, each path is compiled when it is first
/// taken.
///
/// May be used by several threads at a time.
final class SiteValues {
    private final String purpose;
    private final List<Shape> shapes;
    private final Paths<Values> paths;

    /// The program of one path.
    private record Values(List<String> names, List<Aval> types, Executable program) {}

    /// @param purpose the method that asks, for messages
    /// @param shapes  shapes of the arrays, in the order in which they lie in the position
    /// @param values  the values of the sites by name
    SiteValues(String purpose, List<Shape> shapes, Function<List<NDArray>, SequencedMap<String, NDArray>> values) {
        this.purpose = purpose;
        this.shapes = shapes;
        List<String> names = new ArrayList<>();
        paths = new Paths<>(
                purpose,
                shapes.stream().map(s -> new Aval(DType.FLOAT64, s)).toList(),
                x -> {
                    SequencedMap<String, NDArray> all = values.apply(x);
                    names.clear();
                    names.addAll(all.keySet());
                    return List.copyOf(all.values());
                },
                Executable::compile,
                path -> new Values(List.copyOf(names), path.graph().outputTypes(), Executable.compile(path.graph())));
    }

    /// {@return the values at one position, in the order of the model}
    SequencedMap<String, NDArray> at(double[] position) {
        List<Dense> at = CompiledDensity.arguments(shapes, position);
        Values path = paths.at(at).program();
        List<NDArray> values = path.program().call(at);
        var out = new LinkedHashMap<String, NDArray>();
        for (int k = 0; k < values.size(); k++) {
            out.put(path.names().get(k), values.get(k));
        }
        return out;
    }

    /// {@return the values at many positions, shape `[chains, draws, …]`, in the order of the model}
    ///
    /// @param positions `[chain][draw]`, each of length `d`
    /// @throws HandlerException if a site is there on some paths only, or of another type
    SequencedMap<String, NDArray> at(double[][][] positions) {
        int draws = positions[0].length;
        List<Object> columns = new ArrayList<>();
        List<Aval> types = new ArrayList<>();
        var out = new LinkedHashMap<String, NDArray>();
        int row = 0;
        for (double[][] chain : positions) {
            for (double[] q : chain) {
                List<Dense> at = CompiledDensity.arguments(shapes, q);
                Values path = paths.at(at).program();
                Values first = paths.found().getFirst().program();
                if (!path.names().equals(first.names()) || !path.types().equals(first.types())) {
                    throw differs(path, first);
                }
                List<NDArray> values = path.program().call(at);
                for (int k = 0; k < values.size(); k++) {
                    Dense v = values.get(k).known();
                    if (columns.size() <= k) {
                        types.add(new Aval(v.dtype(), Shape.of(positions.length, draws).then(v.shape())));
                        columns.add(Storage.allocate(v.dtype(), types.get(k).shape().size()));
                        out.put(first.names().get(k), Dense.of(types.get(k), columns.get(k)));
                    }
                    System.arraycopy(v.storage(), 0, columns.get(k), row * v.size(), v.size());
                }
                row++;
            }
        }
        return out;
    }

    private HandlerException differs(Values path, Values first) {
        var odd = new LinkedHashSet<>(path.names());
        odd.addAll(first.names());
        odd.removeIf(n -> type(path, n).equals(type(first, n)));
        return new HandlerException(new Diagnosis(purpose, "a deterministic site differs between the branches of the model")
                .expected("the same deterministic sites, each of one type, on every path: draws become arrays")
                .got(Names.list(odd))
                .fix("name the value behind the branch, where both ways have it."));
    }

    private static Optional<Aval> type(Values path, String name) {
        int k = path.names().indexOf(name);
        return k < 0 ? Optional.empty() : Optional.of(path.types().get(k));
    }
}
