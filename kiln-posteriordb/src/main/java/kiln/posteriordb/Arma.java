package kiln.posteriordb;

import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.model.Primitives.*;

import java.util.List;
import kiln.array.NDArray;
import kiln.dist.HalfCauchy;
import kiln.dist.Normal;
import kiln.func.Carried;
import kiln.func.Control;
import kiln.model.Model;

/// A series by its last value and its last error.
///
/// ```
/// err[t] = y[t] − mu − phi y[t−1] − theta err[t−1] ~ N(0, sigma),   err[1] = y[1] − mu − phi mu
/// ```
final class Arma {
    private Arma() {}

    static Model of(Data data) {
        NDArray y = data.get("y");
        NDArray now = y.get(slice(1, null));
        NDArray before = y.get(slice(null, -1));
        return () -> {
            NDArray mu = sample("mu", new Normal(0, 10));
            NDArray phi = sample("phi", new Normal(0, 2));
            NDArray theta = sample("theta", new Normal(0, 2));
            NDArray sigma = sample("sigma", new HalfCauchy(2.5));
            NDArray first = y.get(0).minus(mu.plus(phi.times(mu)));
            NDArray steps = now.minus(mu).minus(phi.times(before));
            NDArray later = Control.scan((NDArray error, NDArray step) -> {
                NDArray next = step.minus(theta.times(error));
                return new Carried<>(next, next);
            }, first, steps).output();
            NDArray errors = concatenate(List.of(expandDims(first, 0), later), 0);
            try (var _ = plate("time", y.size())) {
                sample("y", new Normal(y.minus(errors), sigma), y);
            }
        };
    }
}
