package kiln.dist;

import static kiln.array.Np.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.math.Elementary;

/// All counts of a mixture one by one or, where they go on for long, to 2048 at least; the others by an integral.
///
/// ```
/// Σ f(k) = Σ_{k < n} f(k) + ∫ f(eᵘ) eᵘ du + Σᵢ gᵢ f(n + i),  u ≥ log n
/// ```
///
/// The last sum is Gregory's correction of nine differences. Components of finite support end before n; of the others the masses are
/// functions of real numbers, and so far out smooth: wherever they count, they are as wide as √n.
final class MixtureCounts extends MixtureValues {
    private static final int DIRECT = 2048;

    /// Up to here counts are added one by one whatever they are.
    private static final long FEW = 1 << 14;

    /// More counts than these are not added one by one.
    private static final long MOST = 1L << 24;

    /// Densities at once.
    private static final int MANY = 1 << 21;

    /// Where `k p(k)` is below, nothing counts.
    private static final double LEAST = -50;

    /// The logarithm of the end of the integral: near that of the largest double.
    private static final double FAR = 690;

    private final Shape batch;
    private final List<Distribution> leaves = new ArrayList<>();
    private final long from;
    private final long to;
    private final boolean isLong;

    MixtureCounts(Mixed d) {
        super(d);
        batch = d.batchShape();
        eachLeaf(d, leaf -> {
            leaves.add(leaf);
            return List.of();
        });
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double reach = Double.NEGATIVE_INFINITY;
        boolean smooth = true;
        for (Distribution leaf : leaves) {
            double end = QuantileSearch.upper(leaf.support()).max().item();
            low = Math.min(low, QuantileSearch.lower(leaf.support()).min().item());
            if (end < Double.POSITIVE_INFINITY) {
                high = Math.max(high, end);
            } else {
                reach = Math.max(reach, reach(leaf));
                smooth &= isSmooth(leaf);
            }
        }
        isLong = smooth && reach > FEW;
        double last = isLong ? Math.max(high, DIRECT - 1) : Math.max(high, reach);
        if (!(low > -MOST && last - low < MOST)) {
            throw refusal("at most " + MOST + " counts", "those from " + low + " to " + last, "give the components a shorter support.");
        }
        from = (long) low;
        to = (long) last;
    }

    /// A count beyond which the component adds nothing, or one above the most that are added.
    private static double reach(Distribution leaf) {
        double mean = where(isfinite(leaf.mean()), leaf.mean(), DIRECT).max().item();
        double k = Math.ceil(mean) + 1;
        for (double step = 16; k < MOST && any(leaf.logProb(k).plus(Elementary.log(k + 1)).gt(LEAST)).isTrue(); step *= 2) {
            k += step;
        }
        return k;
    }

    /// Whether the logarithm of the mass is a smooth function of a positive real number.
    private static boolean isSmooth(Distribution d) {
        Distribution core = core(d);
        return core instanceof Poisson || core instanceof GammaMixedPoisson || core instanceof BetaNegativeBinomial
                || core instanceof Geometric || core instanceof GeometricLogits;
    }

    /// What gives a distribution its shape beyond 0.
    private static Distribution core(Distribution d) {
        return switch (d) {
            case GammaMixedPoisson m -> m;
            case Equivalent e -> core(e.equivalent());
            case ZeroInflated z -> core(z.baseDist());
            case Hurdle h -> core(h.baseDist());
            case Expanded e -> core(e.baseDist());
            default -> d;
        };
    }

    @Override
    NDArray entropy() {
        NDArray sum = full(batch, 0);
        for (Part part : direct()) {
            sum = sum.minus(part.mass().times(Density.masked(distribution().logProb(part.x()))).sum(0));
        }
        if (!isLong) {
            return sum;
        }
        Tail tail = new Tail(sum.toDoubleArray());
        Part rest = tail.corrections();
        double[] value = sum.minus(rest.mass().times(Density.masked(smooth(distribution(), rest.x()))).sum(0))
                .plus(NDArray.of(batch, Arrays.stream(tail.integrals).mapToDouble(i -> i.value()).toArray()))
                .toDoubleArray();
        double[] end = smooth(distribution(), full(Shape.of(1).then(batch), Elementary.exp(FAR))).toDoubleArray();
        double[] error = new double[end.length];
        Arrays.setAll(error, b -> tail.integrals[b].error() + Elementary.exp(end[b] + FAR) * (FAR + 1) * FAR);
        return checked(value, error, "A tail is too long", "give BetaNegativeBinomial components a larger concentration0.");
    }

    @Override
    List<Part> parts() {
        List<Part> out = direct();
        if (isLong) {
            Tail tail = new Tail(new double[batch.size()]);
            out.add(tail.corrections());
            out.add(tail.nodes());
        }
        return out;
    }

    private List<Part> direct() {
        List<Part> out = new ArrayList<>();
        int step = Math.max(1, MANY / (batch.size() * leaves.size()));
        for (long k = from; k <= to; k += step) {
            int n = (int) Math.min(step, to - k + 1);
            NDArray x = broadcastTo(Density.trailing(arange(n).plus((double) k), batch.rank()), Shape.of(n).then(batch));
            out.add(new Part(x, exp(distribution().logProb(x)), Distribution::logProb));
        }
        return out;
    }

    /// The logarithm of the mass beyond all finite supports, at real numbers.
    private static NDArray smooth(Mixed d, NDArray x) {
        return Validation.without(() -> d.logMixture(x, MixtureCounts::smoothPart));
    }

    private static NDArray smoothPart(Distribution d, NDArray x) {
        return switch (d) {
            case Mixed m -> m.logMixture(x, MixtureCounts::smoothPart);
            case Expanded e -> smoothPart(e.baseDist(), x);
            default -> isSmooth(d) ? d.logProb(x) : full(Shape.broadcast(x.shape(), d.batchShape()), Double.NEGATIVE_INFINITY);
        };
    }

    /// The counts from [#to] on.
    private final class Tail {
        private final double start = to + 1;
        private final GaussKronrod.Integral[] integrals;

        Tail(double[] scale) {
            integrals = GaussKronrod.integrate(panels(), scale, this::inLog);
        }

        private double[][] inLog(double[][] u) {
            double[] logP = smooth(distribution(), exp(packed(u))).toDoubleArray();
            double[][] out = new double[u.length][];
            for (int b = 0; b < u.length; b++) {
                out[b] = new double[u[b].length];
                for (int r = 0; r < u[b].length; r++) {
                    double log = logP[r * u.length + b];
                    double mass = Elementary.exp(log + u[b][r]);
                    out[b][r] = mass == 0 ? 0 : -mass * log;
                }
            }
            return out;
        }

        /// What the integrals have at their own nodes; 0 where one has no more of them.
        private NDArray packed(double[][] u) {
            int n = Arrays.stream(u).mapToInt(own -> own.length).max().orElse(0);
            double[] x = new double[n * u.length];
            for (int b = 0; b < u.length; b++) {
                for (int r = 0; r < u[b].length; r++) {
                    x[r * u.length + b] = u[b][r];
                }
            }
            return NDArray.of(Shape.of(n).then(batch), x);
        }

        Part nodes() {
            double[][] at = Arrays.stream(integrals).map(i -> i.nodes()).toArray(double[][]::new);
            double[][] weights = Arrays.stream(integrals).map(i -> i.weights()).toArray(double[][]::new);
            NDArray u = packed(at);
            NDArray x = exp(u);
            NDArray mass = exp(smooth(distribution(), x).plus(u)).times(packed(weights));
            return new Part(x, mass, MixtureCounts::smooth);
        }

        Part corrections() {
            double[] weights = Gregory.weights();
            NDArray x = broadcastTo(
                    Density.trailing(arange(weights.length).plus(start), batch.rank()), Shape.of(weights.length).then(batch));
            NDArray mass = exp(smooth(distribution(), x)).times(Density.trailing(NDArray.of(weights), batch.rank()));
            return new Part(x, mass, MixtureCounts::smooth);
        }

        /// Ends of panels that grow from the lower end and from the middle of each component, with a fraction of its width to begin with.
        private double[][] panels() {
            double low = Elementary.log(start);
            List<NDArray> marks = new ArrayList<>();
            for (double step = 0.25; step < FAR - low; step *= 2) {
                marks.add(full(batch, low + step));
            }
            marks.addAll(eachLeaf(distribution(), leaf -> isSmooth(leaf) ? marks(core(leaf)) : List.of()));
            double[][] out = new double[batch.size()][];
            List<double[]> at = marks.stream().map(NDArray::toDoubleArray).toList();
            for (int b = 0; b < out.length; b++) {
                var ends = new TreeSet<Double>(List.of(low, FAR));
                for (double[] mark : at) {
                    if (mark[b] > low && mark[b] < FAR) {
                        ends.add(mark[b]);
                    }
                }
                out[b] = ends.stream().mapToDouble(Double::doubleValue).toArray();
            }
            return out;
        }

        private List<NDArray> marks(Distribution d) {
            NDArray middle = d instanceof BetaNegativeBinomial m ? BetaNegativeBinomialEntropy.mode(m) : d.mean();
            NDArray width = d instanceof BetaNegativeBinomial m ? BetaNegativeBinomialEntropy.width(m) : sqrt(d.variance()).div(d.mean());
            NDArray log = log(maximum(middle, 1.0));
            List<NDArray> out = new ArrayList<>(List.of(log));
            for (double part = 0.25; part <= 16; part *= 2) {
                out.add(log.plus(width.times(part)));
                out.add(log.minus(width.times(part)));
            }
            return out;
        }
    }
}
