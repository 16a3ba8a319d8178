package kiln.posteriordb;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;
import static kiln.model.Primitives.*;
import static kiln.posteriordb.Flat.flat;

import kiln.array.NDArray;
import kiln.dist.Beta;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.model.Model;

/// A mixture of two normal distributions, ordered by their means, the component of each observation summed out.
final class NormalMixture {
    private NormalMixture() {}

    static Model of(Data data) {
        NDArray y = data.get("y");
        return () -> {
            NDArray mu = sample("mu", flat(orderedVector, 2));
            factor("mu_prior", new Normal(0, 2).logProb(mu));
            NDArray sigma = sample("sigma", new HalfNormal(2).expand(2).toEvent(1));
            NDArray theta = sample("theta", new Beta(5, 5));
            NDArray first = log(theta).plus(new Normal(mu.get(0), sigma.get(0)).logProb(y));
            NDArray second = log1p(theta.unaryMinus()).plus(new Normal(mu.get(1), sigma.get(1)).logProb(y));
            factor("y", logaddexp(first, second));
        };
    }
}
