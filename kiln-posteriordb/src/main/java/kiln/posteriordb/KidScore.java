package kiln.posteriordb;

import static kiln.dist.constraint.Constraints.*;
import static kiln.model.Primitives.*;
import static kiln.posteriordb.Flat.flat;

import kiln.array.NDArray;
import kiln.dist.HalfCauchy;
import kiln.dist.Normal;
import kiln.model.Model;

/// Test scores of children by their mothers' high school degree (0 or 1) and IQ.
final class KidScore {
    private KidScore() {}

    /// One slope for all.
    static Model additive(Data data) {
        NDArray score = data.get("kid_score");
        NDArray degree = data.get("mom_hs");
        NDArray iq = data.get("mom_iq");
        return () -> {
            NDArray beta = sample("beta", flat(real, 3));
            NDArray sigma = sample("sigma", new HalfCauchy(2.5));
            NDArray mean = beta.get(0).plus(beta.get(1).times(degree)).plus(beta.get(2).times(iq));
            try (var _ = plate("child", score.size())) {
                sample("kid_score", new Normal(mean, sigma), score);
            }
        };
    }

    /// A slope for each kind of mother.
    static Model interaction(Data data) {
        NDArray score = data.get("kid_score");
        NDArray degree = data.get("mom_hs");
        NDArray iq = data.get("mom_iq");
        return () -> {
            NDArray beta = sample("beta", flat(real, 4));
            NDArray sigma = sample("sigma", new HalfCauchy(2.5));
            NDArray mean = beta.get(0)
                    .plus(beta.get(1).times(degree))
                    .plus(beta.get(2).times(iq))
                    .plus(beta.get(3).times(degree).times(iq));
            try (var _ = plate("child", score.size())) {
                sample("kid_score", new Normal(mean, sigma), score);
            }
        };
    }
}
