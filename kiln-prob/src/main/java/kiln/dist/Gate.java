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

    /// {@return the entropy of whether a value is replaced}
    NDArray entropy() {
        return exp(log).times(Density.masked(log)).plus(exp(logRest).times(Density.masked(logRest))).unaryMinus();
    }

    /// {@return the Kullback–Leibler divergence of another gate from this one}
    NDArray divergence(Gate q) {
        return DiscreteKL.oneTrial(DiscreteKL.pair(log, logRest), DiscreteKL.pair(q.log, q.logRest));
    }

    static Gate logits(NDArray logits) {
        return new Gate(sigmoid(logits), logSigmoid(logits), logSigmoid(logits.unaryMinus()));
    }
}
