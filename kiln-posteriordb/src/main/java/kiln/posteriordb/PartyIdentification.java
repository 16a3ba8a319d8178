package kiln.posteriordb;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;
import static kiln.model.Primitives.*;
import static kiln.posteriordb.Flat.flat;

import java.util.List;
import kiln.array.NDArray;
import kiln.dist.Normal;
import kiln.model.Model;

/// Party identification (1 to 7) of voters in 1972 by ideology, race, age group, education, gender and income.
///
/// Age enters as three indicators of its four groups; the others as numbers.
final class PartyIdentification {
    private PartyIdentification() {}

    static Model of(Data data) {
        NDArray party = data.get("partyid7");
        NDArray age = data.get("age_discrete");
        NDArray x = stack(
                List.of(
                        onesLike(party),
                        data.get("real_ideo"),
                        data.get("race_adj"),
                        indicator(age, 2),
                        indicator(age, 3),
                        indicator(age, 4),
                        data.get("educ1"),
                        data.get("gender"),
                        data.get("income")),
                1);
        return () -> {
            NDArray beta = sample("beta", flat(real, 9));
            NDArray sigma = sample("sigma", flat(positive));
            try (var _ = plate("voter", party.size())) {
                sample("partyid7", new Normal(x.matmul(beta), sigma), party);
            }
        };
    }

    private static NDArray indicator(NDArray codes, int code) {
        return where(codes.eq(code), 1.0, 0.0);
    }
}
