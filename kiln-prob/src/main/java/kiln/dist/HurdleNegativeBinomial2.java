package kiln.dist;

import kiln.array.NDArray;

/// Makes the hurdle negative binomial distribution with a given mean, as NumPyro's function of this name.
public final class HurdleNegativeBinomial2 {
    private HurdleNegativeBinomial2() {}

    /// {@return the distribution with the probability of 0}
    ///
    /// @param mean          expectation of [NegativeBinomial2]; > 0
    /// @param concentration the larger, the closer to a Poisson distribution; > 0
    /// @param gate          probability of 0; in [0, 1]
    public static HurdleProbs of(Number mean, Number concentration, Number gate) {
        return new HurdleProbs(new NegativeBinomial2(mean, concentration), NDArray.as(gate));
    }

    /// {@return the distribution with the log odds of 0}
    ///
    /// @param mean          expectation of [NegativeBinomial2]; > 0
    /// @param concentration the larger, the closer to a Poisson distribution; > 0
    /// @param gateLogits    log odds of 0; any finite value
    public static HurdleLogits logits(Number mean, Number concentration, Number gateLogits) {
        return new HurdleLogits(new NegativeBinomial2(mean, concentration), NDArray.as(gateLogits));
    }
}
