package kiln.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.UserCode;
import kiln.compile.Executable;
import kiln.compile.Options;
import kiln.compile.Paths;
import kiln.compile.Precautions;
import kiln.compile.Slot;
import kiln.graph.Graph;
import org.jspecify.annotations.Nullable;

/// A log density that was traced, differentiated and compiled: what a user could have written by hand.
///
/// The position is a vector in which the arrays of the function lie one after the other. Where the function branches in plain Java on its
/// values, each path has a program of its own, see [Paths].
final class CompiledDensity implements LogDensity {
    private final int dimension;
    private final List<Shape> shapes;
    private final Paths<Program> paths;
    private final int threads;
    private final Map<Integer, Optional<Executable>> wide = new ConcurrentHashMap<>();
    private final Map<Integer, Optional<Executable>> wideValues = new ConcurrentHashMap<>();
    private final ThreadLocal<Evaluation> evaluation = ThreadLocal.withInitial(Evaluation::new);

    private CompiledDensity(int dimension, List<Shape> shapes, Paths<Program> paths, int threads) {
        this.dimension = dimension;
        this.shapes = shapes;
        this.paths = paths;
        this.threads = threads;
    }

    /// Compiles a function of arrays: the path that it takes at zero, others when they are taken.
    ///
    /// @param purpose the method that asks, for messages
    /// @param shapes  shapes of the arrays, in the order in which they lie in the position
    /// @param density the log density, a scalar
    /// @param options what the compiler may do
    /// @param by      how the gradient is taken
    static CompiledDensity of(
            String purpose, List<Shape> shapes, Function<List<NDArray>, NDArray> density, Options options, Differentiation by) {
        return of(purpose, shapes, shapes.size(), density, options, by);
    }

    /// Compiles a function of arrays, the last of which nobody asks for a gradient.
    ///
    /// @param free how many arrays, from the front, have a gradient where it is taken forwards
    static CompiledDensity of(
            String purpose, List<Shape> shapes, int free, Function<List<NDArray>, NDArray> density, Options options, Differentiation by) {
        List<Slot> in = new ArrayList<>();
        List<Slot> out = new ArrayList<>();
        var value = new Slot(2, 0);
        out.add(value);
        int dimension = 0;
        for (Shape shape : shapes) {
            in.add(new Slot(0, dimension));
            out.add(new Slot(1, dimension));
            dimension += shape.size();
        }
        Paths<Program> paths = new Paths<>(
                purpose,
                shapes.stream().map(s -> new Aval(DType.FLOAT64, s)).toList(),
                x -> List.of(density.apply(x).astype(DType.FLOAT64)),
                check -> Executable.compile(check, in, List.of(value), Options.EXACT),
                path -> Program.of(path.graph(), in, out, options, g -> by.valueAndGrad(g, free), by != Differentiation.ON_DEMAND));
        var compiled = new CompiledDensity(dimension, shapes, paths, 1);
        compiled.evaluation.get().path(new double[compiled.dimension]);
        return compiled;
    }

    /// The programs of one path.
    ///
    /// @param isEager whether the gradient was compiled at once
    /// @param whole   value and gradient
    /// @param value   the value alone
    private record Program(boolean isEager, Guarded whole, Guarded value) {
        /// @param eager whether the gradient is compiled at once
        static Program of(Graph value, List<Slot> in, List<Slot> out, Options options, UnaryOperator<Graph> derivative, boolean eager) {
            Optional<Graph> bold = Precautions.remove(value);
            Graph first = bold.orElse(value);
            var gradient = new Lazy<>(() -> Executable.compile(derivative.apply(first), in, out, options));
            if (eager) {
                gradient.get();
            }
            List<Slot> alone = List.of(out.getFirst());
            var values = new Lazy<>(() -> Executable.compile(first, in, alone, options));
            return new Program(
                    eager,
                    new Guarded(gradient, bold.isEmpty() ? null : new Lazy<>(() -> Executable.compile(derivative.apply(value), in, out, options))),
                    new Guarded(values, bold.isEmpty() ? null : new Lazy<>(() -> Executable.compile(value, in, alone, options))));
        }

        /// What is explained to people.
        Supplier<Executable> shown() {
            return (isEager ? whole : value).bold();
        }
    }

    /// A program without [Precautions].
    ///
    /// @param bold    the program
    /// @param careful the same with all precautions, for where the first one is not finite; null: it has them all
    private record Guarded(Supplier<Executable> bold, @Nullable Supplier<Executable> careful) {}

    /// What one thread computes with.
    private final class Evaluation implements LogDensity {
        private final double[] value = new double[1];
        private final List<PathWorker> workers = new ArrayList<>();
        private @Nullable PathWorker latest;

        @Override
        public int dimension() {
            return dimension;
        }

        @Override
        public LogDensity worker() {
            return CompiledDensity.this.worker();
        }

        @Override
        public String explain() {
            return CompiledDensity.this.explain();
        }

        @Override
        public double valueAndGradient(double[] position, double[] gradient) {
            PathWorker worker = path(position);
            if (worker == null) {
                Arrays.fill(gradient, Double.NaN);
                return Double.NaN;
            }
            return worker.whole.at(position, gradient, value);
        }

        @Override
        public double value(double[] position, double[] scratch) {
            PathWorker worker = path(position);
            return worker == null ? Double.NaN : worker.alone.at(position, position, value);
        }

        /// The path at a position; null where the position is no number, so that nothing can be branched on.
        @Nullable PathWorker path(double[] position) {
            PathWorker last = latest;
            if (last != null && last.check == null) {
                return last;
            }
            for (double x : position) {
                if (!Double.isFinite(x)) {
                    return null;
                }
            }
            if (last != null && last.fits(position, value)) {
                return last;
            }
            for (PathWorker worker : workers) {
                if (worker != last && worker.fits(position, value)) {
                    latest = worker;
                    return worker;
                }
            }
            Paths.Path<Program> path = paths.at(
                    check -> new Check(check).holds(position, value), () -> arguments(shapes, position));
            while (workers.size() <= path.number()) {
                workers.add(new PathWorker(paths.found().get(workers.size())));
            }
            latest = workers.get(path.number());
            return latest;
        }
    }

    /// A check with the memory of one thread.
    private record Check(Executable.Worker worker) {
        Check(Executable check) {
            this(check.worker());
        }

        boolean holds(double[] position, double[] value) {
            worker.run(position, position, value);
            return value[0] != 0;
        }
    }

    /// The programs of a path with the memory of one thread.
    private final class PathWorker {
        private final @Nullable Check check;
        private final GuardedWorker whole;
        private final GuardedWorker alone;

        PathWorker(Paths.Path<Program> path) {
            check = path.check() == null ? null : new Check(path.check());
            whole = new GuardedWorker(path.program().whole());
            alone = new GuardedWorker(path.program().value());
        }

        boolean fits(double[] position, double[] value) {
            return check == null || check.holds(position, value);
        }

    }

    /// A program with the memory of one thread, made when it first runs.
    private final class GuardedWorker {
        private final Guarded programs;
        private Executable.@Nullable Worker bold;
        private Executable.@Nullable Worker careful;

        GuardedWorker(Guarded programs) {
            this.programs = programs;
        }

        /// @param gradient receives the gradient, of a program that computes it
        double at(double[] position, double[] gradient, double[] value) {
            if (bold == null) {
                bold = programs.bold().get().worker(threads);
            }
            bold.run(position, gradient, value);
            Supplier<Executable> guarded = programs.careful();
            if (!Double.isFinite(value[0]) && guarded != null) {
                if (careful == null) {
                    careful = guarded.get().worker(threads);
                }
                careful.run(position, gradient, value);
            }
            return value[0];
        }
    }

    /// {@return the arrays that lie one after the other in a position}
    static List<Dense> arguments(List<Shape> shapes, double[] position) {
        List<Dense> out = new ArrayList<>();
        int from = 0;
        for (Shape shape : shapes) {
            int to = from + shape.size();
            out.add(Dense.of(new Aval(DType.FLOAT64, shape), Arrays.copyOfRange(position, from, to)));
            from = to;
        }
        return out;
    }

    /// A program, or what is made of one, that is compiled when it is first needed.
    private static final class Lazy<T> implements Supplier<T> {
        private final Supplier<T> maker;
        private @Nullable T made;

        Lazy(Supplier<T> maker) {
            this.maker = maker;
        }

        @Override
        public synchronized T get() {
            if (made == null) {
                made = maker.get();
            }
            return made;
        }
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public double valueAndGradient(double[] position, double[] gradient) {
        return evaluation.get().valueAndGradient(position, gradient);
    }

    @Override
    public LogDensity worker() {
        return new Evaluation();
    }

    @Override
    public double value(double[] position, double[] scratch) {
        return evaluation.get().value(position, scratch);
    }

    @Override
    public Optional<LaneDensity> lanes(int lanes) {
        Paths.Path<Program> first = paths.found().getFirst();
        if (first.check() != null) {
            return Optional.empty(); // lanes would have to take different paths
        }
        Lanes own = new Lanes(lanes, first.program());
        return own.gains() ? Optional.of(own) : Optional.empty();
    }

    /// The lanes of one thread, whose programs are compiled when they are first asked for. Where one is not finite, the density is asked there alone, which
    /// knows what precautions to take.
    private final class Lanes implements LaneDensity {
        private final boolean isEager;
        private final double[][] value;
        private final Lazy<Optional<Executable.Worker>> whole;
        private final Lazy<Optional<Executable.Worker>> alone;

        Lanes(int lanes, Program program) {
            isEager = program.isEager();
            value = new double[lanes][1];
            whole = new Lazy<>(() -> wide.computeIfAbsent(lanes, n -> program.whole().bold().get().lanes(n)).map(Executable::worker));
            alone = new Lazy<>(() -> wideValues.computeIfAbsent(lanes, n -> program.value().bold().get().lanes(n)).map(Executable::worker));
        }

        /// Whether evaluations of the kind that the density is compiled for gain anything.
        boolean gains() {
            return (isEager ? whole : alone).get().isPresent();
        }

        @Override
        public int lanes() {
            return value.length;
        }

        @Override
        public void valuesAndGradients(double[][] positions, double[] values, double[][] gradients) {
            Optional<Executable.Worker> together = whole.get();
            if (together.isPresent()) {
                together.get().run(positions, gradients, value);
            }
            for (int k = 0; k < value.length; k++) {
                boolean known = together.isPresent() && Double.isFinite(value[k][0]);
                values[k] = known ? value[k][0] : valueAndGradient(positions[k], gradients[k]);
            }
        }

        @Override
        public void values(double[][] positions, double[] values, double[][] scratch) {
            Optional<Executable.Worker> together = alone.get();
            if (together.isPresent()) {
                together.get().run(positions, positions, value);
            }
            for (int k = 0; k < value.length; k++) {
                boolean known = together.isPresent() && Double.isFinite(value[k][0]);
                values[k] = known ? value[k][0] : value(positions[k], scratch[k]);
            }
        }
    }

    @Override
    public CompiledDensity threads(int k) {
        if (k < 1) {
            throw new IllegalArgumentException(new Diagnosis("threads", "an evaluation needs a thread")
                    .expected("a number ≥ 1")
                    .got("" + k)
                    .at(UserCode.line())
                    .message());
        }
        return new CompiledDensity(dimension, shapes, paths, k);
    }

    @Override
    public String explain() {
        List<Paths.Path<Program>> found = paths.found();
        if (found.size() == 1 && found.getFirst().guards().isEmpty()) {
            return found.getFirst().program().shown().get().explain();
        }
        var text = new StringBuilder();
        for (Paths.Path<Program> path : found) {
            text.append("Path ").append(path.number() + 1).append(" of the ").append(found.size()).append(" found so far\n");
            text.append(path.explainGuards()).append(path.program().shown().get().explain());
        }
        return text.toString();
    }
}
