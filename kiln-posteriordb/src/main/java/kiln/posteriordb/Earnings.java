package kiln.posteriordb;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;
import static kiln.model.Primitives.*;
import static kiln.posteriordb.Flat.flat;

import kiln.array.NDArray;
import kiln.dist.Normal;
import kiln.model.Model;

/// Earnings of adults by height (inches) and sex.
final class Earnings {
    private Earnings() {}

    /// The logarithm of earnings by height, sex and their product.
    static Model logarithmInteraction(Data data) {
        NDArray earnings = log(data.get("earn"));
        NDArray height = data.get("height");
        NDArray male = data.get("male");
        return () -> {
            NDArray beta = sample("beta", flat(real, 4));
            NDArray sigma = sample("sigma", flat(positive));
            NDArray mean = beta.get(0)
                    .plus(beta.get(1).times(height))
                    .plus(beta.get(2).times(male))
                    .plus(beta.get(3).times(height).times(male));
            try (var _ = plate("person", earnings.size())) {
                sample("log_earn", new Normal(mean, sigma), earnings);
            }
        };
    }

    /// Earnings by height.
    static Model height(Data data) {
        NDArray earnings = data.get("earn");
        NDArray height = data.get("height");
        return () -> {
            NDArray beta = sample("beta", flat(real, 2));
            NDArray sigma = sample("sigma", flat(positive));
            NDArray mean = beta.get(0).plus(beta.get(1).times(height));
            try (var _ = plate("person", earnings.size())) {
                sample("earn", new Normal(mean, sigma), earnings);
            }
        };
    }
}
