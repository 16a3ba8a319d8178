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
import kiln.array.NDArray;
import kiln.compile.Executable;
import kiln.graph.Tracer;

/// A compiled function: one executable for every combination of argument structure, shapes and element types.
final class Jit<R> {
    private final Function<List<Object>, R> function;
    private final Map<Key, Compiled<R>> cache = new ConcurrentHashMap<>();

    Jit(Function<List<Object>, R> function) {
        this.function = function;
    }

    private record Key(Object structure, List<Aval> types, DType floating) {}

    private record Compiled<R>(Executable executable, R like) {}

    R call(List<Object> arguments) {
        List<NDArray> leaves = Pytree.leaves(arguments);
        boolean traced = leaves.stream().anyMatch(x -> !x.isKnown());
        if (traced) {
            // Inside another trace compilation is the outer transform's business.
            return function.apply(arguments);
        }
        List<Aval> types = leaves.stream().map(x -> new Aval(x.dtype(), x.shape())).toList();
        var key = new Key(Pytree.skeleton(arguments), types, DType.floating());
        Compiled<R> compiled = cache.get(key);
        if (compiled == null) {
            List<R> result = new ArrayList<>();
            Tracer.Closure closure = Tracer.trace("jit", types, x -> {
                R y = function.apply(Pytree.withLeaves(arguments, x));
                result.add(y);
                return Pytree.leaves(Objects.requireNonNull(y, "a function under jit returned null"));
            });
            if (!closure.captured().isEmpty()) {
                // The function uses values of a trace that is still open: it cannot be compiled on its own.
                return function.apply(arguments);
            }
            compiled = new Compiled<>(Executable.compile(closure.graph()), result.getFirst());
            cache.put(key, compiled);
        }
        List<Dense> known = leaves.stream().map(NDArray::known).toList();
        return Pytree.withLeaves(compiled.like(), compiled.executable().call(known));
    }
}
