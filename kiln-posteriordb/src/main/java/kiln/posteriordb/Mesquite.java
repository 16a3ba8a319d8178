package kiln.posteriordb;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;
import static kiln.model.Primitives.*;
import static kiln.posteriordb.Flat.flat;

import kiln.array.NDArray;
import kiln.dist.Normal;
import kiln.model.Model;

/// The logarithm of the leaf weight of mesquite bushes by their volume, area, shape, height and group.
final class Mesquite {
    private Mesquite() {}

    static Model of(Data data) {
        NDArray diam1 = data.get("diam1");
        NDArray diam2 = data.get("diam2");
        NDArray weight = log(data.get("weight"));
        NDArray volume = log(diam1.times(diam2).times(data.get("canopy_height")));
        NDArray area = log(diam1.times(diam2));
        NDArray shape = log(diam1.div(diam2));
        NDArray height = log(data.get("total_height"));
        NDArray group = data.get("group");
        return () -> {
            NDArray beta = sample("beta", flat(real, 6));
            NDArray sigma = sample("sigma", flat(positive));
            NDArray mean = beta.get(0)
                    .plus(beta.get(1).times(volume))
                    .plus(beta.get(2).times(area))
                    .plus(beta.get(3).times(shape))
                    .plus(beta.get(4).times(height))
                    .plus(beta.get(5).times(group));
            try (var _ = plate("bush", weight.size())) {
                sample("log_weight", new Normal(mean, sigma), weight);
            }
        };
    }
}
