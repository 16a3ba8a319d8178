package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.NDArray;

/// The probability with which a value is replaced by 0, as its logarithm and that of the rest.
///
/// @param probability the probability, in [0, 1]
/// @param log         its logarithm
/// @param logRest     the logarithm of 1 less the probability
record Gate(NDArray probability, NDArray log, NDArray logRest) {
    static Gate probs(NDArray gate) {
        return new Gate(gate, Density.safeLog(gate), Density.safeLog1m(gate));
    }

    static Gate logits(NDArray logits) {
        return new Gate(sigmoid(logits), logSigmoid(logits), logSigmoid(logits.unaryMinus()));
    }
}
