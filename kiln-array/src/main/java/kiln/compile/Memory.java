package kiln.compile;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Storage;
import kiln.math.Tiles;
import kiln.op.Kernel;
import kiln.op.Stream;
import kiln.op.Structured;
import kiln.op.TupleOp;

/// The numbered objects that generated code works on: the caller's arrays first, then constants, intermediate arrays, kernels.
///
/// The list is the same for every thread; [#instantiate] makes the objects of one thread. Constants are shared by all.
final class Memory {
    /// The most elements that a loop works on at a time; also the number of lanes of a sum, see [kiln.math.Sums].
    static final int TILE = kiln.math.Sums.LANES;

    /// What lies in one place.
    private sealed interface Cell {
        /// {@return the object of one thread}
        Object instantiate(Memory of);

        record Callers() implements Cell {
            @Override
            public Object instantiate(Memory of) {
                throw new IllegalStateException("a caller's array behind the callers' arrays");
            }
        }

        record Constant(DType dtype, Object storage) implements Cell {
            @Override
            public Object instantiate(Memory of) {
                return storage;
            }
        }

        record Cut(List<double[]> tiles) implements Cell {
            @Override
            public Object instantiate(Memory of) {
                return tiles.toArray(double[][]::new);
            }
        }

        record Scalars() implements Cell {
            @Override
            public Object instantiate(Memory of) {
                return new double[of.scalarCount];
            }
        }

        record Numbers() implements Cell {
            @Override
            public Object instantiate(Memory of) {
                double[] out = new double[of.numbers.size()];
                for (int i = 0; i < out.length; i++) {
                    out[i] = of.numbers.get(i);
                }
                return out;
            }
        }

        record Array(DType dtype, int length) implements Cell {
            @Override
            public Object instantiate(Memory of) {
                return Storage.allocate(dtype, length);
            }
        }

        record Worker(Supplier<?> maker) implements Cell {
            @Override
            public Object instantiate(Memory of) {
                return maker.get();
            }
        }

        record Streaming(Supplier<? extends Stream> maker) implements Cell {
            @Override
            public Object instantiate(Memory of) {
                return maker.get();
            }
        }

        record Parts(int blocks, int length) implements Cell {
            /// Neighbours in memory are written by different threads, so they must not share a cache line. And the lanes of two sums, which
            /// lie 2 to 32 such arrays apart, must not lie a multiple of 4,096 bytes apart, nor nearly: a processor takes a load for one
            /// of what it stores so far away, which cost a tenth of the time of two sums. Lanes take 4,800 bytes with this gap.
            private static final int GAP = 118;

            @Override
            public Object instantiate(Memory of) {
                return new double[blocks][length + GAP];
            }
        }

        record Threads() implements Cell {
            @Override
            public Object instantiate(Memory of) {
                throw new IllegalStateException("a team is made when everything else is there");
            }
        }

        record Inner(TupleKernels kernels) implements Cell {
            @Override
            public Object instantiate(Memory of) {
                return kernels.instantiate();
            }
        }

        record Arguments(int count) implements Cell {
            @Override
            public Object instantiate(Memory of) {
                return new Object[count];
            }
        }
    }

    private final List<Cell> cells = new ArrayList<>();
    private final Map<Object, Integer> constants = new IdentityHashMap<>();
    private final Map<Object, Integer> cuts = new IdentityHashMap<>();
    private final List<Integer> doubleTiles = new ArrayList<>();
    private final List<Integer> longTiles = new ArrayList<>();
    private final Options options;
    private final int callers;
    private final int scalars;
    private final List<Double> numbers = new ArrayList<>();
    private int scalarCount;
    private int team = -1;

    Memory(int callers, Options options) {
        this.options = options;
        this.callers = callers;
        for (int i = 0; i < callers; i++) {
            cells.add(new Cell.Callers());
        }
        scalars = add(new Cell.Scalars());
        add(new Cell.Numbers());
    }

    private int add(Cell cell) {
        cells.add(cell);
        return cells.size() - 1;
    }

    int constant(Dense value) {
        return constants.computeIfAbsent(value.storage(), s -> add(new Cell.Constant(value.dtype(), s)));
    }

    /// {@return the number of a known array that is cut into tiles, each an array of its own}
    int cut(Dense value) {
        return cuts.computeIfAbsent(value.storage(), s -> {
            List<double[]> tiles = new ArrayList<>();
            for (int from = 0; from < value.size(); from += TILE) {
                int length = Math.min(TILE, value.size() - from);
                double[] tile = new double[Tiles.room(length)];
                System.arraycopy((double[]) s, from, tile, 0, length);
                tiles.add(tile);
            }
            return add(new Cell.Cut(tiles));
        });
    }

    int array(DType dtype, int length) {
        return add(new Cell.Array(dtype, length));
    }

    /// {@return the number of a kernel}
    ///
    /// @param maker makes that of one thread
    int kernel(Supplier<Kernel> maker) {
        return add(new Cell.Worker(maker));
    }

    int kernel(Structured op, List<Aval> in) {
        return kernel(() -> op.kernel(in));
    }

    int stream(Supplier<? extends Stream> maker) {
        return add(new Cell.Streaming(maker));
    }

    /// {@return the number of an array for each block of a loop}
    ///
    /// @param length the elements that are used
    int parts(int blocks, int length) {
        return add(new Cell.Parts(blocks, length));
    }

    /// {@return the number of the [Team] that shares the blocks of loops}
    int team() {
        if (team < 0) {
            team = add(new Cell.Threads());
        }
        return team;
    }

    int kernel(TupleOp op, List<Aval> in) {
        return add(new Cell.Inner(TupleKernels.of(op, in, options)));
    }

    /// {@return the kernels that run programs of their own}
    List<TupleKernels> inner() {
        return cells.stream()
                .<TupleKernels>mapMulti((c, to) -> {
                    if (c instanceof Cell.Inner(TupleKernels kernels)) {
                        to.accept(kernels);
                    }
                })
                .toList();
    }

    int arguments(int count) {
        return add(new Cell.Arguments(count));
    }

    /// {@return the `k`-th scratch tile, shared by all loops}
    int tile(boolean floating, int k) {
        List<Integer> tiles = floating ? doubleTiles : longTiles;
        while (tiles.size() <= k) {
            tiles.add(array(floating ? DType.FLOAT64 : DType.INT64, Tiles.room(TILE)));
        }
        return tiles.get(k);
    }

    /// {@return the array in which scalars pass from one generated method to another}
    int scalars() {
        return scalars;
    }

    int nextScalar() {
        return scalarCount++;
    }

    /// {@return the array of the numbers that code reads one at a time}
    int numbers() {
        return scalars + 1;
    }

    /// {@return the position of a new number among them}
    int number(double value) {
        numbers.add(value);
        return numbers.size() - 1;
    }

    /// {@return bytes of one thread's intermediate arrays}
    long workspaceBytes() {
        long sum = 8L * scalarCount;
        for (Cell cell : cells) {
            if (cell instanceof Cell.Array(DType dtype, int length)) {
                sum += (long) dtype.bytes() * length;
            } else if (cell instanceof Cell.Parts(int blocks, int length)) {
                sum += 8L * blocks * length;
            } else if (cell instanceof Cell.Inner(TupleKernels kernels)) {
                sum += kernels.workspaceBytes();
            }
        }
        return sum;
    }

    /// {@return bytes of the constants, which all threads share}
    long constantBytes() {
        long sum = 8L * numbers.size();
        for (Cell cell : cells) {
            if (cell instanceof Cell.Constant(DType dtype, Object storage)) {
                sum += (long) dtype.bytes() * Array.getLength(storage);
            } else if (cell instanceof Cell.Cut(List<double[]> tiles)) {
                sum += tiles.stream().mapToLong(t -> 8L * t.length).sum();
            }
        }
        return sum;
    }

    /// {@return fresh objects for one thread that evaluates; the caller's arrays are null}
    ///
    /// @param threads how many threads share the blocks of loops, ≥ 1
    Object[] instantiate(int threads) {
        Object[] out = new Object[cells.size()];
        for (int i = callers; i < out.length; i++) {
            if (i != team) {
                out[i] = cells.get(i).instantiate(this);
            }
        }
        if (team >= 0) {
            Object[][] helpers = new Object[threads - 1][];
            for (int k = 0; k < helpers.length; k++) {
                helpers[k] = forHelper(out);
            }
            out[team] = new Team(helpers, callers);
        }
        return out;
    }

    /// {@return the objects of a thread that only works on blocks: what blocks write on, and everything else shared}
    private Object[] forHelper(Object[] evaluator) {
        Object[] own = evaluator.clone();
        for (int i = callers; i < own.length; i++) {
            if (cells.get(i) instanceof Cell.Streaming || doubleTiles.contains(i) || longTiles.contains(i)) {
                own[i] = cells.get(i).instantiate(this);
            }
        }
        return own;
    }
}
