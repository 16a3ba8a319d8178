package kiln.posteriordb;

import static kiln.array.Np.*;
import static kiln.model.Primitives.*;

import kiln.array.NDArray;
import kiln.dist.Bernoulli;
import kiln.dist.HalfCauchy;
import kiln.dist.LogNormal;
import kiln.dist.Normal;
import kiln.model.Model;

/// Answers of 100 persons to 20 items: two-parameter logistic item response.
///
/// ```
/// y[i][j] ~ Bernoulli(σ(a[i] (theta[j] − b[i])))
/// ```
final class ItemResponse {
    private ItemResponse() {}

    static Model of(Data data) {
        NDArray y = data.get("y");
        int items = y.size(0);
        int persons = y.size(1);
        return () -> {
            NDArray sigmaTheta = sample("sigma_theta", new HalfCauchy(2));
            NDArray sigmaA = sample("sigma_a", new HalfCauchy(2));
            NDArray sigmaB = sample("sigma_b", new HalfCauchy(2));
            NDArray muB = sample("mu_b", new Normal(0, 5));
            NDArray theta;
            NDArray a;
            NDArray b;
            try (var _ = plate("person", persons)) {
                theta = sample("theta", new Normal(0, sigmaTheta));
            }
            try (var _ = plate("item", items)) {
                a = sample("a", new LogNormal(0, sigmaA));
                b = sample("b", new Normal(muB, sigmaB));
            }
            try (var _ = plate("answer", persons);
                    var _ = plate("question", items)) {
                NDArray logits = expandDims(a, 1).times(theta.minus(expandDims(b, 1)));
                sample("y", Bernoulli.logits(logits), y);
            }
        };
    }
}
