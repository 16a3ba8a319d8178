package kiln.infer.program;

import java.util.Arrays;
import java.util.List;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.UserCode;
import kiln.model.HandlerException;

/// Executions with weights: all of them with their joint probabilities, or a weighted sample.
public final class WeightedExecutions implements ProgramPosterior {
    private final List<Execution> executions;
    private final double[] logWeights;
    private final double[] probabilities;
    private final double logEvidence;

    /// @throws HandlerException if no execution has a weight
    WeightedExecutions(String who, List<Execution> executions, double[] logWeights, double logEvidence) {
        if (!(logEvidence > Double.NEGATIVE_INFINITY)) {
            throw new HandlerException(new Diagnosis(who, "every run of the model contradicts its observations")
                    .expected("a run in which all observations are possible")
                    .got("log weight " + (Double.isNaN(logEvidence) ? "NaN" : "-inf") + " of " + executions.size() + " runs")
                    .at(UserCode.line())
                    .fix("check the data against the supports, print trace(model, seed(0)); or raise the number of runs."));
        }
        this.executions = List.copyOf(executions);
        this.logWeights = logWeights.clone();
        this.probabilities = LogWeights.normalized(logWeights);
        this.logEvidence = logEvidence;
    }

    @Override
    public List<Execution> executions() {
        return executions;
    }

    @Override
    public double[] probabilities() {
        return probabilities.clone();
    }

    /// {@return the logarithm of the weight of each execution; for an enumeration the log joint density with the observations}
    public double[] logWeights() {
        return logWeights.clone();
    }

    /// {@return the log density of all observations together, `log p(data)`: exact for an enumeration, else an estimate whose
    /// exponential is unbiased}
    public double logEvidence() {
        return logEvidence;
    }

    /// {@return `1 / Σ probability²`: how many equally weighted executions a weighted sample is worth}
    public double effectiveSampleSize() {
        return LogWeights.effectiveSampleSize(probabilities);
    }

    /// {@return executions of equal weight, drawn by systematic resampling; equal ones stand next to each other}
    ///
    /// @param key source of the draw
    /// @param n   how many; ≥ 1
    public List<Execution> resample(PRNGKey key, int n) {
        return Arrays.stream(LogWeights.systematic(probabilities, n, key.uniform().item()))
                .mapToObj(executions::get)
                .toList();
    }

    @Override
    public String toString() {
        return executions.size() + " executions, log evidence " + NDArray.as(logEvidence) + ", effective sample size "
                + NDArray.as(effectiveSampleSize());
    }
}
