package kiln.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import kiln.array.NDArray;
import kiln.array.Shape;
import org.jspecify.annotations.Nullable;

/// What the rest of a model, data above all, says about each coordinate: a normal likelihood, near enough to choose coordinates by.
///
/// ```
/// log ℓ_i(t) ≈ linear_i · t_i − ½ precision_i · t_i²,   that is Normal(t_i; linear_i / precision_i, 1/√precision_i)
/// t = Qᵀ x for a site with a turn, otherwise x
/// ```
///
/// Where there is a shear, x is the deviation from the location for the sites of [PosteriorDensity#deviations].
///
/// A guess may be as wrong as it likes: the posterior stays the same, only sampling it becomes harder.
public final class Information {
    private final double[] precision;
    private final double[] linear;
    private final List<Turn> turns;
    private final @Nullable Shear shear;
    private final List<Vectors> vectors;

    /// Directions in which a site is looked at instead of along its elements.
    ///
    /// @param first      first coordinate of the site
    /// @param directions `Q`, a column for each direction
    public record Turn(int first, OrthogonalMap directions) {}

    /// How much some coordinates are taken to follow others: they are sampled without that part.
    ///
    /// ```
    /// free = position − slopes · x_by
    /// ```
    ///
    /// @param free      the coordinates that follow
    /// @param by        the coordinates that they follow
    /// @param slopes    `[free, by]`
    /// @param reference some values of the free coordinates for which the model makes sense, `[free]`
    public record Shear(List<Integer> free, List<Integer> by, NDArray slopes, NDArray reference) {
        /// The lists are copied.
        public Shear {
            free = List.copyOf(free);
            by = List.copyOf(by);
        }
    }

    /// What the rest of the model says about the vectors x of a site: `(h − C f)ᵀ x − ½ xᵀ K x`, about each.
    ///
    /// @param first     first coordinate of the site
    /// @param precision K, `[n, d, d]` for n vectors of d numbers, symmetric, no eigenvalue below 0
    /// @param linear    h, `[n, d]`
    /// @param followed  the coordinates f, all those of some sites: of sites of hierarchies what the rest of the model is told of, x or its deviation
    /// @param slopes    C, `[n, d, |f|]`
    /// @param reference some values of the vectors for which the model makes sense, `[n, d]`
    public record Vectors(int first, NDArray precision, NDArray linear, List<Integer> followed, NDArray slopes, NDArray reference) {
        /// The list is copied.
        public Vectors {
            followed = List.copyOf(followed);
        }
    }

    /// Information about each coordinate by itself.
    ///
    /// @param precision by coordinate, finite, ≥ 0; 0 says nothing
    /// @param linear    by coordinate, finite
    /// @throws IllegalArgumentException if a number is outside its domain
    public Information(double[] precision, double[] linear) {
        this(precision, linear, List.of(), Optional.empty(), List.of());
    }

    /// Copies the arrays.
    ///
    /// @param precision by coordinate, or direction of a site with a turn, finite, ≥ 0; 0 says nothing
    /// @param linear    by coordinate or direction, finite
    /// @param turns     at most one for a site
    /// @param shear     of some coordinates by those of hierarchical sites
    /// @param vectors   at most one for a site
    /// @throws IllegalArgumentException if a number is outside its domain
    public Information(double[] precision, double[] linear, List<Turn> turns, Optional<Shear> shear, List<Vectors> vectors) {
        this.precision = precision.clone();
        this.linear = linear.clone();
        this.turns = List.copyOf(turns);
        this.shear = shear.orElse(null);
        this.vectors = List.copyOf(vectors);
        if (Arrays.stream(precision).anyMatch(k -> !(k >= 0 && k < Double.POSITIVE_INFINITY))
                || !Arrays.stream(linear).allMatch(Double::isFinite)
                || precision.length != linear.length) {
            throw new IllegalArgumentException("Information: there must be a finite precision ≥ 0 and a finite linear term for each coordinate.\n"
                    + "  Got:      precision " + Arrays.toString(precision) + ", linear " + Arrays.toString(linear));
        }
    }

    /// {@return the precision by coordinate or direction, a copy}
    public double[] precision() {
        return precision.clone();
    }

    /// {@return the linear term by coordinate or direction, a copy}
    public double[] linear() {
        return linear.clone();
    }

    /// {@return the directions of the sites that are not looked at along their elements}
    public List<Turn> turns() {
        return turns;
    }

    /// {@return the shear; empty for none}
    public Optional<Shear> shear() {
        return Optional.ofNullable(shear);
    }

    /// {@return what is known of the sites of vectors}
    public List<Vectors> vectors() {
        return vectors;
    }

    // ---- as numbers, for a state that is kept

    /// {@return all of it as numbers, for [#ofNumbers]}
    public double[] numbers() {
        DoubleStream.Builder out = DoubleStream.builder();
        out.add(precision.length);
        put(out, precision);
        put(out, linear);
        out.add(turns.size());
        for (Turn t : turns) {
            out.add(t.first()).add(t.directions().size());
            switch (t.directions()) {
                case OrthogonalMap.Columns q -> {
                    out.add(0);
                    put(out, q.matrix().toDoubleArray());
                }
                case OrthogonalMap.Reflections r -> {
                    out.add(r.vectors().size(0));
                    put(out, r.vectors().toDoubleArray());
                }
            }
        }
        out.add(shear == null ? 0 : shear.free().size());
        if (shear != null) {
            out.add(shear.by().size());
            shear.free().forEach(i -> out.add(i));
            shear.by().forEach(i -> out.add(i));
            put(out, shear.slopes().toDoubleArray());
            put(out, shear.reference().toDoubleArray());
        }
        out.add(vectors.size());
        for (Vectors v : vectors) {
            out.add(v.first()).add(v.linear().size(0)).add(v.linear().size(1)).add(v.followed().size());
            put(out, v.precision().toDoubleArray());
            put(out, v.linear().toDoubleArray());
            v.followed().forEach(i -> out.add(i));
            put(out, v.slopes().toDoubleArray());
            put(out, v.reference().toDoubleArray());
        }
        return out.build().toArray();
    }

    private static void put(DoubleStream.Builder out, double[] x) {
        for (double v : x) {
            out.add(v);
        }
    }

    /// {@return the information of [#numbers]}
    public static Information ofNumbers(double[] numbers) {
        var in = new Reader(numbers);
        int d = in.integer();
        double[] precision = in.take(d);
        double[] linear = in.take(d);
        List<Turn> turns = new ArrayList<>();
        for (int left = in.integer(); left > 0; left--) {
            int first = in.integer();
            int n = in.integer();
            int reflections = in.integer();
            turns.add(new Turn(first, reflections == 0
                    ? new OrthogonalMap.Columns(NDArray.of(Shape.of(n, n), in.take(n * n)))
                    : new OrthogonalMap.Reflections(NDArray.of(Shape.of(reflections, n), in.take(reflections * n)))));
        }
        int free = in.integer();
        Optional<Shear> shear = Optional.empty();
        if (free > 0) {
            int by = in.integer();
            shear = Optional.of(new Shear(in.integers(free), in.integers(by), NDArray.of(Shape.of(free, by), in.take(free * by)), NDArray.of(in.take(free))));
        }
        List<Vectors> vectors = new ArrayList<>();
        for (int left = in.integer(); left > 0; left--) {
            int first = in.integer();
            int n = in.integer();
            int length = in.integer();
            int followed = in.integer();
            vectors.add(new Vectors(first, NDArray.of(Shape.of(n, length, length), in.take(n * length * length)), NDArray.of(Shape.of(n, length), in.take(n * length)),
                    in.integers(followed), NDArray.of(Shape.of(n, length, followed), in.take(n * length * followed)), NDArray.of(Shape.of(n, length), in.take(n * length))));
        }
        return new Information(precision, linear, turns, shear, vectors);
    }

    private static final class Reader {
        private final double[] numbers;
        private int at;

        Reader(double[] numbers) {
            this.numbers = numbers;
        }

        int integer() {
            return (int) numbers[at++];
        }

        double[] take(int n) {
            at += n;
            return Arrays.copyOfRange(numbers, at - n, at);
        }

        List<Integer> integers(int n) {
            return Arrays.stream(take(n)).mapToObj(x -> (int) x).toList();
        }
    }
}
