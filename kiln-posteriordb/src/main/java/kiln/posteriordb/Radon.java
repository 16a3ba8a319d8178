package kiln.posteriordb;

import static kiln.array.Index.*;
import static kiln.model.Primitives.*;

import kiln.array.NDArray;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.model.Model;

/// The logarithm of radon in houses of Minnesota, with an intercept for each of 85 counties in standardised form.
final class Radon {
    private static final int COUNTIES = 85;

    private Radon() {}

    static Model of(Data data) {
        NDArray radon = data.get("log_radon");
        NDArray uranium = data.get("log_uppm");
        NDArray floor = data.get("floor_measure");
        NDArray county = data.positions("county_idx");
        return () -> {
            NDArray muAlpha = sample("mu_alpha", new Normal(0, 10));
            NDArray sigmaAlpha = sample("sigma_alpha", new HalfNormal(1));
            NDArray sigmaY = sample("sigma_y", new HalfNormal(1));
            NDArray beta = sample("beta", new Normal(0, 10).expand(2).toEvent(1));
            NDArray alpha;
            try (var _ = plate("county", COUNTIES)) {
                alpha = deterministic("alpha", muAlpha.plus(sigmaAlpha.times(sample("alpha_raw", new Normal(0, 1)))));
            }
            NDArray mean = alpha.get(at(county)).plus(beta.get(0).times(uranium)).plus(beta.get(1).times(floor));
            try (var _ = plate("house", radon.size())) {
                sample("log_radon", new Normal(mean, sigmaY), radon);
            }
        };
    }
}
