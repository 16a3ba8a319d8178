package kiln.model;

import static kiln.array.Np.*;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Bernoulli;
import kiln.dist.Beta;
import kiln.dist.BetaBinomial;
import kiln.dist.Binomial;
import kiln.dist.Categorical;
import kiln.dist.Dirichlet;
import kiln.dist.DirichletMultinomial;
import kiln.dist.Gamma;
import kiln.dist.GammaPoisson;
import kiln.dist.HalfNormal;
import kiln.dist.Multinomial;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.infer.UnconstrainedModel;
import org.junit.jupiter.api.Test;

/// Variables that are integrated out: the evidence is that of the compound distribution, or of an integral by a rule.
class CollapseTest {
    private static double evidence(Model m, Handler... handlers) {
        return trace(collapse(m), handlers).logProb().item();
    }

    /// log ∫ over (low, high) by the midpoint rule with 20,000 points, of a log density.
    private static double integral(double low, double high, DoubleUnaryOperator logDensity) {
        int n = 20_000;
        double h = (high - low) / n;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += StrictMath.exp(logDensity.applyAsDouble(low + (i + 0.5) * h)) * h;
        }
        return StrictMath.log(sum);
    }

    private static double sum(NDArray density) {
        return density.sum().item();
    }

    @Test
    void oneObservationHasTheCompoundDistribution() {
        assertThat(evidence(() -> sample("x", new Binomial(7, sample("p", new Beta(2, 3))), 4)))
                .isCloseTo(new BetaBinomial(2, 3, 7).logProb(4).item(), within(1e-12));
        assertThat(evidence(() -> sample("x", new Poisson(sample("r", new Gamma(2, 3))), 4)))
                .isCloseTo(new GammaPoisson(2, 3).logProb(4).item(), within(1e-12));
        assertThat(evidence(() -> sample("x", new Normal(sample("m", new Normal(1, 2)), 1.5), 4)))
                .isCloseTo(new Normal(1, 2.5).logProb(4).item(), within(1e-12));
        NDArray a = array(1, 2, 3);
        assertThat(evidence(() -> sample("x", new Multinomial(6, sample("p", new Dirichlet(a))), array(1, 3, 2))))
                .isCloseTo(new DirichletMultinomial(NDArray.as(6), a).logProb(array(1, 3, 2)).item(), within(1e-12));
        assertThat(exp(evidence(() -> sample("x", new Categorical(sample("p", new Dirichlet(a))), 2))).item())
                .isCloseTo(0.5, within(1e-12));
    }

    /// Several sites, plates and masks: copies that share a variable are no longer independent.
    @Test
    void sharedVariablesLearnFromAllData() {
        NDArray x = array(1, 0, 1, 1);
        NDArray seen = NDArray.of(true, true, false, true);
        double expected = integral(0, 1, p -> new Beta(2, 3).logProb(p).item()
                + sum(new Bernoulli(p).logProb(array(1, 0, 1)))
                + new Binomial(5, p).logProb(2).item());
        assertThat(evidence(() -> {
            NDArray p = sample("p", new Beta(2, 3));
            try (var _ = plate("N", 4)) {
                handle(() -> sample("x", new Bernoulli(p), x), mask(seen)).run();
            }
            sample("y", new Binomial(5, p), 2);
        })).isCloseTo(expected, within(1e-7));

        NDArray y = array(1, 2.5, -1);
        NDArray sigma = array(1, 2, 0.5);
        double mean = integral(-20, 20, m -> new Normal(1, 2).logProb(m).item() + sum(new Normal(m, sigma).logProb(y))
                + new Normal(m, 3).logProb(0.5).item());
        assertThat(evidence(() -> {
            NDArray m = sample("m", new Normal(1, 2));
            try (var _ = plate("N", 3)) {
                sample("y", new Normal(m, sigma), y);
            }
            sample("z", new Normal(m, 3), 0.5);
        })).isCloseTo(mean, within(1e-9));

        NDArray counts = array(3, 0, 2);
        double rate = integral(0, 30, r -> new Gamma(2, 1).logProb(r).item() + sum(new Poisson(r).logProb(counts)));
        assertThat(evidence(() -> {
            NDArray r = sample("r", new Gamma(2, 1));
            try (var _ = plate("N", 3)) {
                sample("x", new Poisson(r), counts);
            }
        })).isCloseTo(rate, within(1e-6));
    }

    /// Counts 2, 1, 1 of categories: the Dirichlet-multinomial without the number of orders, 12.
    @Test
    void categoriesInAPlate() {
        NDArray a = array(1, 2, 3);
        double expected = new DirichletMultinomial(NDArray.as(4), a).logProb(array(2, 1, 1)).item() - StrictMath.log(12);
        assertThat(evidence(() -> {
            NDArray p = sample("p", new Dirichlet(a));
            try (var _ = plate("N", 4)) {
                sample("x", new Categorical(p), NDArray.of(new long[] {0, 1, 0, 2}));
            }
        })).isCloseTo(expected, within(1e-12));
    }

    /// Each copy has its own variable; other sites stay as they are, for gradients as well.
    @Test
    void whatIsLeftIsAModelOfItsOwn() {
        NDArray heads = array(7, 2, 9, 4);
        Model m = () -> {
            NDArray a = sample("a", new HalfNormal(5));
            try (var _ = plate("coin", 4)) {
                NDArray p = sample("p", new Beta(a, 2));
                sample("heads", new Binomial(10, p), heads);
            }
        };
        Trace tr = trace(collapse(m, "p"), condition(Map.of("a", 3)));
        assertThat(tr.sites().keySet()).containsExactly("a", "coin", "heads");
        assertThat(tr.sample("heads").logProb().shape()).isEqualTo(Shape.of(4));
        assertThat(tr.logProb("heads").item()).isCloseTo(sum(new BetaBinomial(3, 2, 10).logProb(heads)), within(1e-12));

        var left = UnconstrainedModel.of(collapse(m, "p"), PRNGKey.key(0));
        assertThat(left.dimension()).isEqualTo(1);
        NDArray q = scalar(0.4);
        double a = StrictMath.exp(0.4);
        double expected = new HalfNormal(5).logProb(a).item() + 0.4 + sum(new BetaBinomial(a, 2, 10).logProb(heads));
        assertThat(left.logJoint(Map.of("a", q)).item()).isCloseTo(expected, within(1e-12));
        double slope = kiln.func.Functions.grad((NDArray x) -> left.logJoint(Map.of("a", x))).apply(q).item();
        double h = 1e-5;
        double difference = (left.logJoint(Map.of("a", scalar(0.4 + h))).item() - left.logJoint(Map.of("a", scalar(0.4 - h))).item()) / (2 * h);
        assertThat(slope).isCloseTo(difference, within(1e-7));
    }
}
