package kiln.infer;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.Bernoulli;
import kiln.dist.Beta;
import kiln.dist.Binomial;
import kiln.dist.Dirichlet;
import kiln.dist.Exponential;
import kiln.dist.Gamma;
import kiln.dist.HalfNormal;
import kiln.dist.Multinomial;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.infer.mcmc.Checks;
import kiln.infer.mcmc.HMC;
import kiln.infer.mcmc.SamplerCheck;
import kiln.model.HandlerException;
import kiln.model.Model;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Simulation-based calibration of NUTS on five models, and of models that are wrong in a known way.
///
/// A right sampler fails each row with probability 1e-6 at most: the band is exact and shared out among the quantities.
class SBCTest {
    private static final double FALSE_ALARM = 1e-6;
    private static final NDArray X = Np.linspace(-1, 1, 12);

    private static void normal() {
        var mu = sample("mu", new Normal(0, 2));
        var sigma = sample("sigma", new HalfNormal(1));
        try (var _ = plate("data", 10)) {
            sample("y", new Normal(mu, sigma));
        }
    }

    private static void scale(double prior) {
        var mu = sample("mu", new Normal(0, 2));
        var sigma = sample("sigma", new HalfNormal(prior));
        try (var _ = plate("data", 3)) {
            sample("y", new Normal(mu, sigma));
        }
    }

    private static void betaBinomial() {
        sample("y", new Binomial(8, sample("p", new Beta(2, 3))));
    }

    private static void regression() {
        var a = sample("a", new Normal(0, 1));
        var b = sample("b", new Normal(0, 1));
        try (var _ = plate("data", 12)) {
            sample("y", new Poisson(Np.exp(a.plus(b.times(X)))));
        }
    }

    private static void hierarchical() {
        var tau = sample("tau", new Exponential(1));
        NDArray z;
        try (var _ = plate("group", 4)) {
            z = sample("z", new Normal(0, 1));
            sample("y", new Normal(z.times(tau), 1));
        }
    }

    private static void shares() {
        var rate = sample("rate", new Gamma(3, 1));
        sample("count", new Poisson(rate));
        sample("y", new Multinomial(15, sample("p", new Dirichlet(NDArray.of(1.0, 2, 3)))));
    }

    static final List<String> MODELS = List.of("normal", "beta-binomial", "regression", "hierarchical", "shares");

    static SBC of(String name) {
        return switch (name) {
            case "normal" -> new SBC(SBCTest::normal, "y");
            case "beta-binomial" -> new SBC(SBCTest::betaBinomial, "y");
            case "regression" -> new SBC(SBCTest::regression, "y");
            case "hierarchical" -> new SBC(SBCTest::hierarchical, "y");
            default -> new SBC(SBCTest::shares, "y", "count");
        };
    }

    static Stream<String> models() {
        return MODELS.stream();
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("models")
    @Checks(value = SamplerCheck.SBC, kernels = "NUTS")
    void nutsIsCalibrated(String name) {
        SBCResult result = of(name).numSimulations(300).run(key(2026));
        assertThat(result.failures(FALSE_ALARM)).as("%s%s", name, result).isEmpty();
    }

    @Test
    void aWrongPriorIsFound() {
        SBC right = new SBC(() -> scale(1), "y").numSimulations(150).numWarmup(300);
        SBCResult wrong = right.fitted(() -> scale(5)).run(key(1));
        assertThat(wrong.failures(FALSE_ALARM)).as("%s", wrong).contains("sigma").doesNotContain("mu");
        assertThat(wrong.toString()).contains("not uniform, heaped at the low end: the posterior lies too high");
        assertThat(right.run(key(1)).isCalibrated(FALSE_ALARM)).isTrue();
    }

    /// Ranks do not depend on the order in which processors take the simulations.
    @Test
    void theResultDependsOnTheKeyAlone() {
        SBC sbc = new SBC(SBCTest::betaBinomial, "y").numSimulations(8).numDraws(20).numWarmup(100)
                .kernel(m -> new HMC(m).numSteps(5));
        SBCResult one = sbc.run(key(3));
        assertThat(sbc.run(key(3))).isEqualTo(one);
        assertThat(sbc.run(key(4)).quantities().get("p")).isNotEqualTo(one.quantities().get("p"));
        assertThat(one.quantities().keySet()).containsExactly("p", "log likelihood", "log joint");
    }

    @Test
    void dataThatTheModelDoesNotDrawIsNamed() {
        Model observed = () -> sample("y", new Normal(sample("mu", new Normal(0, 1)), 1), 3.0);
        assertThatThrownBy(() -> new SBC(observed, "y").run(key(0))).isInstanceOf(HandlerException.class)
                .hasMessageContaining("SBC: a site of data is not drawn by the model.")
                .hasMessageContaining("Expected: names among \"mu\"\n  Got:      \"y\"")
                .hasMessageContaining("pass the model without its data");
        assertThatThrownBy(() -> new SBC(observed)).hasMessageContaining("at least one site of data");
        assertThatThrownBy(() -> new SBC(SBCTest::betaBinomial, "y").fitted(() -> sample("y", new Binomial(8, sample("P", new Beta(2, 3))))).run(key(0)))
                .isInstanceOf(HandlerException.class).hasMessageContaining("Expected: names among \"p\", \"y\"\n  Got:      \"P\"").hasMessageContaining("give the sites of both models the same names");
    }

    /// A discrete site that NUTS sums out is ranked as the others are; a model that is fitted with another probability of it is found out.
    @Test
    void discreteSitesThatAreSummedOutAreRanked() {
        SBC right = new SBC(() -> switching(0.3), "y").numSimulations(60).numDraws(40).numWarmup(100);
        SBCResult result = right.run(key(5));
        assertThat(result.quantities().keySet()).containsExactly("m[0]", "m[1]", "k", "log likelihood", "log joint");
        assertThat(result.failures(FALSE_ALARM)).as("%s", result).isEmpty();
        assertThat(right.fitted(() -> switching(0.97)).run(key(5)).failures(FALSE_ALARM)).contains("k");
        assertThatThrownBy(() -> result.isCalibrated(2)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("falseAlarm must lie in (0, 1)");
    }

    private static void switching(double probs) {
        NDArray k = sample("k", new Bernoulli(probs));
        NDArray m = sample("m", new Normal(0, 1).expand(2).toEvent(1));
        sample("y", new Normal(m.get(0).plus(m.get(1)).plus(k.times(2)), 1));
    }
}
