package kiln.infer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.IntFunction;
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

/// Compiled arrays with names, such as the values of all sites at a position; where the function branches in plain Java, each path is compiled when it is
/// first taken.
///
/// May be used by several threads at a time.
final class SiteValues {
    private final String purpose;
    private final String subject;
    private final Paths<Values> paths;

    /// The program of one path.
    private record Values(List<String> names, List<Aval> types, Executable program) {}

    /// @param purpose the method that asks, for messages
    /// @param subject what each of the arrays is, for messages
    /// @param types   types of the arguments
    /// @param values  the arrays by name
    SiteValues(String purpose, String subject, List<Aval> types, Function<List<NDArray>, SequencedMap<String, NDArray>> values) {
        this.purpose = purpose;
        this.subject = subject;
        List<String> names = new ArrayList<>();
        paths = new Paths<>(
                purpose,
                types,
                x -> {
                    SequencedMap<String, NDArray> all = values.apply(x);
                    names.clear();
                    names.addAll(all.keySet());
                    return List.copyOf(all.values());
                },
                Executable::compile,
                path -> new Values(List.copyOf(names), path.graph().outputTypes(), Executable.compile(path.graph())));
    }

    /// {@return the values of the sites at positions of these shapes, which lie one after the other}
    ///
    /// @param purpose the method that asks, for messages
    static SiteValues ofPositions(String purpose, List<Shape> shapes, Function<List<NDArray>, SequencedMap<String, NDArray>> values) {
        return new SiteValues(purpose, "deterministic site", shapes.stream().map(s -> new Aval(DType.FLOAT64, s)).toList(), values);
    }

    /// {@return the values for one list of arguments, in the order of the function}
    SequencedMap<String, NDArray> at(List<Dense> at) {
        Values path = paths.at(at).program();
        List<NDArray> values = path.program().call(at);
        var out = new LinkedHashMap<String, NDArray>();
        for (int k = 0; k < values.size(); k++) {
            out.put(path.names().get(k), values.get(k));
        }
        return out;
    }

    /// {@return the values at many positions, shape `[chains, draws, …]`, in the order of the function}
    ///
    /// @param shapes    shapes of the arguments, in the order in which they lie in a position
    /// @param positions `[chain][draw]`, each of length `d`
    /// @throws HandlerException if an array is there on some paths only, or of another type
    SequencedMap<String, NDArray> at(List<Shape> shapes, double[][][] positions) {
        int draws = positions[0].length;
        return at(positions.length, draws, row -> CompiledDensity.arguments(shapes, positions[row / draws][row % draws]));
    }

    /// {@return the values for many lists of arguments, shape `[chains, draws, …]`, in the order of the function}
    ///
    /// @param arguments those of a draw, counted through all chains
    /// @throws HandlerException if an array is there on some paths only, or of another type
    SequencedMap<String, NDArray> at(int chains, int draws, IntFunction<List<Dense>> arguments) {
        List<Object> columns = new ArrayList<>();
        List<Aval> types = new ArrayList<>();
        var out = new LinkedHashMap<String, NDArray>();
        for (int row = 0; row < chains * draws; row++) {
            List<Dense> at = arguments.apply(row);
            Values path = paths.at(at).program();
            Values first = paths.found().getFirst().program();
            if (!path.names().equals(first.names()) || !path.types().equals(first.types())) {
                throw differs(path, first);
            }
            List<NDArray> values = path.program().call(at);
            for (int k = 0; k < values.size(); k++) {
                Dense v = values.get(k).known();
                if (columns.size() <= k) {
                    types.add(new Aval(v.dtype(), Shape.of(chains, draws).then(v.shape())));
                    columns.add(Storage.allocate(v.dtype(), types.get(k).shape().size()));
                    out.put(first.names().get(k), Dense.of(types.get(k), columns.get(k)));
                }
                System.arraycopy(v.storage(), 0, columns.get(k), row * v.size(), v.size());
            }
        }
        return out;
    }

    private HandlerException differs(Values path, Values first) {
        var odd = new LinkedHashSet<>(path.names());
        odd.addAll(first.names());
        odd.removeIf(n -> type(path, n).equals(type(first, n)));
        return new HandlerException(new Diagnosis(purpose, "a " + subject + " differs between the branches of the model")
                .expected("the same " + subject + "s, each of one type, on every path: draws become arrays")
                .got(Names.list(odd))
                .fix("name the value behind the branch, where both ways have it."));
    }

    private static Optional<Aval> type(Values path, String name) {
        int k = path.names().indexOf(name);
        return k < 0 ? Optional.empty() : Optional.of(path.types().get(k));
    }
}
