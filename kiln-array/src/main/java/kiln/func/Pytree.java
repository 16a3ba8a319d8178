package kiln.func;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kiln.array.Diagnosis;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.graph.Lists;

/// Structures of arrays: a number, a random key, a record, a list or a map (with comparable keys) of such structures.
///
/// A transform takes a structure apart into its arrays (the leaves), and builds an equal one around other leaves. Java numbers
/// are leaves too; other values inside a structure (text, settings) are kept as they are, and so are record components that are
/// declared as primitives, such as a number of axes.
public final class Pytree {
    private static final ScopedValue<Boolean> REBUILDING = ScopedValue.newInstance();

    private Pytree() {}

    /// {@return whether a structure is being rebuilt around other leaves}
    ///
    /// A record that validates or converts its components in its constructor leaves them as they are while this holds: the
    /// leaves may be tangents, traced values or placeholders that the record itself would refuse.
    public static boolean isRebuilding() {
        return REBUILDING.isBound();
    }

    /// {@return the arrays of a structure, in the order of components, elements or sorted keys}
    ///
    /// @throws IllegalArgumentException if a record cannot be read
    public static List<NDArray> leaves(Object tree) {
        var out = new ArrayList<NDArray>();
        collect(tree, out);
        return out;
    }

    private static void collect(Object tree, List<NDArray> out) {
        switch (tree) {
            case Number x -> out.add(NDArray.as(x));
            case PRNGKey key -> out.add(key.keyData());
            case List<?> list -> list.forEach(x -> collect(x, out));
            case Map<?, ?> map -> new TreeMap<>(map).values().forEach(x -> collect(x, out));
            case Record r -> {
                Object[] values = components(r);
                for (int i = 0; i < values.length; i++) {
                    if (!isSetting(r, i)) {
                        collect(values[i], out);
                    }
                }
            }
            default -> {}
        }
    }

    /// {@return a structure like `tree` around other leaves}
    ///
    /// @param leaves as many as `tree` has
    public static <T> T withLeaves(T tree, List<? extends NDArray> leaves) {
        Iterator<? extends NDArray> next = leaves.iterator();
        @SuppressWarnings("unchecked")
        T out = (T) ScopedValue.where(REBUILDING, true).call(() -> rebuild(tree, next));
        return out;
    }

    /// {@return the arrays of a structure in one vector, and the way back (JAX's `ravel_pytree`)}
    public static <T> Raveled<T> ravel(T tree) {
        List<NDArray> parts = leaves(tree).stream().map(x -> x.reshape(-1)).toList();
        return new Raveled<>(parts.isEmpty() ? Np.zeros(0) : Np.concatenate(parts, 0), tree);
    }

    /// A structure as one vector.
    ///
    /// @param vector its arrays one after the other, in the order of [Pytree#leaves]
    /// @param like   the structure
    public record Raveled<T>(NDArray vector, T like) {
        /// {@return a structure like the original one whose arrays are taken from a vector}
        ///
        /// @param other as long as [#vector]
        /// @throws ShapeException if it has another length
        public T unravel(NDArray other) {
            if (!other.shape().equals(vector.shape())) {
                throw new ShapeException(new Diagnosis("unravel", "the vector does not have the length of the structure")
                        .expected(vector.shape().toString())
                        .got(other.shape().toString())
                        .at(UserCode.line()));
            }
            List<NDArray> parts = new ArrayList<>();
            int from = 0;
            for (NDArray leaf : leaves(like)) {
                parts.add(other.get(Index.slice(from, from + leaf.size())).reshape(leaf.shape()));
                from += leaf.size();
            }
            return withLeaves(like, parts);
        }
    }

    /// {@return the structure without its arrays: equal for structures that differ in their arrays only}
    static Object skeleton(Object tree) {
        return withLeaves(tree, Collections.nCopies(leaves(tree).size(), PLACEHOLDER));
    }

    private static final NDArray PLACEHOLDER = NDArray.as(0);

    private static Object rebuild(Object tree, Iterator<? extends NDArray> next) {
        return switch (tree) {
            case Number _ -> next.next();
            case PRNGKey key -> key.withKeyData(next.next());
            case List<?> list -> Lists.map(list, x -> rebuild(x, next));
            case Map<?, ?> map -> {
                var out = new LinkedHashMap<Object, Object>();
                new TreeMap<>(map).forEach((key, x) -> out.put(key, rebuild(x, next)));
                yield out;
            }
            case Record r -> {
                Object[] values = components(r);
                for (int i = 0; i < values.length; i++) {
                    values[i] = isSetting(r, i) ? values[i] : rebuild(values[i], next);
                }
                yield build(r, values);
            }
            default -> tree;
        };
    }

    private static boolean isSetting(Record r, int component) {
        return r.getClass().getRecordComponents()[component].getType().isPrimitive();
    }

    private static Object[] components(Record r) {
        RecordComponent[] parts = r.getClass().getRecordComponents();
        Object[] out = new Object[parts.length];
        try {
            for (int i = 0; i < parts.length; i++) {
                var accessor = parts[i].getAccessor();
                accessor.setAccessible(true);
                out[i] = accessor.invoke(r);
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw unreachable(r, e);
        }
        return out;
    }

    private static Object build(Record like, Object[] values) {
        Class<?>[] types = Arrays.stream(like.getClass().getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        for (int i = 0; i < types.length; i++) {
            if (values[i] instanceof NDArray && !types[i].isInstance(values[i])) {
                RecordComponent part = like.getClass().getRecordComponents()[i];
                throw new IllegalArgumentException(new Diagnosis(
                                like.getClass().getName(), "its component " + part.getName() + " cannot hold an array")
                        .expected("Number or NDArray, or a primitive type for a setting that no transform touches")
                        .got(types[i].getSimpleName() + " " + part.getName())
                        .at(UserCode.line())
                        .fix("declare it as Number " + part.getName() + ".")
                        .message());
            }
        }
        try {
            Constructor<?> canonical = like.getClass().getDeclaredConstructor(types);
            canonical.setAccessible(true);
            return canonical.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw unreachable(like, e);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw unreachable(like, e);
        }
    }

    private static IllegalArgumentException unreachable(Record r, Exception cause) {
        String text = new Diagnosis(r.getClass().getName(), "Kiln cannot reach the components of this record")
                .at(UserCode.line())
                .fix("make the record public in an exported package, or open its package to kiln.array in module-info.java.")
                .message();
        return new IllegalArgumentException(text, cause);
    }
}
