package usertest;

import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.infer.InitStrategy.initToValue;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;

import java.util.Map;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.ShapeException;
import kiln.dist.Bernoulli;
import kiln.dist.Gamma;
import kiln.dist.Normal;
import kiln.infer.Predictive;
import kiln.infer.mcmc.InitialisationException;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import kiln.infer.reparam.CircularReparam;
import kiln.infer.reparam.HaarReparam;
import kiln.infer.reparam.LocScaleReparam;
import kiln.infer.reparam.TransformReparam;
import kiln.model.HandlerException;
import kiln.model.Reparam;
import kiln.nn.DenseLayer;
import org.junit.jupiter.api.Test;

/// What a user reads when statements, handlers and strategies do not fit a model, word for word.
class LanguageErrorsTest {
    private final UserLine at = new UserLine();

    private void reparametrized(Reparam strategy, String message) {
        at.fails(() -> trace(() -> {
            at.here(); sample("x", new Gamma(2, 1));
        }, reparam(Map.of("x", strategy)), seed(0)), HandlerException.class, message);
    }

    @Test
    void aStrategyDoesNotKnowTheDistribution() {
        reparametrized(new LocScaleReparam(0), """
                LocScaleReparam: this strategy is not for the distribution of sample("x").
                  Expected: a distribution on the real line with loc and scale, such as Normal or StudentT
                  Got:      Gamma with batch [] and event []
                  At:       LanguageErrorsTest.java:%line
                  Fix:      leave "x" out of reparam, or choose another strategy for it.""");
        reparametrized(new TransformReparam(), """
                TransformReparam: this strategy is not for the distribution of sample("x").
                  Expected: a TransformedDistribution
                  Got:      Gamma with batch [] and event []
                  At:       LanguageErrorsTest.java:%line
                  Fix:      leave "x" out of reparam, or choose another strategy for it.""");
        reparametrized(new CircularReparam(), """
                CircularReparam: this strategy is not for the distribution of sample("x").
                  Expected: a distribution of angles in [−π, π], such as VonMises
                  Got:      Gamma with batch [] and event []
                  At:       LanguageErrorsTest.java:%line
                  Fix:      leave "x" out of reparam, or choose another strategy for it.""");
        reparametrized(new HaarReparam(), """
                UnitJacobianReparam: this strategy is not for the distribution of sample("x").
                  Expected: at least 1 event axes: the transform mixes the elements along them, which a plate or a batch forbids (toEvent makes a batch axis one)
                  Got:      Gamma with batch [] and event []
                  At:       LanguageErrorsTest.java:%line
                  Fix:      leave "x" out of reparam, or choose another strategy for it.""");
    }

    @Test
    void observedSitesStayWhatTheyAre() {
        at.fails(() -> trace(() -> {
            at.here(); sample("x", new Normal(0, 1), 3);
        }, reparam(Map.of("x", new LocScaleReparam(0))), seed(0)), HandlerException.class, """
                sample("x"): a site that has a value already cannot be written as a function of others.
                  Got:      observed data of shape []
                  At:       LanguageErrorsTest.java:%line
                  Fix:      leave it out of reparam, or give values to the sites that stand in for it, outside reparam.""");
    }

    @Test
    void centredMeansAFraction() {
        at.fails(() -> {
            at.here(); new LocScaleReparam(1.5);
        }, DomainException.class, """
                LocScaleReparam: centered must lie in [0, 1].
                  Got:      1.5
                  At:       LanguageErrorsTest.java:%line
                  Fix:      pass 0 to decentre fully, 1 to change nothing.""");
    }

    @Test
    void aPlateIsOpenedAgainWithAnotherSize() {
        at.fails(() -> trace(() -> {
            try (var _ = plate("N", 3)) {
                sample("x", new Normal(0, 1));
            }
            at.here(); try (var _ = plate("N", 4)) {
                sample("y", new Normal(0, 1));
            }
        }, seed(0)), HandlerException.class, "opened at .*", """
                plate("N"): there is a plate of this name with another size already.
                  Expected: the sizes of N[3] #
                  Got:      N[4]
                  At:       LanguageErrorsTest.java:%line
                  Fix:      give each its own name.""");
    }

    @Test
    void dataDoesNotHaveARowForEachCopy() {
        at.fails(() -> trace(() -> {
            try (var _ = plate("N", 10, subsampleSize(2))) {
                at.here(); subsample(zeros(9, 2), 1);
            }
        }, seed(0)), ShapeException.class, """
                subsample: the data does not have a row for each copy of the plate N[2 of 10].
                  Expected: size 10 or 1 on axis -2
                  Got:      [9, 2]
                  At:       LanguageErrorsTest.java:%line
                  Fix:      give the plate the size of the data, plate("N", 9, …), or tell how many axes at the end belong to one copy.""");
    }

    @Test
    void priorsOfParametersHaveTheirShape() {
        at.fails(() -> trace(() -> {
            at.here(); param("w", zeros(3));
        }, lift(new Normal(zeros(2), 1)), seed(0)), ShapeException.class, """
                lift: the prior does not have the shape of the parameter.
                  Expected: [3], the shape of the initial value of param("w")
                  Got:      Normal with batch [2] and event []
                  At:       LanguageErrorsTest.java:%line
                  Fix:      give the prior the shape of the parameter, or a smaller batch that can be repeated.""");
        at.fails(() -> trace(() -> {
            at.here(); randomModule("net", new DenseLayer(2), new Normal(zeros(5), 1), 10, 3);
        }, seed(0)), ShapeException.class, """
                randomModule: the prior does not have the shape of the weight "net/kernel".
                  Expected: [3, 2]
                  Got:      Normal with batch [5] and event []
                  At:       LanguageErrorsTest.java:%line
                  Fix:      give the prior the shape of the weight, or a smaller batch that can be repeated: new Normal(0, 1).""");
    }

    @Test
    void anInterventionDoesNotHaveTheShapeOfTheSite() {
        at.fails(() -> trace(() -> {
            at.here(); sample("x", new Normal(0, 1));
        }, doIntervene(Map.of("x", zeros(2))), seed(0)), ShapeException.class, """
                sample("x"): the constant of the intervention does not have the shape of the site.
                  Expected: []
                  Got:      [2]
                  At:       LanguageErrorsTest.java:%line
                  Fix:      pass one number, or a constant of the shape of the site.""");
    }

    @Test
    void startingValuesNameASiteThatIsNotThere() {
        at.fails(() -> {
            at.here(); new MCMC(new NUTS(() -> sample("sigma", new Gamma(2, 1)))).initStrategy(initToValue(Map.of("sgima", 1))).run(key(0));
        }, HandlerException.class, """
                initToValue: a value is given for a site that is not latent in the model.
                  Expected: names among "sigma"
                  Got:      "sgima"
                  At:       LanguageErrorsTest.java:%line
                  Fix:      write "sigma" instead of "sgima".""");
    }

    @Test
    void aGuideHasASiteThatTheModelLacks() {
        at.fails(() -> {
            at.here(); new Predictive(() -> sample("mu", new Normal(0, 1))).guide(() -> sample("nu", new Normal(0, 1))).numSamples(2).run(key(0));
        }, HandlerException.class, """
                Predictive: the guide has a site that the model lacks.
                  Expected: names among "mu"
                  Got:      "nu"
                  At:       LanguageErrorsTest.java:%line
                  Fix:      write "mu" instead of "nu".""");
    }

    @Test
    void anObservedCountIsOutsideTheSupport() {
        NDArray y = array(0, 1, 2, 1);
        at.fails(() -> new MCMC(new NUTS(() -> {
            NDArray p = sample("p", new kiln.dist.Beta(1, 1));
            try (var _ = plate("data", 4)) {
                at.here(); sample("y", new Bernoulli(p), y);
            }
        })).progress(ProgressListener.NONE).run(key(0)), InitialisationException.class, "p = [0-9.]+", """
                MCMC: no place to start was found: the log density is not finite.
                  Expected: a finite log density and gradient at one of 100 places
                  Got:      log density -Infinity at the last of them
                            site "y" has log density -Infinity: y[2] = 2.0 (1 of 4 values), shape [4] is outside the support, values that are 0 or 1
                            #
                  At:       sample("y"), in plate data[4], LanguageErrorsTest.java:%line
                  Fix:      check the data and the parameters of that site for values outside their domain, or start from known good values with initParams.""");
    }

    @Test
    void aParameterThatIsDrawnNeedsAKey() {
        at.fails(() -> trace(() -> {
            at.here(); param("w", k -> k.normal(), kiln.dist.constraint.Constraints.real);
        }), HandlerException.class, """
                prngKey(): no handler gives random keys.
                  At:       LanguageErrorsTest.java:%line
                  Fix:      add seed(0) to the handlers: trace(model, seed(0)).""");
    }

    @Test
    void whatIsNotConjugateCannotBeCollapsed() {
        at.fails(() -> trace(collapse(() -> {
            NDArray p = sample("p", new kiln.dist.Beta(1, 1));
            at.here(); sample("y", new Bernoulli(p.times(p)), 1);
        })), HandlerException.class, """
                sample("y"): an observed site is not conjugate to the collapsed one that it depends on.
                  Expected: for "p" an observed Bernoulli or Binomial whose probs is the site itself
                  Got:      Bernoulli with batch [] and event []
                  At:       LanguageErrorsTest.java:%line
                  Fix:      name the sites to integrate out, without those that are used otherwise: collapse(model, "…").""");
        at.fails(() -> trace(collapse(() -> {
            NDArray p = sample("p", new kiln.dist.Beta(1, 1));
            at.here(); deterministic("odds", p.div(subtract(1, p)));
        })), HandlerException.class, """
                deterministic("odds"): a site that is not observed depends on a collapsed one.
                  Expected: for "p" an observed Bernoulli or Binomial whose probs is the site itself
                  Got:      deterministic("odds")
                  At:       LanguageErrorsTest.java:%line
                  Fix:      name the sites to integrate out, without those that are used otherwise: collapse(model, "…").""");
        at.fails(() -> trace(collapse(() -> {
            at.here(); sample("x", new kiln.dist.Cauchy(0, 1));
        })), HandlerException.class, """
                collapse: no data is conjugate to the distribution of sample("x").
                  Expected: Beta, Gamma, Normal or Dirichlet
                  Got:      Cauchy with batch [] and event []
                  At:       LanguageErrorsTest.java:%line
                  Fix:      name the sites to integrate out: collapse(model, "…").""");
    }
}
