package kiln.posteriordb;

import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;
import static kiln.model.Primitives.*;
import static kiln.posteriordb.Flat.flat;

import java.util.List;
import kiln.array.NDArray;
import kiln.dist.Normal;
import kiln.func.Carried;
import kiln.func.Control;
import kiln.model.Model;

/// A series whose variance depends on its last deviation and its last variance.
///
/// ```
/// s²[t] = alpha0 + alpha1 (y[t−1] − mu)² + beta1 s²[t−1],   y[t] ~ N(mu, s[t])
/// ```
///
/// Flat on the triangle `alpha1 + beta1 < 1`.
final class Garch {
    private Garch() {}

    static Model of(Data data) {
        NDArray y = data.get("y");
        NDArray first = square(data.get("sigma1"));
        return () -> {
            NDArray mu = sample("mu", flat(real));
            NDArray alpha0 = sample("alpha0", flat(positive));
            NDArray alpha1 = sample("alpha1", flat(interval(0, 1)));
            NDArray beta1 = sample("beta1", flat(interval(0, subtract(1, alpha1))));
            NDArray shocks = alpha0.plus(alpha1.times(square(y.get(slice(null, -1)).minus(mu))));
            NDArray later = Control.scan((NDArray variance, NDArray shock) -> {
                NDArray next = shock.plus(beta1.times(variance));
                return new Carried<>(next, next);
            }, first, shocks).output();
            NDArray variances = concatenate(List.of(expandDims(first, 0), later), 0);
            try (var _ = plate("time", y.size())) {
                sample("y", new Normal(mu, sqrt(variances)), y);
            }
        };
    }
}
