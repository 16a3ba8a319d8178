package kiln.array;

import java.util.Objects;
import kiln.math.Samplers;
import kiln.math.Threefry;
import kiln.math.Threefry.Layout;

/// A key of the splittable generator: the same key gives the same numbers on every machine, the same as `jax.random`.
///
/// A key is used once. Whoever needs more numbers splits it: `var keys = key(0).split(2)`. Draws have the default floating type
/// (see [DType#withDefault]) and the bits of JAX's draws of that type and key: `float32` draws equal JAX's default mode,
/// `float64` draws equal JAX with `enable_x64`.
public final class PRNGKey extends DerivedDraws {
    private final long words;
    private final Layout layout;

    private PRNGKey(long words, Layout layout) {
        this.words = words;
        this.layout = layout;
    }

    /// {@return the key of a seed, in the layout of JAX since 0.5}
    ///
    /// @param seed any number; one that fits 32 bits, signed or unsigned, counts by its low word
    public static PRNGKey key(long seed) {
        return new PRNGKey(Threefry.key(seed), Layout.PARTITIONABLE);
    }

    /// {@return the key of a seed, in the layout of JAX before 0.5, for numbers printed in older tutorials}
    public static PRNGKey original(long seed) {
        return new PRNGKey(Threefry.key(seed), Layout.ORIGINAL);
    }

    /// {@return the two 32-bit words of the key}
    public long[] data() {
        return new long[] {words >>> 32, words & 0xFFFFFFFFL};
    }

    /// {@return two independent keys}
    public PRNGKey[] split() {
        return split(2);
    }

    /// {@return `n` independent keys}
    public PRNGKey[] split(int n) {
        long[] keys = Threefry.split(words, layout, n);
        PRNGKey[] out = new PRNGKey[n];
        for (int i = 0; i < n; i++) {
            out[i] = new PRNGKey(keys[i], layout);
        }
        return out;
    }

    /// {@return the key for a number, independent of the keys for other numbers}
    public PRNGKey foldIn(int data) {
        return new PRNGKey(Threefry.foldIn(words, data), layout);
    }

    /// {@return 64 random bits, such as the seed of another generator}
    public long bits() {
        return Threefry.bits64(words, layout, 1)[0];
    }

    private NDArray doubles(Shape shape, double[] values) {
        return Dense.of(new Aval(DType.FLOAT64, shape), values);
    }

    private NDArray floats(Shape shape, float[] values) {
        return Dense.of(new Aval(DType.FLOAT32, shape), values);
    }

    @FunctionalInterface
    private interface Sampler<A> {
        A draw(long key, Layout layout, int n);
    }

    /// Draws in the default floating type.
    private NDArray draw(Shape shape, Sampler<float[]> single, Sampler<double[]> wide) {
        int n = shape.size();
        return single() ? floats(shape, single.draw(words, layout, n)) : doubles(shape, wide.draw(words, layout, n));
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
        int n = shape.size();
        return single()
                ? floats(shape, Samplers.uniformFloat(words, layout, n, (float) low, (float) high))
                : doubles(shape, Samplers.uniform(words, layout, n, low, high));
    }

    /// {@return standard normal numbers}
    public NDArray normal(int... dims) {
        return normal(Shape.of(dims));
    }

    /// {@return standard normal numbers}
    public NDArray normal(Shape shape) {
        return draw(shape, Samplers::normalFloat, Samplers::normal);
    }

    /// {@return exponential numbers with rate 1, `−log(1 − u)`}
    public NDArray exponential(Shape shape) {
        return draw(shape, Samplers::exponentialFloat, Samplers::exponential);
    }

    /// {@return standard Gumbel numbers, `−log(−log u)`}
    public NDArray gumbel(Shape shape) {
        return draw(shape, Samplers::gumbelFloat, Samplers::gumbel);
    }

    /// {@return standard Laplace numbers, `sign(u) log(1 − |u|)` of `u` uniform on (−1, 1)}
    public NDArray laplace(Shape shape) {
        return draw(shape, Samplers::laplaceFloat, Samplers::laplace);
    }

    /// {@return standard logistic numbers, `log u − log(1 − u)`}
    public NDArray logistic(Shape shape) {
        return draw(shape, Samplers::logisticFloat, Samplers::logistic);
    }

    /// {@return standard Cauchy numbers, `tan π(u − ½)`}
    public NDArray cauchy(Shape shape) {
        return draw(shape, Samplers::cauchyFloat, Samplers::cauchy);
    }

    /// {@return gamma numbers with scale 1}
    ///
    /// @param concentration shape parameter; > 0; broadcasts to `shape`
    public NDArray gamma(NDArray concentration, Shape shape) {
        double[] a = Np.broadcastTo(concentration, shape).toDoubleArray();
        return single()
                ? floats(shape, Samplers.gammaFloat(words, layout, narrow(a)))
                : doubles(shape, Samplers.gamma(words, layout, a));
    }

    /// {@return logarithms of gamma numbers with scale 1, which do not underflow for a small concentration}
    ///
    /// @param concentration shape parameter; > 0; broadcasts to `shape`
    public NDArray loggamma(NDArray concentration, Shape shape) {
        double[] a = Np.broadcastTo(concentration, shape).toDoubleArray();
        return single()
                ? floats(shape, Samplers.logGammaFloat(words, layout, narrow(a)))
                : doubles(shape, Samplers.logGamma(words, layout, a));
    }

    private static float[] narrow(double[] x) {
        float[] out = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = (float) x[i];
        }
        return out;
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
        return Dense.of(new Aval(DType.INT64, shape), Samplers.randint64(words, layout, shape.size(), low, high));
    }

    /// {@return `int32` uniform on `[low, high)`: what JAX draws in its default mode}
    public NDArray randint32(Shape shape, int low, int high) {
        return Dense.of(new Aval(DType.INT32, shape), Samplers.randint32(words, layout, shape.size(), low, high));
    }

    /// {@return random bits, as `int32`}
    public NDArray bits(Shape shape) {
        return Dense.of(new Aval(DType.INT32, shape), Threefry.bits32(words, layout, shape.size()));
    }

    /// {@return the numbers 0 … n − 1 in random order, as `int64`}
    public NDArray permutation(int n) {
        int[] order = Samplers.permutation(words, layout, n);
        long[] out = new long[n];
        java.util.Arrays.setAll(out, i -> order[i]);
        return NDArray.of(out);
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
    public NDArray poisson(NDArray rate, Shape shape) {
        int[] counts = Samplers.poisson(words, layout, narrow(Np.broadcastTo(rate, shape).toDoubleArray()));
        return Dense.of(new Aval(DType.INT32, shape), counts).astype(DType.INT64);
    }

    /// {@return a hash of words and layout}
    @Override
    public int hashCode() {
        return Objects.hash(words, layout);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PRNGKey k && k.words == words && k.layout == layout;
    }

    @Override
    public String toString() {
        return "PRNGKey[" + (words >>> 32) + ", " + (words & 0xFFFFFFFFL) + (layout == Layout.ORIGINAL ? ", original]" : "]");
    }
}
