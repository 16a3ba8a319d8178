package kiln.posteriordb;

import static kiln.array.Index.*;
import static kiln.model.Primitives.*;

import kiln.array.NDArray;
import kiln.dist.HalfCauchy;
import kiln.dist.Normal;
import kiln.model.Model;

/// A series by its last five values; the first five are given.
final class Autoregression {
    private static final int LAGS = 5;

    private Autoregression() {}

    static Model of(Data data) {
        NDArray y = data.get("y");
        int n = y.size();
        return () -> {
            NDArray mean = sample("alpha", new Normal(0, 10));
            NDArray beta;
            try (var _ = plate("lag", LAGS)) {
                beta = sample("beta", new Normal(0, 10));
            }
            NDArray sigma = sample("sigma", new HalfCauchy(2.5));
            for (int k = 1; k <= LAGS; k++) {
                mean = mean.plus(beta.get(k - 1).times(y.get(slice(LAGS - k, n - k))));
            }
            try (var _ = plate("time", n - LAGS)) {
                sample("y", new Normal(mean, sigma), y.get(slice(LAGS, null)));
            }
        };
    }
}
