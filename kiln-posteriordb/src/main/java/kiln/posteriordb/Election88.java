package kiln.posteriordb;

import static kiln.array.Index.*;
import static kiln.dist.constraint.Constraints.*;
import static kiln.model.Primitives.*;
import static kiln.posteriordb.Flat.flat;

import kiln.array.NDArray;
import kiln.dist.Bernoulli;
import kiln.dist.Normal;
import kiln.model.Model;

/// Votes of 11,566 persons in 1988 by race, sex, the state's previous vote, and effects of age, education, both together, state and region.
final class Election88 {
    private Election88() {}

    static Model of(Data data) {
        NDArray vote = data.get("y");
        NDArray black = data.get("black");
        NDArray female = data.get("female");
        NDArray previous = data.get("v_prev_full");
        NDArray both = female.times(black);
        NDArray age = data.positions("age");
        NDArray education = data.positions("edu");
        NDArray ageEducation = data.positions("age_edu");
        NDArray state = data.positions("state");
        NDArray region = data.positions("region_full");
        return () -> {
            NDArray beta = sample("beta", new Normal(0, 100).expand(5).toEvent(1));
            NDArray logits = beta.get(0)
                    .plus(beta.get(1).times(black))
                    .plus(beta.get(2).times(female))
                    .plus(beta.get(3).times(previous))
                    .plus(beta.get(4).times(both))
                    .plus(effects("a", 4).get(at(age)))
                    .plus(effects("b", 4).get(at(education)))
                    .plus(effects("c", 16).get(at(ageEducation)))
                    .plus(effects("d", 51).get(at(state)))
                    .plus(effects("e", 5).get(at(region)));
            try (var _ = plate("person", vote.size())) {
                sample("y", Bernoulli.logits(logits), vote);
            }
        };
    }

    /// {@return effects of the levels of one factor, around 0 with a standard deviation that is flat on (0, 100)}
    private static NDArray effects(String name, int levels) {
        NDArray sigma = sample("sigma_" + name, flat(interval(0, 100)));
        try (var _ = plate(name + "_level", levels)) {
            return sample(name, new Normal(0, sigma));
        }
    }
}
