package kiln.func;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.UserCode;
import kiln.compile.Executable;
import kiln.compile.Paths;
import kiln.graph.Lists;
import org.jspecify.annotations.Nullable;

/// A compiled function: the programs of its paths for every combination of argument structure, shapes and element types.
final class Jit<R> {
    private final Function<List<Object>, R> function;
    private final int threads;
    private final Map<Key, Paths<Compiled<R>>> cache = new ConcurrentHashMap<>();

    /// @param threads how many at most work on one call, ≥ 1
    Jit(Function<List<Object>, R> function, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(new Diagnosis("jit", "a call needs a thread")
                    .expected("a number of threads ≥ 1")
                    .got("" + threads)
                    .at(UserCode.line())
                    .message());
        }
        this.function = function;
        this.threads = threads;
    }

    private record Key(Object structure, List<Aval> types, DType floating) {}

    private record Compiled<R>(@Nullable Executable executable, R like) {}

    R call(List<Object> arguments) {
        List<NDArray> leaves = Pytree.leaves(arguments);
        for (NDArray leaf : leaves) {
            if (!leaf.isKnown()) {
                // Inside another trace compilation is the outer transform's business.
                return function.apply(arguments);
            }
        }
        List<Aval> types = Lists.map(leaves, x -> new Aval(x.dtype(), x.shape()));
        var key = new Key(Pytree.skeleton(arguments), types, DType.floating());
        List<Dense> known = Lists.map(leaves, NDArray::known);
        Compiled<R> compiled = cache.computeIfAbsent(key, _ -> paths(arguments, types)).at(known).program();
        if (compiled.executable() == null) {
            return function.apply(arguments);
        }
        return Pytree.withLeaves(compiled.like(), compiled.executable().call(known));
    }

    private Paths<Compiled<R>> paths(List<Object> arguments, List<Aval> types) {
        List<R> result = new ArrayList<>();
        return new Paths<>(
                "jit",
                types,
                x -> {
                    R y = Objects.requireNonNull(function.apply(Pytree.withLeaves(arguments, x)), "a function under jit returned null");
                    result.clear();
                    result.add(y);
                    return Pytree.leaves(y);
                },
                Executable::compile,
                closure -> new Compiled<>(
                        // A function that uses values of a trace that is still open cannot be compiled on its own.
                        closure.captured().isEmpty() ? Executable.compile(closure.graph()).threads(threads) : null,
                        result.getFirst()));
    }
}
