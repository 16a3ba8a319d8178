package kiln.model;

import static kiln.array.Np.*;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Dirichlet;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.dist.constraint.Constraints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Handlers that change what a model is: interventions, data taken back, priors for parameters, prefixes, replaced sites.
class InterventionTest {
    private static final Map<String, Double> OBSERVED = Map.of("x", 1.0, "z", 1.0, "w", 1.0);
    private static final Map<String, Double> DONE = Map.of("y", 0.0, "z", 2.0, "w", 1.0);

    /// x → y → z → w, with the values that the model itself sees.
    private static Trace chain(List<Double> seen, Handler... handlers) {
        return trace(() -> {
            NDArray v = NDArray.as(0);
            for (String name : List.of("x", "y", "z", "w")) {
                v = sample(name, new Normal(v, 1));
                seen.add(v.item());
            }
        }, handlers);
    }

    /// The table of NumPyro's test of counterfactual queries: what is observed stays in the trace as data, what is intervened on is
    /// drawn or observed under its own name while the model goes on with the constant, in either order of the handlers.
    @ParameterizedTest
    @CsvSource({"true, false", "false, true", "true, true"})
    void counterfactualQueries(boolean intervene, boolean observe) {
        for (boolean flip : new boolean[] {false, true}) {
            List<Handler> handlers = new ArrayList<>();
            if (intervene) {
                handlers.add(doIntervene(DONE));
            }
            if (observe) {
                handlers.add(flip ? 0 : handlers.size(), condition(OBSERVED));
            }
            handlers.add(seed(0));
            List<Double> seen = new ArrayList<>();
            Trace tr = chain(seen, handlers.toArray(Handler[]::new));
            for (int i = 0; i < 4; i++) {
                String name = List.of("x", "y", "z", "w").get(i);
                boolean isData = observe && OBSERVED.containsKey(name);
                assertThat(tr.sample(name).isObserved()).isEqualTo(isData);
                if (isData) {
                    assertThat(tr.value(name).item()).isEqualTo(OBSERVED.get(name));
                }
                if (intervene && DONE.containsKey(name)) {
                    assertThat(seen.get(i)).isEqualTo(DONE.get(name));
                } else {
                    assertThat(seen.get(i)).isEqualTo(tr.value(name).item());
                }
            }
        }
    }

    /// The densities are those of the mechanisms: z follows from the constant of y, not from the value drawn for y.
    @Test
    void whatFollowsIsDistributedGivenTheConstant() {
        Trace tr = chain(new ArrayList<>(), substitute(Map.of("x", 1, "y", 5, "z", 3, "w", 4)), doIntervene(Map.of("y", 0)));
        double half = -0.5 * StrictMath.log(2 * Math.PI);
        assertThat(tr.logProb("y").item()).isCloseTo(half - 8, within(1e-12));
        assertThat(tr.logProb("z").item()).isCloseTo(half - 4.5, within(1e-12));
        assertThat(tr.logProb("w").item()).isCloseTo(half - 0.5, within(1e-12));
    }

    @Test
    void theInnerOfTwoInterventionsHolds() {
        List<Double> seen = new ArrayList<>();
        chain(seen, doIntervene(Map.of("x", 1)), doIntervene(Map.of("x", 2)), seed(0));
        assertThat(seen.getFirst()).isEqualTo(1);
    }

    /// Rule (d): the handler further out decides.
    @Test
    void unconditionDrawsDataAgainAndRemembersIt() {
        Model m = () -> {
            sample("x", new Normal(0, 1), 7);
            factor("penalty", -1);
        };
        Trace tr = trace(m, uncondition(), seed(3));
        Message.Sample x = tr.sample("x");
        assertThat(x.isObserved()).isFalse();
        assertThat(x.requireValue().item()).isEqualTo(PRNGKey.key(3).split()[1].normal().item());
        assertThat(x.infer().wasObserved()).map(NDArray::item).contains(7.0);
        assertThat(tr.logProb("penalty").item()).isEqualTo(-1);

        Model latent = () -> sample("x", new Normal(0, 1));
        var one = condition(Map.of("x", 1));
        assertThat(trace(latent, one, uncondition(), seed(3)).value("x").item()).isEqualTo(x.requireValue().item());
        assertThat(trace(latent, uncondition(), one).value("x").item()).isEqualTo(1);
    }

    @Test
    void liftGivesParametersAPrior() {
        Model m = () -> {
            NDArray w = param("w", zeros(3));
            NDArray s = param("s", 1, Constraints.positive);
            assertThat(param("w", zeros(3))).isSameAs(w);
            sample("y", new Normal(w.sum(), s), 0.5);
        };
        Trace all = trace(m, lift(new HalfNormal(1)), seed(0));
        assertThat(all.samples().keySet()).containsExactly("w", "s", "y");
        assertThat(all.value("w").shape()).isEqualTo(Shape.of(3));
        assertThat(all.sample("w").isObserved()).isFalse();
        Trace one = trace(m, lift(Map.of("w", new Normal(0, 2))), seed(0));
        assertThat(one.samples().keySet()).containsExactly("w", "y");
        assertThat(one.site("s")).isInstanceOf(Message.Param.class);
        assertThat(one.value("w").toDoubleArray())
                .containsExactly(PRNGKey.key(0).split()[1].normal(3).times(2).toDoubleArray());
        Trace simplex = trace(() -> param("p", full(Shape.of(2, 3), 1 / 3.0), Constraints.simplex), lift(new Dirichlet(ones(3))), seed(0));
        assertThat(simplex.value("p").shape()).isEqualTo(Shape.of(2, 3));
    }

    @Test
    void scopePrefixesSitesAndPlates() {
        Model m = () -> {
            try (var _ = plate("N", 2)) {
                sample("x", new Normal(0, 1));
                deterministic("d", 1);
            }
        };
        Trace tr = trace(m, scope("a"), scope("b").divider("_"), seed(0));
        assertThat(tr.sites().keySet()).containsExactly("b_a/N", "b_a/x", "b_a/d");
        assertThat(tr.site("b_a/x").plates()).extracting(PlateFrame::name).containsExactly("b_a/N");
        Trace hidden = trace(m, scope("a").hideTypes(Set.of(Message.Plate.class, Message.Deterministic.class)), seed(0));
        assertThat(hidden.sites().keySet()).containsExactly("N", "a/x", "d");
        assertThat(hidden.site("a/x").plates()).extracting(PlateFrame::name).containsExactly("N");
        // Handlers know a site by the name that it has where they stand.
        assertThat(trace(m, condition(Map.of("x", array(1, 2))), scope("a"), condition(Map.of("a/x", array(3, 4)))).value("a/x").toDoubleArray())
                .containsExactly(3, 4);
        Model twice = () -> {
            handle(m, scope("a")).run();
            handle(m, scope("b")).run();
        };
        assertThat(trace(twice, seed(0)).samples().keySet()).containsExactly("a/x", "b/x");
        List<Double> seen = new ArrayList<>();
        chain(seen, doIntervene(Map.of("x", 5)), scope("a"), seed(0));
        assertThat(seen.getFirst()).isEqualTo(5);
    }

    /// The statements of a strategy are made inside the plates and handlers of the site.
    @Test
    void reparamStatesTheSitesThatStandInForAnother() {
        Model m = () -> {
            try (var _ = plate("N", 4, subsampleSize(2))) {
                sample("x", new Normal(10, 3));
                sample("y", new Normal(0, 1), zeros(2));
            }
        };
        Reparam centred = site -> sample(site.name() + "_standard", new Normal(0, 1)).times(3).plus(10);
        Trace tr = trace(m, scale(5), reparam(Map.of("x", centred)), substitute(Map.of("x_standard", array(1, 2))), seed(0));
        assertThat(tr.sites().keySet()).containsExactly("N", "x_standard", "x", "y");
        assertThat(tr.value("x").toDoubleArray()).containsExactly(13, 16);
        double each = -0.5 * StrictMath.log(2 * Math.PI);
        assertThat(tr.logProb("x_standard").item()).isCloseTo(5 * 2 * (2 * each - 2.5), within(1e-12));
        Trace drawn = trace(m, reparam(s -> s.isObserved() ? java.util.Optional.empty() : java.util.Optional.of(centred)), seed(0));
        assertThat(drawn.value("x").toDoubleArray()).containsExactly(drawn.value("x_standard").times(3).plus(10).toDoubleArray());
    }

    @Test
    void inferConfigChangesTheHints() {
        Trace tr = trace(() -> sample("x", new Normal(0, 1), null, infer(Infer.NONE.auxiliary(true))),
                inferConfig(s -> s.infer().enumerate(Infer.Enumerate.NEVER)), seed(0));
        assertThat(tr.sample("x").infer()).isEqualTo(Infer.NONE.auxiliary(true).enumerate(Infer.Enumerate.NEVER));
    }

    @Test
    void kindsOfStatementsCanBeShownOrLeftWithoutKey() {
        Model m = () -> {
            NDArray w = param("w", 1);
            try (var _ = plate("N", 4, subsampleSize(2))) {
                sample("x", new Normal(w, 1));
            }
        };
        assertThat(trace(m, seed(0), exposeTypes(Set.of(Message.Param.class))).sites().keySet()).containsExactly("w");
        Trace tr = trace(m, seed(1).hideTypes(Set.of(Message.Plate.class)), seed(2));
        assertThat(tr.value("x").toDoubleArray()).containsExactly(PRNGKey.key(1).split()[1].normal(2).plus(1).toDoubleArray());
    }
}
