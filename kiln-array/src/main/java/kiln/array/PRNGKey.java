package kiln.array;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kiln.math.Draw;
import kiln.math.Samplers;
import kiln.math.StandardDraw;
import kiln.math.Threefry;
import kiln.math.Threefry.Layout;
import kiln.op.Bind;
import kiln.op.GammaDraw;
import kiln.op.KeyedDraw;
import org.jspecify.annotations.Nullable;

/// A key of the splittable generator: the same key gives the same numbers on every machine, the same as `jax.random`.
///
/// A key is used once. Whoever needs more numbers splits it: `var keys = key(0).split(2)`. Draws have the default floating type
/// (see [DType#withDefault]) and the bits of JAX's draws of that type and key: `float32` draws equal JAX's default mode,
/// `float64` draws equal JAX with `enable_x64`.
///
/// A key of [#fast] is a second kind, for programs that draw much and need not equal JAX, like the generators `rbg` and `unsafe_rbg` there. It
/// is split and folded as the others are; its draws are those of a fast sequential generator and of algorithms for it (ziggurat,
/// inversion), as reproducible as the others. Everything that takes a key takes either kind.
public final class PRNGKey extends DerivedDraws {
    private static final Aval KEY = new Aval(DType.INT64, Shape.SCALAR);
    private static final Pattern TEXT = Pattern.compile("PRNGKey\\[(\\d{1,10}), (\\d{1,10})(?:, (original|fast))?]");

    /// Both words packed; of no meaning where they are traced.
    private final long words;
    private final Layout layout;
    /// The packed words where they are an argument of a function that is being traced.
    private final @Nullable NDArray traced;

    private PRNGKey(long words, Layout layout, @Nullable NDArray traced) {
        this.words = words;
        this.layout = layout;
        this.traced = traced;
    }

    /// {@return the key of a seed, in the layout of JAX since 0.5}
    ///
    /// @param seed any number; one that fits 32 bits, signed or unsigned, counts by its low word
    public static PRNGKey key(long seed) {
        return new PRNGKey(Threefry.key(seed), Layout.PARTITIONABLE, null);
    }

    /// {@return the key of a seed, in the layout of JAX before 0.5, for numbers printed in older tutorials}
    public static PRNGKey original(long seed) {
        return new PRNGKey(Threefry.key(seed), Layout.ORIGINAL, null);
    }

    /// {@return a key of a seed whose draws are several times faster and are not JAX's}
    ///
    /// The words of an array come from 256 generators xoshiro256++ side by side, each started at 256 bits of threefry2x32 of the key.
    ///
    /// Source: D. Blackman, S. Vigna, *Scrambled linear pseudorandom number generators* (2021).
    ///
    /// @param seed any number
    public static PRNGKey fast(long seed) {
        return new PRNGKey(Threefry.key(seed), Layout.SEQUENTIAL, null);
    }

    /// {@return the key that [#toString] wrote}
    ///
    /// @param text such as `PRNGKey[0, 42]`
    /// @throws IllegalArgumentException if it is no such text
    public static PRNGKey parse(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException(new Diagnosis("PRNGKey.parse", "the text is not a key")
                    .expected("PRNGKey[0, 42]")
                    .got("\"" + text + "\"")
                    .message());
        }
        long words = Long.parseLong(m.group(1)) << 32 | Long.parseLong(m.group(2));
        for (Layout layout : Layout.values()) {
            if (name(layout).equals(Objects.requireNonNullElse(m.group(3), ""))) {
                return new PRNGKey(words, layout, null);
            }
        }
        throw new IllegalStateException("the pattern admits a name that no layout has");
    }

    private static String name(Layout layout) {
        return switch (layout) {
            case PARTITIONABLE -> "";
            case ORIGINAL -> "original";
            case SEQUENTIAL -> "fast";
        };
    }

    /// {@return the two 32-bit words of the key}
    ///
    /// @throws TracedValueException if the key is an argument of a function that is being traced
    public long[] data() {
        return new long[] {words("data()") >>> 32, words("data()") & 0xFFFFFFFFL};
    }

    private long words(String who) {
        if (traced != null) {
            throw new TracedValueException(
                    new Diagnosis(who, "the random key is an argument of a function that is being traced, so it has no numbers yet")
                            .got(toString())
                            .at(UserCode.line())
                            .fix("call it outside of jit, vmap and SVI; uniform, normal, gamma and what is made of them work inside."),
                    traced);
        }
        return words;
    }

    /// {@return the key as an array, to pass it through a transform: an `int64` scalar that holds both words}
    public NDArray keyData() {
        return traced != null ? traced : Dense.of(KEY, new long[] {words});
    }

    /// {@return a key of the same layout with other words, which may be traced}
    ///
    /// With it, functions of keys are compiled and mapped like others: a key is a leaf of a [structure][kiln.func.Pytree].
    ///
    /// @param keyData an `int64` scalar, as of [#keyData()]
    /// @throws ShapeException if it is no scalar
    public PRNGKey withKeyData(NDArray keyData) {
        if (!keyData.shape().equals(Shape.SCALAR)) {
            throw new ShapeException(new Diagnosis("withKeyData", "a key is one number")
                    .expected("an int64 scalar")
                    .got(keyData.aval().toString())
                    .at(UserCode.line())
                    .fix("map over several keys: vmap(k -> f(key.withKeyData(k))).apply(key.splitKeyData(n))."));
        }
        return keyData.isKnown() ? new PRNGKey(keyData.toLongArray()[0], layout, null) : new PRNGKey(0, layout, keyData);
    }

    /// {@return whether both keys draw by the same rules: JAX's present or earlier ones, or those of fast keys}
    public boolean isSameKind(PRNGKey other) {
        return layout == other.layout;
    }

    /// {@return two independent keys}
    public PRNGKey[] split() {
        return split(2);
    }

    /// {@return `n` independent keys}
    public PRNGKey[] split(int n) {
        PRNGKey[] out = new PRNGKey[n];
        if (traced != null) {
            NDArray keys = splitKeyData(n);
            Arrays.setAll(out, i -> withKeyData(keys.get(i)));
            return out;
        }
        long[] keys = Threefry.split(words, layout, n);
        Arrays.setAll(out, i -> new PRNGKey(keys[i], layout, null));
        return out;
    }

    /// {@return the data of `n` independent keys, those of [#split(int)], as one `int64` array: to map over them}
    public NDArray splitKeyData(int n) {
        return draw(Shape.of(n), new Draw.Split());
    }

    /// {@return the key for a number, independent of the keys for other numbers}
    public PRNGKey foldIn(int data) {
        return traced != null
                ? withKeyData(draw(Shape.SCALAR, new Draw.FoldIn(data)))
                : new PRNGKey(Threefry.foldIn(words, data), layout, null);
    }

    /// {@return 64 random bits, such as the seed of another generator}
    ///
    /// @throws TracedValueException if the key is an argument of a function that is being traced
    public long bits() {
        return Threefry.bits64(words("bits()"), layout, 1)[0];
    }

    private NDArray draw(Shape shape, Draw draw) {
        var op = new KeyedDraw(draw, layout, shape);
        return traced != null
                ? Bind.apply(op, traced)
                : Dense.of(op.type(List.of(KEY)), draw.array(words, layout, shape.size()));
    }

    private static boolean single() {
        return DType.floating() == DType.FLOAT32;
    }

    // ---- continuous

    /// {@return uniform on `[0, 1)`}
    public NDArray uniform(int... dims) {
        return uniform(Shape.of(dims), 0, 1);
    }

    /// {@return uniform on `[low, high)`}
    public NDArray uniform(Shape shape, double low, double high) {
        return draw(shape, new Draw.Uniform(single(), low, high));
    }

    /// {@return uniform between two arrays, `low + u (high − low)`, of the default floating type}
    ///
    /// @param low  broadcasts to `shape`
    /// @param high broadcasts to `shape`
    public NDArray uniform(Shape shape, NDArray low, NDArray high) {
        NDArray from = Np.astype(low, DType.floating());
        NDArray width = Np.astype(high, DType.floating()).minus(from);
        return Np.maximum(from, uniform(shape, 0, 1).times(width).plus(from));
    }

    /// {@return standard normal numbers}
    public NDArray normal(int... dims) {
        return normal(Shape.of(dims));
    }

    /// {@return standard normal numbers}
    public NDArray normal(Shape shape) {
        return draw(shape, new Draw.Normal(single(), 0, 1));
    }

    /// {@return normal numbers, `loc + scale z` with the standard normal numbers `z` of [#normal(Shape)]}
    ///
    /// @param loc   mean; broadcasts to `shape`
    /// @param scale standard deviation; broadcasts to `shape`
    public NDArray normal(Shape shape, NDArray loc, NDArray scale) {
        // Known numbers are worked in while the draws are made: the same bits, two arrays less.
        return isNumber(loc) && isNumber(scale)
                ? draw(shape, new Draw.Normal(false, loc.item(), scale.item()))
                : loc.plus(scale.times(normal(shape)));
    }

    /// {@return whether `x` is one known number, and draws are of the type in which numbers come}
    private static boolean isNumber(NDArray x) {
        return x instanceof Dense && x.rank() == 0 && !single();
    }

    /// {@return exponential numbers with rate 1, `−log(1 − u)`}
    public NDArray exponential(Shape shape) {
        return draw(shape, new Draw.Standard(single(), StandardDraw.EXPONENTIAL));
    }

    /// {@return standard Gumbel numbers, `−log(−log u)`}
    public NDArray gumbel(Shape shape) {
        return draw(shape, new Draw.Standard(single(), StandardDraw.GUMBEL));
    }

    /// {@return standard Laplace numbers, `sign(u) log(1 − |u|)` of `u` uniform on (−1, 1)}
    public NDArray laplace(Shape shape) {
        return draw(shape, new Draw.Standard(single(), StandardDraw.LAPLACE));
    }

    /// {@return standard logistic numbers, `log u − log(1 − u)`}
    public NDArray logistic(Shape shape) {
        return draw(shape, new Draw.Standard(single(), StandardDraw.LOGISTIC));
    }

    /// {@return standard Cauchy numbers, `tan π(u − ½)`}
    public NDArray cauchy(Shape shape) {
        return draw(shape, new Draw.Standard(single(), StandardDraw.CAUCHY));
    }

    /// {@return gamma numbers with scale 1}
    ///
    /// The draw has a derivative by the concentration, that of the draw at a fixed probability (see [GammaDraw]); so have the draws
    /// that are made of gamma draws: [#beta], [#dirichlet], [#chisquare], [#f], [#t].
    ///
    /// @param concentration shape parameter; > 0; broadcasts to `shape`
    public NDArray gamma(Number concentration, Shape shape) {
        return gamma(concentration, shape, false);
    }

    /// {@return gamma numbers, those of [#gamma(Number, Shape)] divided by an inverse scale}
    ///
    /// @param concentration shape parameter; > 0; broadcasts to `shape`
    /// @param rate          inverse scale; > 0; broadcasts to `shape`
    public NDArray gamma(Number concentration, Number rate, Shape shape) {
        NDArray divisor = NDArray.as(rate);
        NDArray draws = gamma(concentration, shape);
        if (!isNumber(divisor) || !draws.isKnown()) {
            return draws.div(divisor);
        }
        // The draws were made just now and nobody else holds them.
        double[] x = (double[]) draws.known().storage();
        double scalar = divisor.item();
        for (int i = 0; scalar != 1 && i < x.length; i++) {
            x[i] /= scalar;
        }
        return draws;
    }

    /// {@return logarithms of gamma numbers with scale 1, which do not underflow for a small concentration}
    ///
    /// @param concentration shape parameter; > 0; broadcasts to `shape`
    public NDArray loggamma(Number concentration, Shape shape) {
        return gamma(concentration, shape, true);
    }

    private NDArray gamma(Number concentration, Shape shape, boolean isLog) {
        NDArray a = Np.astype(NDArray.as(concentration), DType.floating());
        if (traced == null && isNumber(a)) {
            double[] draws = new double[shape.size()];
            Samplers.gamma(words, layout, a.toDoubleArray(), isLog, draws, 0, draws.length);
            return Dense.of(new Aval(DType.FLOAT64, shape), draws);
        }
        return Bind.apply(new GammaDraw(layout, shape.size(), isLog), keyData(), Np.broadcastTo(a, shape));
    }

    // ---- discrete

    /// {@return truth values, true with the given probabilities}
    ///
    /// @param p in [0, 1]; broadcasts to `shape`
    public NDArray bernoulli(Number p, Shape shape) {
        return uniform(shape, 0, 1).lt(p);
    }

    /// {@return `int64` uniform on `[low, high)`}
    public NDArray randint(Shape shape, long low, long high) {
        return draw(shape, new Draw.Integers(false, low, high));
    }

    /// {@return integers uniform on `[low, high)`}
    ///
    /// @param dtype `INT64`, or `INT32` for what JAX draws in its default mode: other numbers, made of 32-bit words
    /// @throws DomainException if the type is not an integer, or a bound is no number of it
    public NDArray randint(Shape shape, long low, long high, DType dtype) {
        if (dtype == DType.INT64) {
            return randint(shape, low, high);
        }
        if (dtype != DType.INT32 || low != (int) low || high != (int) high) {
            throw new DomainException(new Diagnosis("randint", "the interval does not consist of numbers of the element type")
                    .expected("int32 or int64, with bounds of that type")
                    .got("[" + low + ", " + high + ") of " + dtype)
                    .at(UserCode.line()));
        }
        return draw(shape, new Draw.Integers(true, low, high));
    }

    /// {@return random bits, as `int32`}
    public NDArray bits(Shape shape) {
        return bits(shape, DType.INT32);
    }

    /// {@return random bits}
    ///
    /// @param dtype `INT32` or `INT64`
    /// @throws DomainException for another type
    public NDArray bits(Shape shape, DType dtype) {
        if (!dtype.isInteger()) {
            throw new DomainException(new Diagnosis("bits", "only integers hold random bits")
                    .expected("int32 or int64")
                    .got(dtype.toString())
                    .at(UserCode.line()));
        }
        return draw(shape, new Draw.Bits(dtype == DType.INT32));
    }

    /// {@return the numbers 0 … n − 1 in random order, as `int64`}
    public NDArray permutation(int n) {
        return draw(Shape.of(n), new Draw.Permutation());
    }

    /// {@return different numbers from 0 … n − 1 in random order, as `int64`: the indices that NumPyro draws for a subsampled plate}
    ///
    /// The last places of a Fisher–Yates shuffle; [#choice(int, Shape, boolean)] draws others, those of `jax.random.choice`.
    ///
    /// @param n     how many numbers there are
    /// @param count how many are chosen, from 0 to `n`
    public NDArray subset(int n, int count) {
        return draw(Shape.of(count), new Draw.Subset(single(), n));
    }

    /// {@return indices drawn with probabilities proportional to `e^logits`, by the largest of Gumbel numbers}
    ///
    /// @param logits shape `[…, k]`
    /// @param shape  shape of the draws; the leading axes of `logits` broadcast to it
    public NDArray categorical(NDArray logits, Shape shape) {
        return Np.argmax(gumbel(shape.then(logits.shape().last(1))).plus(logits), -1);
    }

    /// {@return counts from Poisson distributions, as `int64`}
    ///
    /// @param rate mean; ≥ 0; broadcasts to `shape`
    public NDArray poisson(Number rate, Shape shape) {
        NDArray mean = NDArray.as(rate);
        if (layout == Layout.SEQUENTIAL) {
            double[] rates = (isNumber(mean) ? mean : Np.broadcastTo(mean, shape)).toDoubleArray();
            return Dense.of(new Aval(DType.INT64, shape), Samplers.sequentialPoisson(words("poisson"), rates, shape.size()));
        }
        int[] counts = Samplers.poisson(words("poisson"), layout, Samplers.narrow(Np.broadcastTo(mean, shape).toDoubleArray()));
        return Dense.of(new Aval(DType.INT32, shape), counts).astype(DType.INT64);
    }

    /// {@return a source of uniform numbers one after another; empty for a key that gives each draw a key of its own, as JAX does}
    Optional<DoubleSupplier> sequence() {
        return layout == Layout.SEQUENTIAL ? Optional.of(Samplers.sequentialUniform(words("binomial"))) : Optional.empty();
    }

    /// {@return a hash of words and layout}
    @Override
    public int hashCode() {
        return Objects.hash(words, layout, traced);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PRNGKey k && k.words == words && k.layout == layout && k.traced == traced;
    }

    @Override
    public String toString() {
        String kind = layout == Layout.PARTITIONABLE ? "]" : ", " + name(layout) + "]";
        return traced != null ? "PRNGKey[traced" + kind : "PRNGKey[" + (words >>> 32) + ", " + (words & 0xFFFFFFFFL) + kind;
    }
}
