package kiln.posteriordb;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;
import static kiln.model.Primitives.*;
import static kiln.posteriordb.Flat.flat;

import kiln.array.NDArray;
import kiln.dist.Poisson;
import kiln.model.Model;

/// Counts in 40 years, their logarithmic rate a cubic polynomial of the year.
final class PoissonTrend {
    private PoissonTrend() {}

    static Model of(Data data) {
        NDArray year = data.get("year");
        NDArray counts = data.get("C");
        return () -> {
            NDArray eta = sample("alpha", flat(interval(-20, 20)));
            for (int k = 1; k <= 3; k++) {
                eta = eta.plus(sample("beta" + k, flat(interval(-10, 10))).times(year.pow(k)));
            }
            try (var _ = plate("year", counts.size())) {
                sample("C", new Poisson(exp(eta)), counts);
            }
        };
    }
}
