package kiln.model;

import static kiln.array.PRNGKey.key;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.diagnostics.MonteCarloError;
import kiln.dist.Exponential;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.infer.Posterior;
import kiln.infer.PosteriorDensity;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.math.Erf;
import org.junit.jupiter.api.Test;

class CondTest {
    private static void branched() {
        var z = sample("z", new Normal(0, 1));
        var mean = cond(z.gt(0.3), x -> {
            var w = sample("w", new Normal(x, 1));
            var s = sample("s", new HalfNormal(w.times(w).plus(1)));
            deterministic("twice", w.times(2));
            return w.plus(s);
        }, x -> {
            var w = sample("w", new Normal(x.minus(1), 2));
            var s = sample("s", new HalfNormal(0.5));
            deterministic("twice", w);
            return w.times(s);
        }, z);
        sample("y", new Normal(mean, 0.7), 1.3);
    }

    /// The same with every parameter chosen by hand.
    private static void chosen() {
        var z = sample("z", new Normal(0, 1));
        var yes = z.gt(0.3);
        var w = sample("w", new Normal(Np.where(yes, z, z.minus(1)), Np.where(yes, 1.0, 2.0)));
        var s = sample("s", new HalfNormal(Np.where(yes, w.times(w).plus(1), 0.5)));
        deterministic("twice", Np.where(yes, w.times(2), w));
        sample("y", new Normal(Np.where(yes, w.plus(s), w.times(s)), 0.7), 1.3);
    }

    @Test
    void theDensityIsThatOfChosenParameters() {
        var a = PosteriorDensity.of(CondTest::branched, key(0));
        var b = PosteriorDensity.of(CondTest::chosen, key(0));
        double[] g = new double[3];
        double[] h = new double[3];
        for (double[] q : new double[][] {{0.5, 0.2, -0.3}, {-0.4, 1.2, 0.1}, {0.31, -2, 0.5}, {0.29, -2, 0.5}}) {
            assertThat(a.valueAndGradient(q, g)).isCloseTo(b.valueAndGradient(q, h), within(1e-12));
            assertThat(g).containsExactly(h, within(1e-12));
        }
    }

    /// The keys of the sites come from one that the cond takes, as NumPyro's do.
    @Test
    void drawsAreThoseOfTheChosenBranch() {
        for (int i = 0; i < 20; i++) {
            Trace run = trace(CondTest::branched, seed(i));
            PRNGKey[] first = key(i).split();
            assertThat(run.value("z").item()).isEqualTo(new Normal(0, 1).sample(first[1]).item());
            PRNGKey[] own = first[0].split()[1].split();
            double z = run.value("z").item();
            NDArray w = z > 0.3 ? new Normal(z, 1).sample(own[1]) : new Normal(z - 1, 2).sample(own[1]);
            assertThat(run.value("w").item()).isEqualTo(w.item());
            assertThat(run.value("twice").item()).isEqualTo(z > 0.3 ? 2 * w.item() : w.item());
        }
    }

    @Test
    void valuesFromOutsideAreTaken() {
        Trace run = trace(CondTest::branched, substitute(Map.of("z", 1.0, "w", 0.25)), condition(Map.of("s", 0.5)), seed(0));
        assertThat(run.value("twice").item()).isEqualTo(0.5);
        assertThat(java.util.Objects.requireNonNull(run.samples().get("s")).isObserved()).isTrue();
        assertThat(run.logProb("s").item()).isCloseTo(new HalfNormal(0.25 * 0.25 + 1).logProb(0.5).item(), within(1e-14));
    }

    /// P(z > 0) given the data, exactly: both branches are conjugate.
    @Test
    void nutsSamplesIt() {
        Posterior posterior = new MCMC(new NUTS(() -> {
            var x = sample("x", new Normal(0, 1));
            var scale = cond(x.gt(0), _ -> Np.scalar(1.0), _ -> Np.scalar(2.0), x);
            sample("y", new Normal(0, scale), 1.5);
        })).numSamples(5000).run(key(4));
        double above = new Normal(0, 1).logProb(1.5).item();
        double below = new Normal(0, 2).logProb(1.5).item();
        double exact = 1 / (1 + Math.exp(below - above));
        double[][] positive = posterior.draws().element("x", 0);
        for (double[] chain : positive) {
            for (int i = 0; i < chain.length; i++) {
                chain[i] = chain[i] > 0 ? 1 : 0;
            }
        }
        double limit = -Erf.ndtri(1e-6 / 2) * MonteCarloError.mcseMean(positive);
        assertThat(Np.mean(NDArray.of(positive)).item()).isCloseTo(exact, within(limit));
    }

    @Test
    void refusals() {
        assertThatThrownBy(() -> trace(() -> cond(Np.scalar(true), _ -> sample("a", new Normal(0, 1)), _ -> sample("b", new Normal(0, 1)), 0.0), seed(0)))
                .isInstanceOf(HandlerException.class)
                .hasMessageContaining("cond: the branches do not make the same statements")
                .hasMessageContaining("\"a\"")
                .hasMessageContaining("\"b\"");
        assertThatThrownBy(() -> trace(() -> cond(Np.scalar(true), _ -> sample("a", new Normal(0, 1)), _ -> sample("a", new Exponential(1)), 0.0), seed(0)))
                .isInstanceOf(HandlerException.class)
                .hasMessageContaining("sample(\"a\") has another distribution in the other branch")
                .hasMessageContaining("Normal")
                .hasMessageContaining("Exponential");
        assertThatThrownBy(() -> trace(() -> cond(Np.zeros(2), x -> x, x -> x, Np.zeros(2)), seed(0)))
                .isInstanceOf(HandlerException.class)
                .hasMessageContaining("not a single truth value")
                .hasMessageContaining("shape [2]");
        assertThatThrownBy(() -> trace(() -> cond(Np.scalar(true), _ -> param("p", 1), _ -> param("p", 2), 0.0), seed(0)))
                .isInstanceOf(HandlerException.class)
                .hasMessageContaining("param(\"p\")");
    }
}
