package kiln.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.TracedValueException;
import kiln.graph.Graph;
import kiln.graph.Guard;
import kiln.graph.Traced;
import kiln.graph.Tracer;
import org.jspecify.annotations.Nullable;

/// A function that may branch in plain Java on its values: one program for each path through it, traced and compiled when it is first
/// taken.
///
/// Two paths differ in the value of something that both read, so at most one fits; which it is depends on the arguments alone, not on the
/// order in which threads found the paths. The values that decide are computed with every bit of the interpreter's.
///
/// @param <P> what a path is compiled to
public final class Paths<P> {
    /// The most paths of one function.
    public static final int MOST = 128;

    private final String purpose;
    private final List<Aval> types;
    private final Function<List<NDArray>, List<NDArray>> function;
    private final Function<Graph, Executable> checkCompiler;
    private final Function<Tracer.Closure, P> compiler;
    private volatile List<Path<P>> found = List.of();

    /// One path through the function.
    ///
    /// @param number  position among the paths found so far
    /// @param guards  the values that the function read on it, in order
    /// @param check   the program that says with 1 or 0, a `float64` scalar, whether arguments have these values; null: all do
    /// @param program what the path is compiled to
    public record Path<P>(int number, List<Guard> guards, @Nullable Executable check, P program) {
        /// {@return the conditions for people, one a line; empty if there are none}
        public String explainGuards() {
            var text = new StringBuilder();
            guards.forEach(g -> text.append("  guard: ").append(g).append('\n'));
            return text.toString();
        }
    }

    /// A function of which no path is known yet.
    ///
    /// @param purpose       the transform that asks, for messages
    /// @param types         types of the arguments
    /// @param function      the function
    /// @param checkCompiler compiles the check of a path; with [Options#EXACT], so that it agrees with the interpreter
    /// @param compiler      compiles a path
    public Paths(
            String purpose,
            List<Aval> types,
            Function<List<NDArray>, List<NDArray>> function,
            Function<Graph, Executable> checkCompiler,
            Function<Tracer.Closure, P> compiler) {
        this.purpose = purpose;
        this.types = List.copyOf(types);
        this.function = function;
        this.checkCompiler = checkCompiler;
        this.compiler = compiler;
    }

    /// {@return the paths found so far}
    public List<Path<P>> found() {
        return found;
    }

    /// {@return the path that the function takes at some arguments}
    ///
    /// @param arguments one per type
    public Path<P> at(List<Dense> arguments) {
        return at(check -> check.call(arguments).getFirst().isTrue(), () -> arguments);
    }

    /// {@return the path that the function takes at some arguments}
    ///
    /// @param holds     runs a check at the arguments
    /// @param arguments the arguments, asked for if the path is a new one
    /// @throws TracedValueException if the function takes more than [#MOST] paths, or reads a value that is continuous
    public Path<P> at(Predicate<Executable> holds, Supplier<List<Dense>> arguments) {
        List<Path<P>> known = found;
        Path<P> fitting = fitting(known, holds);
        return fitting != null ? fitting : add(known.size(), holds, arguments);
    }

    private static <P> @Nullable Path<P> fitting(List<Path<P>> paths, Predicate<Executable> holds) {
        for (Path<P> path : paths) {
            if (path.check() == null || holds.test(path.check())) {
                return path;
            }
        }
        return null;
    }

    private synchronized Path<P> add(int tried, Predicate<Executable> holds, Supplier<List<Dense>> arguments) {
        Path<P> meanwhile = fitting(found.subList(tried, found.size()), holds);
        if (meanwhile != null) {
            return meanwhile;
        }
        List<Guard> guards = new ArrayList<>();
        String worst = found.size() < MOST ? null : mostReadLine();
        Tracer.Closure closure = Tracer.traceAt(
                purpose,
                types,
                arguments.get(),
                (guard, value) -> {
                    if (worst != null && guard.place().equals(worst)) {
                        throw tooMany(worst, value);
                    }
                    if (guards.stream().noneMatch(g -> g.node() == guard.node())) {
                        guards.add(guard);
                    }
                },
                function);
        Executable check = guards.isEmpty() ? null : checkCompiler.apply(check(closure.graph(), guards));
        var path = new Path<>(found.size(), List.copyOf(guards), check, compiler.apply(closure));
        var all = new ArrayList<>(found);
        all.add(path);
        found = List.copyOf(all);
        return path;
    }

    /// Whether all values that were read are the same again, to the bit: zeros by sign, and every NaN like any other.
    private static Graph check(Graph path, List<Guard> guards) {
        var read = new Graph(path.parameters(), guards.stream().map(Guard::node).toList());
        List<Aval> types = path.parameters().stream().map(p -> p.aval()).toList();
        return Tracer.build(types, arguments -> {
                    List<NDArray> values = read.call(arguments);
                    NDArray all = null;
                    for (int i = 0; i < values.size(); i++) {
                        NDArray same = same(values.get(i), guards.get(i).value());
                        all = all == null ? same : Np.logicalAnd(all, same);
                    }
                    return List.of(Np.astype(Objects.requireNonNull(all), DType.FLOAT64));
                });
    }

    private static NDArray same(NDArray value, Dense expected) {
        NDArray equal = value.eq(expected);
        if (expected.dtype().isFloating()) {
            equal = Np.logicalAnd(equal, Np.signbit(value).eq(Np.signbit(expected)));
            equal = Np.logicalOr(equal, Np.logicalAnd(Np.isnan(value), Np.isnan(expected)));
        }
        return expected.size() == 1 ? equal.reshape() : Np.all(equal);
    }

    /// The line that read most values on all paths so far.
    private String mostReadLine() {
        Map<String, Integer> counts = new TreeMap<>();
        found.forEach(path -> path.guards().forEach(g -> counts.merge(g.place(), 1, Integer::sum)));
        return counts.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse("");
    }

    private TracedValueException tooMany(String line, Traced value) {
        return new TracedValueException(
                new Diagnosis("branching", "the function that " + purpose + " compiles takes too many paths")
                        .expected("at most " + MOST + ", one for each combination of the values that it branches on")
                        .got(value.toString())
                        .at(line)
                        .fix("choose both ways with where(condition, a, b), which needs one path only, or observe what is branched on."),
                value);
    }
}
