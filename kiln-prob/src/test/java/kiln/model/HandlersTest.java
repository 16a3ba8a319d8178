package kiln.model;

import static kiln.array.Np.*;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Bernoulli;
import kiln.dist.LogNormal;
import kiln.dist.Normal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The algebra of the handlers: who acts first, what is hidden, what is counted.
class HandlersTest {
    private static void tutorial() {
        NDArray mu = sample("mu", new Normal(0, 1));
        sample("s", new LogNormal(mu, 1));
    }

    private static void pair() {
        NDArray x = sample("x", new Normal(0, 1));
        sample("y", new Normal(x, 1));
    }

    private static double normal(double x, double loc, double scale) {
        double z = (x - loc) / scale;
        return -0.5 * z * z - StrictMath.log(scale) - 0.5 * StrictMath.log(2 * Math.PI);
    }

    /// The digits that NumPyro's tutorial prints (float32, keys of JAX before 0.5).
    @ParameterizedTest
    @CsvSource({
        "0, -1.2515389, 0.15910524",
        "1, -1.1470195, 0.10654547",
        "2, -0.16715223, 1.1439366",
        "3, -0.05887505, 2.5868776",
        "4, 0.78741604, 1.2294955",
    })
    void seedDrawsTheNumbersOfNumPyro(long key, double mu, double s) {
        Trace tr = DType.withDefault(DType.FLOAT32, () -> trace(HandlersTest::tutorial, seed(PRNGKey.original(key))));
        assertThat(tr.value("mu").dtype()).isEqualTo(DType.FLOAT32);
        assertThat(tr.value("mu").item()).isCloseTo(mu, within(1.5e-7 * Math.abs(mu)));
        assertThat(tr.value("s").item()).isCloseTo(s, within(1.5e-7 * s));
    }

    @Test
    void seedSplitsItsKeyAtEverySiteAndStartsAfreshInEveryRun() {
        PRNGKey[] first = PRNGKey.key(7).split();
        PRNGKey[] second = first[0].split();
        Handler seed = seed(7);
        for (int run = 0; run < 2; run++) {
            Trace tr = trace(HandlersTest::pair, seed);
            double x = first[1].normal().item();
            assertThat(tr.value("x").item()).isEqualTo(x);
            assertThat(tr.value("y").item()).isEqualTo(x + second[1].normal().item());
        }
    }

    /// Rule (a): the handler listed first acts first.
    @Test
    void aValueGivenInsideTheSeedSpendsNoKeyAndOneGivenOutsideDoes() {
        PRNGKey[] first = PRNGKey.key(3).split();
        double fromFirst = 1 + first[1].normal().item();
        double fromSecond = 1 + first[0].split()[1].normal().item();
        var x = substitute(Map.of("x", 1));
        assertThat(trace(HandlersTest::pair, x, seed(3)).value("y").item()).isEqualTo(fromFirst);
        assertThat(trace(HandlersTest::pair, seed(3), x).value("y").item()).isEqualTo(fromSecond);
        var observed = condition(Map.of("x", 1));
        assertThat(trace(HandlersTest::pair, observed, seed(3)).value("y").item()).isEqualTo(fromFirst);
        assertThat(trace(HandlersTest::pair, seed(3), observed).value("y").item()).isEqualTo(fromSecond);
    }

    /// Rule (b): the trace is outside all handlers and sees what they made of a site.
    @Test
    void theTraceSeesTheFinalMessage() {
        Trace tr = trace(HandlersTest::pair, seed(0), condition(Map.of("x", 2)), scale(3), substitute(Map.of("y", 5)));
        assertThat(tr.samples().keySet()).containsExactly("x", "y");
        assertThat(tr.value("x").item()).isEqualTo(2);
        assertThat(tr.value("y").item()).isEqualTo(5);
        assertThat(tr.samples().values().stream().map(Message.Sample::isObserved)).containsExactly(true, false);
        assertThat(tr.logProb().item()).isCloseTo(3 * (normal(2, 0, 1) + normal(5, 2, 1)), within(1e-12));
    }

    /// Rule (d): of two handlers that decide about a value, the outer one wins.
    @Test
    void theLastOfTwoHandlersThatGiveAValueWins() {
        var inner = condition(Map.of("x", 1));
        var outer = condition(Map.of("x", 2));
        assertThat(trace(HandlersTest::pair, inner, outer, seed(0)).value("x").item()).isEqualTo(2);
    }

    /// Rule (c): what is to see a site stands inside the block.
    @Test
    void blockHidesFromWhatIsOutsideOnly() {
        Trace inside = trace(HandlersTest::pair, seed(0), scale(2), block("x"));
        assertThat(inside.sites().keySet()).containsExactly("y");
        Trace outside = trace(HandlersTest::pair, seed(0), condition(Map.of("x", 9)), block("x"), condition(Map.of("y", 8)));
        assertThat(outside.value("y").item()).isEqualTo(8);
        assertThat(outside.logProb().item()).isCloseTo(normal(8, 9, 1), within(1e-12));
        assertThat(trace(HandlersTest::pair, block(), seed(0)).sites()).isEmpty();
        assertThat(trace(HandlersTest::pair, expose("x"), seed(0)).sites().keySet()).containsExactly("x");
        assertThat(trace(HandlersTest::pair, block(m -> m.name().equals("x")), seed(0)).sites().keySet())
                .containsExactly("y");
    }

    @Test
    void aHiddenSiteGetsItsKeyFromTheSeedOutside() {
        PRNGKey[] first = PRNGKey.key(5).split();
        double x = first[1].normal().item();
        double y = x + first[0].split()[1].normal().item();
        assertThat(trace(HandlersTest::pair, block("x"), seed(5)).value("y").item()).isEqualTo(y);
    }

    /// A message of an inner run goes on through the handlers of the outer one.
    @Test
    void handlersNest() {
        Model inner = handle(HandlersTest::pair, condition(Map.of("x", 1)));
        Trace outer = trace(inner, seed(0), condition(Map.of("y", 2)));
        assertThat(outer.value("x").item()).isEqualTo(1);
        assertThat(outer.logProb().item()).isCloseTo(normal(1, 0, 1) + normal(2, 1, 1), within(1e-12));
        Trace seen = trace(() -> assertThat(trace(HandlersTest::pair, condition(Map.of("x", 1))).value("y").item())
                .isEqualTo(2), condition(Map.of("y", 2)));
        assertThat(seen.sites().keySet()).containsExactly("x", "y");
    }

    @Test
    void replayRepeatsWhatWasDrawnAndLeavesDataAlone() {
        Model observed = () -> {
            NDArray x = sample("x", new Normal(0, 1));
            sample("y", new Normal(x, 1), 4);
        };
        Trace first = trace(HandlersTest::pair, seed(1));
        Trace second = trace(observed, replay(first));
        assertThat(second.value("x")).isSameAs(first.value("x"));
        assertThat(second.value("y").item()).isEqualTo(4);
        Trace again = trace(HandlersTest::pair, replay(first));
        assertThat(again.value("y")).isSameAs(first.value("y"));
    }

    @Test
    void substituteReachesEverySiteAndMarksNothingAsData() {
        Model m = () -> {
            NDArray w = param("w", 1);
            NDArray d = deterministic("d", w.times(2));
            sample("x", new Normal(d, 1));
        };
        Trace tr = trace(m, substitute(Map.of("w", 5, "x", 0.5)));
        assertThat(tr.value("d").item()).isEqualTo(10);
        assertThat(tr.samples().values().iterator().next().isObserved()).isFalse();
        Trace fixed = trace(m, substitute(Map.of("d", 3, "x", 3)));
        assertThat(fixed.logProb().item()).isCloseTo(normal(3, 3, 1), within(1e-12));
        assertThat(trace(m, seed(0)).value("w").item()).isEqualTo(1);
    }

    @Test
    void functionsCanGiveTheValues() {
        Handler zero = condition(s -> s.name().equals("y") ? Optional.of(scalar(0.0)) : Optional.empty());
        Trace tr = trace(HandlersTest::pair, zero, substitute((Message m) -> Optional.of(scalar(1.0))));
        assertThat(tr.samples().values().stream().map(Message.Sample::isObserved)).containsExactly(false, true);
        assertThat(tr.value("y").item()).isEqualTo(1);
    }

    @Test
    void masksHoldTogetherAndScalesMultiply() {
        Model m = () -> {
            try (var _ = plate("data", 3)) {
                sample("x", new Normal(0, 1));
            }
        };
        var values = substitute(Map.of("x", array(1, 2, 3)));
        Trace tr = trace(m, values, mask(NDArray.of(true, true, false)), scale(2), mask(NDArray.of(false, true, true)), scale(5));
        assertThat(tr.logProb().item()).isCloseTo(10 * normal(2, 0, 1), within(1e-12));
        assertThat(trace(m, values, mask(false)).logProb().item()).isEqualTo(0);
        assertThat(trace(m, values, scale(array(1, 10, 100))).logProb().item())
                .isCloseTo(normal(1, 0, 1) + 10 * normal(2, 0, 1) + 100 * normal(3, 0, 1), within(1e-11));
    }

    @Test
    void aMaskedSiteIsDrawnWithTheSameKey() {
        assertThat(trace(HandlersTest::pair, mask(false), seed(2)).value("y").item())
                .isEqualTo(trace(HandlersTest::pair, seed(2)).value("y").item());
    }

    @Test
    void aMaskedValueOutsideTheSupportDoesNoHarm() {
        Model m = () -> {
            try (var _ = plate("data", 2)) {
                sample("x", new LogNormal(0, 1), array(-1, 1));
            }
        };
        double one = -0.5 * StrictMath.log(2 * Math.PI);
        assertThat(trace(m, mask(NDArray.of(false, true))).logProb().item()).isCloseTo(one, within(1e-12));
        assertThat(trace(m, mask(NDArray.of(false, true))).warnings()).isEmpty();
        assertThat(trace(m).logProb().item()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(trace(m).warnings()).hasSize(1);
    }

    @Test
    void aFactorAddsToTheLogJoint() {
        Model m = () -> {
            factor("penalty", -2);
            try (var _ = plate("data", 3)) {
                factor("each", 0.5);
            }
        };
        Trace tr = trace(m, scale(10));
        assertThat(tr.logProb("penalty").item()).isEqualTo(-20);
        assertThat(tr.logProb("each").item()).isEqualTo(15);
        assertThat(tr.value("each").shape()).isEqualTo(Shape.of(3, 0));
    }

    /// The joint density is the product along the path: P(lazy) · P(not ignoring) · density of 10 hours after 8.
    @Test
    void aModelBranchesInPlainJava() {
        Model sleep = () -> {
            if (sample("lazy", new Bernoulli(0.9)).isTrue()) {
                NDArray ignore = sample("ignore", new Bernoulli(0.8));
                sample("slept", new Normal(ignore.times(2).plus(8), 1));
            } else {
                sample("slept", new Normal(6, 1));
            }
        };
        Trace tr = trace(sleep, condition(Map.of("lazy", 1, "ignore", 0, "slept", 10)));
        double p = 0.9 * 0.2 * StrictMath.exp(-2) / Math.sqrt(2 * Math.PI);
        assertThat(exp(tr.logProb()).item()).isCloseTo(p, within(1e-14));

        Trace awake = trace(sleep, condition(Map.of("lazy", 0, "ignore", 1)).allowUnused(), seed(0));
        assertThat(awake.sites().keySet()).containsExactly("lazy", "slept");
    }

    @Test
    void freshKeysComeFromTheSeed() {
        PRNGKey[] first = PRNGKey.key(0).split();
        Model m = () -> assertThat(List.of(prngKey(), prngKey()))
                .containsExactly(first[1], first[0].split()[1]);
        assertThat(trace(m, block(), seed(0)).sites()).isEmpty();
    }
}
