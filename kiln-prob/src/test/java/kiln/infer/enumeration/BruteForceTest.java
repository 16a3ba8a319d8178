package kiln.infer.enumeration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.func.Functions;
import kiln.func.ValueAndGrad;
import kiln.infer.UnconstrainedModel;
import kiln.model.LogDensities;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Elimination against the sum over all combinations of values, on 50 random models: value, gradient, most probable values and
/// marginal probabilities.
class BruteForceTest {
    private static final int MODELS = 50;
    private static final int MOST = 100;

    /// The first seeds whose models have few enough combinations to try them all.
    static IntStream seeds() {
        return IntStream.iterate(0, s -> s + 1)
                .filter(s -> new RandomDiscreteModel(s).combinations() <= MOST && new RandomDiscreteModel(s).combinations() > 3)
                .limit(MODELS);
    }

    /// {@return the log joint for every combination of values, in the order of [#combination]}
    private static NDArray joint(RandomDiscreteModel model, NDArray theta) {
        List<NDArray> terms = new ArrayList<>();
        for (int i = 0; i < model.combinations(); i++) {
            Map<String, NDArray> values = combination(model, i);
            values.put("theta", theta);
            terms.add(LogDensities.logDensity(model, values).value());
        }
        return Np.stack(terms, 0);
    }

    private static Map<String, NDArray> combination(RandomDiscreteModel model, int number) {
        var out = new LinkedHashMap<String, NDArray>();
        int[] rest = {number};
        model.discrete().forEach((name, e) -> {
            long[] support = e.getKey();
            long[] value = new long[e.getValue().size()];
            for (int k = 0; k < value.length; k++) {
                value[k] = support[rest[0] % support.length];
                rest[0] /= support.length;
            }
            out.put(name, NDArray.of(value).reshape(e.getValue()));
        });
        return out;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void equalsTheSumOverAllCombinations(int seed) {
        var model = new RandomDiscreteModel(seed);
        NDArray theta = PRNGKey.key(seed).normal(model.dimension());
        var free = UnconstrainedModel.of(model, PRNGKey.key(0));
        assertThat(free.discrete()).hasSize(model.discrete().size());

        ValueAndGrad<NDArray> brute = Functions.<NDArray>valueAndGrad(t -> Np.logsumexp(joint(model, t))).apply(theta);
        ValueAndGrad<NDArray> summed = Functions.<NDArray>valueAndGrad(t -> free.logJoint(Map.of("theta", t))).apply(theta);
        assertThat(summed.value().item()).isCloseTo(brute.value().item(), within(1e-10));
        double[] expected = brute.grad().toDoubleArray();
        double[] gradient = summed.grad().toDoubleArray();
        for (int i = 0; i < expected.length; i++) {
            assertThat(gradient[i]).isCloseTo(expected[i], within(1e-10));
        }

        double[] all = joint(model, theta).toDoubleArray();
        Enumeration z = free.enumeration(Map.of("theta", theta));
        Map<String, NDArray> best = new LinkedHashMap<>(z.mostProbable());
        best.put("theta", theta);
        assertThat(LogDensities.logDensity(model, best).value().item())
                .isCloseTo(IntStream.range(0, all.length).mapToDouble(i -> all[i]).max().orElseThrow(), within(1e-10));
    }
}
