package kiln.posteriordb;

import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;
import static kiln.model.Primitives.*;
import static kiln.posteriordb.Flat.flat;

import kiln.array.NDArray;
import kiln.dist.Normal;
import kiln.dist.StudentT;
import kiln.model.Model;

/// The logarithm of the price of diamonds by 24 strongly correlated columns, each centred.
final class Diamonds {
    private Diamonds() {}

    static Model of(Data data) {
        NDArray price = data.get("Y");
        NDArray columns = data.get("X").get(ALL, slice(1, null));
        NDArray x = columns.minus(mean(columns, 0));
        return () -> {
            NDArray b = sample("b", new Normal(0, 1).expand(x.size(1)).toEvent(1));
            NDArray intercept = sample("Intercept", new StudentT(3, 8, 10));
            NDArray sigma = sample("sigma", flat(positive));
            // Half of a Student's t distribution, rescaled to integrate to 1.
            factor("sigma_prior", new StudentT(3, 0, 10).logProb(sigma).plus(log(2)));
            try (var _ = plate("diamond", price.size())) {
                sample("Y", new Normal(intercept.plus(x.matmul(b)), sigma), price);
            }
        };
    }
}
