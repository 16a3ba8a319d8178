package kiln.dist;

import kiln.array.NDArray;

/// Makes the zero-inflated negative binomial distribution with a given mean, as NumPyro's function of this name.
public final class ZeroInflatedNegativeBinomial2 {
    private ZeroInflatedNegativeBinomial2() {}

    /// {@return the distribution with the probability of an additional 0}
    ///
    /// @param mean          expectation of [NegativeBinomial2]; > 0
    /// @param concentration the larger, the closer to a Poisson distribution; > 0
    /// @param gate          probability of an additional 0; in [0, 1]
    public static ZeroInflatedProbs of(Number mean, Number concentration, Number gate) {
        return new ZeroInflatedProbs(new NegativeBinomial2(mean, concentration), NDArray.as(gate));
    }

    /// {@return the distribution with the log odds of an additional 0}
    ///
    /// @param mean          expectation of [NegativeBinomial2]; > 0
    /// @param concentration the larger, the closer to a Poisson distribution; > 0
    /// @param gateLogits    log odds of an additional 0; any finite value
    public static ZeroInflatedLogits logits(Number mean, Number concentration, Number gateLogits) {
        return new ZeroInflatedLogits(new NegativeBinomial2(mean, concentration), NDArray.as(gateLogits));
    }
}
