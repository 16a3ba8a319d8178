package kiln.infer.store;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import kiln.array.Diagnosis;
import kiln.array.Storage;

/// The complete state of a chain (or of an ensemble) between two iterations: named arrays of numbers, whatever the kernel.
///
/// ```
/// new ChainState.Builder("NUTS").put("iteration", 412L).put("position", q).put("random", words).build()
/// ```
///
/// Because a kernel can state nothing but named arrays, every state can be stored, and a chain resumed from it continues bit for
/// bit. The names `iteration` and `position` belong to every kernel; an ensemble lays its walkers one after the other. Immutable.
public final class ChainState {
    private final String kernel;
    private final SortedMap<String, Object> values;

    private ChainState(String kernel, SortedMap<String, Object> values) {
        this.kernel = kernel;
        this.values = values;
    }

    /// Collects the arrays of a state; each name once.
    public static final class Builder {
        private final String kernel;
        private final SortedMap<String, Object> values = new TreeMap<>();

        /// @param kernel name of the kernel that can go on from the state
        public Builder(String kernel) {
            this.kernel = kernel;
        }

        /// @param state a state that the new one begins with
        public Builder(ChainState state) {
            this(state.kernel);
            values.putAll(state.values);
        }

        /// Adds real numbers; copied.
        public Builder put(String name, double... v) {
            return add(name, v.clone());
        }

        /// Adds whole numbers; copied.
        public Builder put(String name, long... v) {
            return add(name, v.clone());
        }

        private Builder add(String name, Object v) {
            if (values.put(name, v) != null) {
                throw new IllegalArgumentException("ChainState: there are two arrays of the name \"" + name + "\".");
            }
            return this;
        }

        /// {@return the state}
        public ChainState build() {
            return new ChainState(kernel, Collections.unmodifiableSortedMap(new TreeMap<>(values)));
        }
    }

    /// {@return the name of the kernel that made it}
    public String kernel() {
        return kernel;
    }

    /// {@return the last draw on the unconstrained space, a copy}
    public double[] position() {
        return doubles("position");
    }

    /// {@return the number of iterations done, warm-up included}
    public long iteration() {
        return integer("iteration");
    }

    /// {@return whether there is an array of a name}
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /// {@return an array of real numbers, a copy}
    ///
    /// @throws IllegalArgumentException if there is none of this name
    public double[] doubles(String name) {
        if (values.get(name) instanceof double[] v) {
            return v.clone();
        }
        throw missing(name, "real numbers");
    }

    /// {@return an array of whole numbers, a copy}
    ///
    /// @throws IllegalArgumentException if there is none of this name
    public long[] longs(String name) {
        if (values.get(name) instanceof long[] v) {
            return v.clone();
        }
        throw missing(name, "whole numbers");
    }

    /// {@return a single real number}
    ///
    /// @throws IllegalArgumentException if there is none of this name
    public double real(String name) {
        return doubles(name)[0];
    }

    /// {@return a single whole number}
    ///
    /// @throws IllegalArgumentException if there is none of this name
    public long integer(String name) {
        return longs(name)[0];
    }

    /// Refuses the state of another kernel.
    ///
    /// @return this
    /// @throws IllegalArgumentException if the kernel is not the expected one
    public ChainState madeBy(String expected) {
        if (!kernel.equals(expected)) {
            throw new IllegalArgumentException(new Diagnosis(expected, "the state was made by another kernel")
                    .expected("a state of " + expected)
                    .got("a state of " + kernel)
                    .fix("go on with the sampler that made the state.")
                    .message());
        }
        return this;
    }

    /// {@return all arrays by name, `double[]` or `long[]`, in the order of the names}
    SortedMap<String, Object> values() {
        return values;
    }

    private IllegalArgumentException missing(String name, String what) {
        return new IllegalArgumentException(new Diagnosis(kernel, "the state lacks \"" + name + "\"")
                .expected(what)
                .got("arrays " + values.keySet())
                .message());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChainState s
                && kernel.equals(s.kernel)
                && values.keySet().equals(s.values.keySet())
                && values.entrySet().stream().allMatch(e -> Storage.sameBits(e.getValue(), s.doublesOrLongs(e.getKey())));
    }

    private Object doublesOrLongs(String name) {
        return values.get(name) instanceof double[] v ? v : longs(name);
    }

    @Override
    public int hashCode() {
        int hash = kernel.hashCode();
        for (Map.Entry<String, Object> e : values.entrySet()) {
            int bits = e.getValue() instanceof double[] v ? Arrays.hashCode(v) : Arrays.hashCode(longs(e.getKey()));
            hash = 31 * hash + (e.getKey().hashCode() ^ bits);
        }
        return hash;
    }

    @Override
    public String toString() {
        return kernel + " after " + iteration() + " iterations";
    }
}
