package kiln.math;

import java.util.Arrays;
import kiln.math.Threefry.Layout;

/// A kind of draw with fixed parameters: from a key to an array of numbers, as `jax.random`.
public sealed interface Draw {
    /// The element type of the array.
    enum Type {
        /// `float[]`.
        FLOAT,
        /// `double[]`.
        DOUBLE,
        /// `int[]`.
        INT,
        /// `long[]`.
        LONG
    }

    /// {@return the element type of the array}
    Type type();

    /// {@return the draws, an array of [#type] and length `n`}
    ///
    /// @param key    packed key
    /// @param layout counter layout
    /// @param n      number of draws
    Object array(long key, Layout layout, int n);

    /// Floating draws of either precision.
    sealed interface Floating extends Draw {
        /// {@return whether the draws are float32}
        boolean isSingle();

        @Override
        default Type type() {
            return isSingle() ? Type.FLOAT : Type.DOUBLE;
        }
    }

    /// Integers of either size.
    sealed interface Whole extends Draw {
        /// {@return whether they are 32-bit integers}
        boolean isSingle();

        @Override
        default Type type() {
            return isSingle() ? Type.INT : Type.LONG;
        }
    }

    /// Indices and keys.
    sealed interface Longs extends Draw {
        @Override
        default Type type() {
            return Type.LONG;
        }
    }

    /// Uniform on `[low, high)`.
    ///
    /// @param isSingle whether the draws are float32
    record Uniform(boolean isSingle, double low, double high) implements Floating {
        @Override
        public Object array(long key, Layout layout, int n) {
            return isSingle
                    ? Samplers.uniformFloat(key, layout, n, (float) low, (float) high)
                    : Samplers.uniform(key, layout, n, low, high);
        }
    }

    /// Normal.
    ///
    /// @param isSingle whether the draws are float32, which are standard ones
    /// @param loc      mean
    /// @param scale    standard deviation
    record Normal(boolean isSingle, double loc, double scale) implements Floating {
        @Override
        public Object array(long key, Layout layout, int n) {
            return isSingle ? Samplers.normalFloat(key, layout, n) : Samplers.normal(key, layout, n, loc, scale);
        }
    }

    /// A function of a uniform number.
    ///
    /// @param isSingle whether the draws are float32
    record Standard(boolean isSingle, StandardDraw kind) implements Floating {
        @Override
        public Object array(long key, Layout layout, int n) {
            return isSingle ? kind.floats(key, layout, n) : kind.doubles(key, layout, n);
        }
    }

    /// Integers uniform on `[low, high)`.
    ///
    /// @param isSingle whether they are int32, made of other words
    record Integers(boolean isSingle, long low, long high) implements Whole {
        @Override
        public Object array(long key, Layout layout, int n) {
            return isSingle
                    ? Samplers.randint32(key, layout, n, (int) low, (int) high)
                    : Samplers.randint64(key, layout, n, low, high);
        }
    }

    /// Random bits.
    ///
    /// @param isSingle whether they fill 32-bit integers rather than 64-bit ones
    record Bits(boolean isSingle) implements Whole {
        @Override
        public Object array(long key, Layout layout, int n) {
            return isSingle ? Threefry.bits32(key, layout, n) : Threefry.bits64(key, layout, n);
        }
    }

    /// The numbers 0 … n − 1 in random order.
    record Permutation() implements Longs {
        @Override
        public Object array(long key, Layout layout, int n) {
            return Arrays.stream(Samplers.permutation(key, layout, n)).asLongStream().toArray();
        }
    }

    /// Different numbers from 0 … size − 1, see [Samplers#subset].
    ///
    /// @param isSingle whether they are chosen by int32 draws
    record Subset(boolean isSingle, int size) implements Longs {
        @Override
        public Object array(long key, Layout layout, int n) {
            return Samplers.subset(key, layout, isSingle, size, n);
        }
    }

    /// Independent keys.
    record Split() implements Longs {
        @Override
        public Object array(long key, Layout layout, int n) {
            return Threefry.split(key, layout, n);
        }
    }

    /// The key for a number.
    record FoldIn(int data) implements Longs {
        @Override
        public Object array(long key, Layout layout, int n) {
            return new long[] {Threefry.foldIn(key, data)};
        }
    }
}
