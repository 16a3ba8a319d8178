package kiln.posteriordb;

import static kiln.model.Primitives.*;

import kiln.array.NDArray;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.model.Model;

/// Linear regression of simulated data on five columns, without an intercept.
final class LinearRegression {
    private LinearRegression() {}

    static Model of(Data data) {
        NDArray x = data.get("X");
        NDArray y = data.get("y");
        return () -> {
            NDArray beta = sample("beta", new Normal(0, 10).expand(x.size(1)).toEvent(1));
            NDArray sigma = sample("sigma", new HalfNormal(10));
            try (var _ = plate("row", y.size())) {
                sample("y", new Normal(x.matmul(beta), sigma), y);
            }
        };
    }
}
