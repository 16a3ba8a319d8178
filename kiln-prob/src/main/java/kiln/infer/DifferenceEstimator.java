package kiln.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.func.Function3;
import kiln.func.Functions;
import kiln.model.Message;
import kiln.model.PlateFrame;

/// The log density of a model with subsampled plates, with the log likelihood of every plate estimated by differences from a [TaylorProxy].
///
/// ```
/// d_j = ℓ_{u_j}(q) − w_{u_j}(q)                                    for the m rows u_j that are looked at, of n
/// L(q, u) = log prior(q) + Σ_plates [ Σ_i w_i(q) + n mean(d) − ½ σ²(q, u) ],      σ² = n²/m · mean((d − mean(d))²)
/// ```
///
/// `Σ_i w_i(q)` is a polynomial whose coefficients are sums over all rows, made once. The polynomial of a row is never stored: along the line
/// from `q₀` to `q` it is the first derivatives of `t ↦ ℓ(q₀ + t (q − q₀))` at 0, which the compiled density computes of the rows it
/// looks at.
///
/// Source: Quiroz, Kohn, Villani and Tran, *Speeding up MCMC by efficient data subsampling* (2019), eq. 5–8.
final class DifferenceEstimator {
    private final UnconstrainedModel free;
    private final Held held;
    private final List<SubsampleDensity.Rows> plates;
    private final int degree;
    private final NDArray reference;
    private final List<Polynomial> sums = new ArrayList<>();
    private final Set<String> estimated = new HashSet<>();

    /// `Σ_i w_i` as a polynomial in `q − q₀`: value, gradient `[d]`, second derivatives `[d, d]`, 0 for degree 1.
    private record Polynomial(NDArray value, NDArray gradient, NDArray hessian) {
        NDArray at(NDArray delta) {
            return value.plus(gradient.times(delta).sum()).plus(hessian.matmul(delta).times(delta).sum().times(0.5));
        }

        Polynomial plus(Polynomial other) {
            return new Polynomial(value.plus(other.value), gradient.plus(other.gradient), hessian.plus(other.hessian));
        }
    }

    DifferenceEstimator(UnconstrainedModel free, Held held, List<SubsampleDensity.Rows> plates, TaylorProxy proxy) {
        this.free = free;
        this.held = held;
        this.plates = plates;
        degree = proxy.degree();
        reference = free.flatten(proxy.referenceParams());
        for (Message.Sample s : free.firstRun().samples().values()) {
            if (s.plates().stream().anyMatch(PlateFrame::isSubsampled)) {
                estimated.add(s.name());
            }
        }
        for (int p = 0; p < plates.size(); p++) {
            sums.add(sum(p));
        }
    }

    /// The polynomial of all rows of a plate, as many at a time as the model looks at.
    private Polynomial sum(int plate) {
        int count = plates.get(plate).count();
        int size = plates.get(plate).size();
        Function3<NDArray, NDArray, NDArray, NDArray> value = (q, indices, counts) -> rows(plate, q, indices).times(counts).sum();
        Function<List<NDArray>, List<NDArray>> some = Functions.jit(x -> {
            Function<NDArray, NDArray> ofPosition = q -> value.apply(q, x.get(0), x.get(1));
            NDArray hessian = degree == 2
                    ? Functions.hessian(ofPosition).apply(reference)
                    : Np.zeros(reference.size(), reference.size());
            return List.of(ofPosition.apply(reference), Functions.grad(ofPosition).apply(reference), hessian);
        });
        Polynomial total = null;
        for (int from = 0; from < size; from += count) {
            long[] indices = new long[count];
            double[] counts = new double[count];
            for (int j = 0; j < count; j++) {
                indices[j] = Math.min(from + j, size - 1);
                counts[j] = from + j < size ? 1 : 0;
            }
            List<NDArray> out = some.apply(List.of(NDArray.of(indices), NDArray.of(counts)));
            var part = new Polynomial(out.get(0), out.get(1), out.get(2));
            total = total == null ? part : total.plus(part);
        }
        return java.util.Objects.requireNonNull(total);
    }

    /// The log likelihood of the rows of a plate, `[m]`, without the factor `n/m`.
    ///
    /// @param indices the rows, `[m]`
    private NDArray rows(int plate, NDArray q, NDArray indices) {
        Held.Item own = held.items().get(plate);
        Map<String, NDArray> values = new LinkedHashMap<>(held.at(new double[held.size()], 0));
        values.put(own.name(), indices.astype(own.dtype()));
        return held.during(values, () -> rows(plate, q));
    }

    private NDArray rows(int plate, NDArray q) {
        String name = held.items().get(plate).name();
        double share = plates.get(plate).count() / (double) plates.get(plate).size();
        NDArray sum = Np.zeros(plates.get(plate).count());
        for (Message.Sample s : free.trace(free.unflatten(q)).samples().values()) {
            for (PlateFrame frame : s.plates()) {
                if (frame.name().equals(name) && estimated.contains(s.name())) {
                    NDArray density = s.logProb().times(share);
                    int axis = density.rank() + frame.dim();
                    int[] others = IntStream.range(0, density.rank()).filter(a -> a != axis).toArray();
                    sum = sum.plus(others.length == 0 ? density : density.sum(others));
                }
            }
        }
        return sum;
    }

    /// {@return the estimate at positions of the latent sites, asked while the rows are given}
    NDArray logDensity(Map<String, NDArray> position) {
        NDArray sum = Np.scalar(0.0);
        for (var term : free.logDensities(position).entrySet()) {
            sum = estimated.contains(term.getKey()) ? sum : sum.plus(term.getValue());
        }
        NDArray q = free.flatten(position);
        NDArray delta = q.minus(reference);
        for (int p = 0; p < plates.size(); p++) {
            int plate = p;
            double n = plates.get(p).size();
            NDArray d = rows(plate, q).minus(polynomial(t -> rows(plate, reference.plus(delta.times(t)))));
            NDArray mean = d.mean();
            NDArray variance = Np.var(d).times(n * n / plates.get(p).count());
            sum = sum.plus(sums.get(p).at(delta)).plus(mean.times(n)).minus(variance.times(0.5));
        }
        return sum;
    }

    /// `f(0) + f′(0) [+ ½ f″(0)]`.
    private NDArray polynomial(Function<NDArray, NDArray> f) {
        NDArray zero = Np.scalar(0.0);
        NDArray one = Np.scalar(1.0);
        var first = Functions.jvp(f, zero, one);
        NDArray out = first.value().plus(first.tangent());
        if (degree == 1) {
            return out;
        }
        NDArray second = Functions.jvp(t -> Functions.jvp(f, t, one).tangent(), zero, one).tangent();
        return out.plus(second.times(0.5));
    }
}
