package usertest;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.param;
import static kiln.model.Primitives.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.dist.Bernoulli;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.dist.constraint.Constraints;
import kiln.infer.guide.AutoNormal;
import kiln.infer.optim.Adam;
import kiln.infer.optim.SGD;
import kiln.infer.svi.SVI;
import kiln.infer.svi.SVIException;
import kiln.infer.svi.TraceELBO;
import kiln.model.HandlerException;
import kiln.model.Model;
import org.junit.jupiter.api.Test;

/// What a user reads who fits a model with a guide that does not fit.
class SVIErrorsTest {
    private static void model() {
        NDArray mu = sample("mu", new Normal(0, 1));
        sample("y", new Normal(mu, 1), NDArray.as(0.3));
    }

    private static SVI svi(Model model, Model guide) {
        return new SVI(model, guide, new Adam(0.01), new TraceELBO());
    }

    @Test
    void guideWithASiteThatTheModelLacks() {
        Model guide = () -> {
            sample("mu", new Normal(param("loc", 0), 1));
            sample("tau", new Normal(0, 1));
        };
        assertThatThrownBy(() -> svi(SVIErrorsTest::model, guide).run(key(0), 1))
                .isInstanceOf(HandlerException.class)
                .hasMessage("""
                        SVI: the guide has a site that the model lacks.
                          Expected: the latent sites of the model, "mu"
                          Got:      a guide of "tau"; sample("tau") at SVIErrorsTest.java:%d
                          At:       SVIErrorsTest.java:%d
                          Fix:      give both the same names; a site that only helps the guide is marked infer(Infer.NONE.auxiliary(true)).""", 42, 44);
    }

    @Test
    void guideThatLacksASite() {
        assertThatThrownBy(() -> svi(SVIErrorsTest::model, () -> param("loc", 0)).run(key(0), 1))
                .isInstanceOf(HandlerException.class)
                .hasMessageContaining("SVI: the guide lacks a latent site of the model.")
                .hasMessageContaining("sample(\"mu\") at SVIErrorsTest.java:");
    }

    @Test
    void guideWithADiscreteSite() {
        Model model = () -> sample("y", new Normal(sample("z", new Bernoulli(0.5)), 1), NDArray.as(0.3));
        Model guide = () -> sample("z", new Bernoulli(param("p", 0.5, Constraints.unitInterval)));
        assertThatThrownBy(() -> svi(model, guide).run(key(0), 1))
                .isInstanceOf(HandlerException.class)
                .hasMessageContaining("sample(\"z\"): draws of this site of the guide have no derivative, so its parameters cannot be learned from them.")
                .hasMessageContaining("leave the discrete site out of the guide: the loss sums it out.");
    }

    @Test
    void infinitelyManyValues() {
        Model model = () -> sample("y", new Normal(sample("n", new Poisson(2)), param("s", 1, Constraints.positive)), NDArray.as(0.3));
        assertThatThrownBy(() -> svi(model, () -> {}).run(key(0), 1))
                .isInstanceOf(HandlerException.class)
                .hasMessageContaining("sample(\"n\"): the values of this discrete site cannot be listed, so they cannot be summed out.");
    }

    @Test
    void startOfAParameterThatIsNotThere() {
        Model guide = () -> sample("mu", new Normal(param("loc", 0), 1));
        assertThatThrownBy(() -> svi(SVIErrorsTest::model, guide).initParams(Map.of("lok", 1)).init(key(0)))
                .isInstanceOf(HandlerException.class)
                .hasMessageContaining("SVI: an initial value is given for a parameter that neither model nor guide has.")
                .hasMessageContaining("write \"loc\" instead of \"lok\".");
    }

    @Test
    void startOutsideTheConstraint() {
        Model guide = () -> sample("mu", new Normal(0, param("scale", 1, Constraints.positive)));
        assertThatThrownBy(() -> svi(SVIErrorsTest::model, guide).initParams(Map.of("scale", -1)).init(key(0)))
                .isInstanceOf(DomainException.class);
    }

    @Test
    void guideThatHasNotRun() {
        assertThatThrownBy(() -> new AutoNormal(SVIErrorsTest::model).median(Map.of()))
                .isInstanceOf(HandlerException.class)
                .hasMessageContaining("AutoNormal: the guide has not run yet, so it does not know the sites of the model.");
    }

    /// A step that is far too long: the run ends with the steps before, or skips it.
    @Test
    void aLossThatIsNoNumber() {
        Model model = () -> sample("y", new Normal(0, param("scale", 1, Constraints.positive)), NDArray.as(3.0));
        var wild = new SVI(model, () -> {}, new SGD(1e4), new TraceELBO());
        SVIException e = catchThrowableOfType(SVIException.class, () -> wild.run(key(0), 10));
        assertThat(e).hasMessageContaining("SVI: the loss of step 1 is ").hasMessageContaining("model site \"y\" has log density");
        assertThat(e.result().losses().size()).isEqualTo(1);
        var stable = wild.stableUpdate(true).run(key(0), 10);
        assertThat(Double.isFinite(stable.param("scale").item())).isTrue();
    }
}
