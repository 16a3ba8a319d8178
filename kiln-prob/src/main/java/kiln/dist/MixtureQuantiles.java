package kiln.dist;

import static kiln.array.Np.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import kiln.array.NDArray;
import kiln.array.Shape;

/// The nodes of a quadrature over the quantiles of the components.
///
/// ```
/// E f(X) = Σⱼ wⱼ (∫₀^½ f(icdfⱼ(u)) du + ∫₀^½ f(isfⱼ(u)) du)
/// ```
///
/// A singularity of a density or a long tail is nothing but a logarithm in its own quantiles. The panels end where the quantiles of all other
/// components lie, so that a narrow component inside of a broad one is not missed; the nodes are as many as components times panels, so that
/// many components that overlap cost the cube of their number.
final class MixtureQuantiles extends MixtureValues {
    /// Below this probability nothing counts.
    private static final double LEAST = 1e-20;

    private static final double[] MARKS = {LEAST, 1e-15, 1e-10, 1e-6, 1e-3, 0.03, 0.2, 0.5};

    /// Densities at once.
    private static final int MANY = 1 << 21;

    /// The largest logarithm of a double: what a part that was lost may be wrong by.
    private static final double LOG_RANGE = 750;

    private final Shape batch;
    private final int size;
    private final int k;
    /// Of components, then of elements of the batch.
    private final double[] weights;

    private final GaussKronrod.Integral[] integrals;

    MixtureQuantiles(Mixed d, boolean isFine) {
        super(d);
        batch = d.batchShape();
        size = batch.size();
        NDArray categories = d.mixingDistribution().enumerateSupport(true);
        k = categories.size(0);
        NDArray mass = exp(d.mixingDistribution().logProb(categories));
        weights = broadcastTo(mass.reshape(shapeOfWeights(mass)), Shape.of(k).then(batch)).toDoubleArray();
        double[][] ends = panels();
        integrals = GaussKronrod.integrate(isFine ? halved(ends) : ends, new double[ends.length], this::information);
    }

    /// The batch of the weights may have fewer axes than that of the mixture.
    private Shape shapeOfWeights(NDArray mass) {
        int[] ones = new int[batch.rank() - (mass.rank() - 1)];
        Arrays.fill(ones, 1);
        return Shape.of(k).then(Shape.of(ones)).then(mass.shape().slice(1, mass.rank()));
    }

    @Override
    NDArray entropy() {
        double[] value = new double[size];
        double[] error = new double[size];
        for (int i = 0; i < integrals.length; i++) {
            double weight = weight(i);
            int b = i / k % size;
            if (weight != 0) {
                value[b] += weight * integrals[i].value();
                error[b] += weight * (integrals[i].error() + LOG_RANGE * integrals[i].lost());
            }
        }
        return checked(
                value,
                error,
                "A density is infinite, or changes, where doubles do not tell its arguments apart",
                "estimate it from draws: d.logProb(d.sample(key, Shape.of(100_000))).mean(0).unaryMinus().");
    }

    private double weight(int integral) {
        return weights[integral % k * size + integral / k % size];
    }

    @Override
    Iterable<Part> parts() {
        List<Part> out = new ArrayList<>();
        for (int side = 0; side < 2; side++) {
            int longest = 0;
            for (int i = 0; i < size * k; i++) {
                longest = Math.max(longest, integrals[side * size * k + i].nodes().length);
            }
            int step = step();
            for (int from = 0; from < longest; from += step) {
                int n = Math.min(step, longest - from);
                NDArray x = values(side, from, n, i -> integrals[i].nodes());
                double[] mass = new double[n * k * size];
                for (int i = 0; i < size * k; i++) {
                    double[] own = integrals[side * size * k + i].weights();
                    for (int r = 0; r < Math.min(n, own.length - from); r++) {
                        mass[(r * k + i % k) * size + i / k] = weight(i) * own[from + r];
                    }
                }
                Shape flat = Shape.of(n * k).then(batch);
                out.add(new Part(x.reshape(flat), NDArray.of(flat, mass), Distribution::logProb));
            }
        }
        return out;
    }

    private int step() {
        return Math.max(1, MANY / (size * k * k));
    }

    /// Values at probabilities of all components, `[n, k] + batch`; where an integral has no more of them, medians.
    private NDArray values(int side, int from, int n, IntFunction<double[]> u) {
        double[] q = new double[n * size * k];
        Arrays.fill(q, 0.5);
        for (int i = 0; i < size * k; i++) {
            double[] own = u.apply(side * size * k + i);
            for (int r = 0; r < Math.min(n, own.length - from); r++) {
                q[r * size * k + i] = own[from + r];
            }
        }
        NDArray x = distribution().componentQuantile(NDArray.of(Shape.of(n).then(batch).then(Shape.of(k)), q), side == 1);
        return moveaxis(x, -1, 1);
    }

    /// `−log p` at probabilities of the components: those of integrals of side, element of the batch and component.
    private double[][] information(double[][] u) {
        double[][] out = new double[u.length][];
        Arrays.setAll(out, i -> new double[u[i].length]);
        for (int side = 0; side < 2; side++) {
            int longest = 0;
            for (int i = 0; i < size * k; i++) {
                longest = Math.max(longest, u[side * size * k + i].length);
            }
            int step = step();
            for (int from = 0; from < longest; from += step) {
                int n = Math.min(step, longest - from);
                NDArray values = values(side, from, n, i -> u[i]);
                double[] x = values.toDoubleArray();
                double[] logP = distribution().logProb(values).toDoubleArray();
                for (int i = 0; i < size * k; i++) {
                    double[] own = out[side * size * k + i];
                    for (int r = 0; r < Math.min(n, own.length - from); r++) {
                        int at = (r * k + i % k) * size + i / k;
                        // No number at a number: two infinities cancel.
                        own[from + r] = Double.isNaN(x[at]) ? Double.NaN : Double.isNaN(logP[at]) ? Double.POSITIVE_INFINITY : -logP[at];
                    }
                }
            }
        }
        return out;
    }

    /// Ends of panels: for each component the probabilities of what is remarkable for any.
    private double[][] panels() {
        List<NDArray> marks = new ArrayList<>(ends(distribution()));
        marks.addAll(eachLeaf(distribution(), MixtureQuantiles::marks));
        NDArray x = stack(marks, 0);
        double[][] out = new double[2 * size * k][];
        for (int side = 0; side < 2; side++) {
            double[] u = distribution().componentsAt(x, side == 0 ? Distribution::cdf : Distribution::sf).toDoubleArray();
            for (int i = 0; i < size * k; i++) {
                double[] own = new double[marks.size() + 2];
                int n = 0;
                own[n++] = LEAST;
                own[n++] = 0.5;
                for (int r = 0; r < marks.size(); r++) {
                    double p = u[r * size * k + i];
                    if (p > LEAST && p < 0.5) {
                        own[n++] = p;
                    }
                }
                double[] sorted = Arrays.stream(own, 0, n).sorted().distinct().toArray();
                out[side * size * k + i] = weight(i) > 0 ? sorted : new double[0];
            }
        }
        return out;
    }

    private static List<NDArray> marks(Distribution d) {
        List<NDArray> out = new ArrayList<>();
        for (double q : MARKS) {
            out.add(d.icdf(full(d.batchShape(), q)));
            out.add(d.isf(full(d.batchShape(), q)));
        }
        return out.stream().map(x -> where(isfinite(x), x, d.icdf(full(d.batchShape(), 0.5)))).toList();
    }

    private static double[][] halved(double[][] ends) {
        double[][] out = new double[ends.length][];
        for (int i = 0; i < ends.length; i++) {
            double[] own = ends[i];
            out[i] = new double[Math.max(0, 2 * own.length - 1)];
            Arrays.setAll(out[i], r -> r % 2 == 0 ? own[r / 2] : 0.5 * (own[r / 2] + own[r / 2 + 1]));
        }
        return out;
    }
}
