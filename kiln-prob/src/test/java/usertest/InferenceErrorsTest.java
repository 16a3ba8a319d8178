package usertest;

import static kiln.array.Np.*;
import static kiln.model.Primitives.*;

import java.util.Map;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.ShapeException;
import kiln.dist.Bernoulli;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.func.Control;
import kiln.infer.Predictive;
import kiln.infer.UnconstrainedModel;
import kiln.infer.mcmc.AIES;
import kiln.infer.mcmc.ChainMethod;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ParallelChains;
import kiln.infer.mcmc.WALNUTS;
import kiln.model.HandlerException;
import kiln.model.Model;
import org.junit.jupiter.api.Test;

/// What a user reads when a model does not suit an algorithm, word for word.
class InferenceErrorsTest {
    private static final PRNGKey KEY = PRNGKey.key(0);

    private final UserLine at = new UserLine();

    @Test
    void aSubsampledPlateCannotBeSampledByNuts() {
        Model m = () -> {
            at.here(); try (var _ = plate("data", 100, subsampleSize(10))) {}
        };
        at.fails(() -> UnconstrainedModel.of(m, KEY), HandlerException.class, """
                plate("data"): NUTS and HMC need all the data, but the plate is subsampled.
                  Expected: all 100 copies
                  Got:      subsample size 10
                  At:       InferenceErrorsTest.java:%line
                  Fix:      leave subsampleSize out, take new HMCECS(new NUTS(model)), or fit the model with SVI.""");
    }

    @Test
    void kernelsWithoutAVectorizedForm() {
        Model m = () -> sample("x", new Normal(0, 1));
        at.fails(() -> {
            at.here(); new MCMC(new WALNUTS(m)).chainMethod(ChainMethod.VECTORIZED).run(KEY);
        }, IllegalArgumentException.class, """
                chainMethod: WALNUTS has no vectorized form.
                  Expected: NUTS, HMC, BarkerMH or RandomWalkMetropolis, whose chains are evaluated together
                  At:       InferenceErrorsTest.java:%line
                  Fix:      leave chainMethod(VECTORIZED) out: the chains then run in parallel on threads.""");
        at.fails(() -> {
            at.here(); new MCMC(new AIES(m)).numChains(10).chainMethod(ChainMethod.VECTORIZED).run(KEY);
        }, IllegalArgumentException.class, """
                chainMethod: AIES has no vectorized form.
                  Expected: NUTS, HMC, BarkerMH or RandomWalkMetropolis, whose chains are evaluated together
                  At:       InferenceErrorsTest.java:%line
                  Fix:      leave chainMethod(VECTORIZED) out: the chains of this kernel move together as they are.""");
        at.fails(() -> {
            at.here(); new ParallelChains().method(ChainMethod.VECTORIZED).run(_ -> {
                throw new AssertionError("no chain is started");
            });
        }, IllegalArgumentException.class, """
                ParallelChains.run: chains that were started elsewhere cannot be vectorized.
                  Expected: method(PARALLEL), or a sampler with its density
                  Got:      method(VECTORIZED)
                  At:       InferenceErrorsTest.java:%line
                  Fix:      leave method(VECTORIZED) out.""");
    }

    @Test
    void aLoopOfUnknownLengthHasNoReverseDerivative() {
        Model m = () -> {
            var x = sample("x", new Normal(0, 1));
            sample("y", new Normal(Control.whileLoop((NDArray c) -> c.lt(100), c -> c.times(2), exp(x)), 1), NDArray.of(130.0));
        };
        at.fails(() -> {
            at.here(); new MCMC(new NUTS(m)).run(KEY);
        }, DomainException.class, """
                whileLoop: a loop whose number of steps is traced has no reverse derivative.
                  Expected: a number of steps that is known when the function is traced
                  At:       InferenceErrorsTest.java:%line
                  Fix:      take its gradient forwards: new NUTS(model).forwardModeDifferentiation(true); or use scan, or foriLoop with known bounds, or differentiate forwards with jvp or jacfwd.""");
    }

    @Test
    void theSitesChangeFromRunToRun() {
        boolean[] first = {true};
        Model grows = () -> {
            if (!first[0]) {
                at.here(); sample("b", new Normal(0, 1));
            }
            first[0] = false;
        };
        var grown = UnconstrainedModel.of(grows, KEY);
        at.fails(() -> grown.logJoint(Map.of()), HandlerException.class, """
                sample("b"): the first run of the model did not reach this site.
                  Expected: the same latent sites in every run
                  Got:      Normal with batch [] and event []
                  At:       InferenceErrorsTest.java:%line
                  Fix:      observe the value that is branched on, or use Importance, SMC or SingleSiteMH, whose runs may reach different sites.""");
        boolean[] second = {true};
        Model shrinks = () -> {
            if (second[0]) {
                sample("b", new Normal(0, 1));
            }
            second[0] = false;
        };
        var shrunk = UnconstrainedModel.of(shrinks, KEY);
        at.fails(() -> {
            at.here(); shrunk.logJoint(Map.of("b", scalar(0.0)));
        }, HandlerException.class, """
                sample("b"): the first run of the model reached this site, this run did not.
                  Expected: the same latent sites in every run
                  At:       InferenceErrorsTest.java:%line
                  Fix:      observe the value that is branched on, or use Importance, SMC or SingleSiteMH, whose runs may reach different sites.""");
    }

    @Test
    void aPositionIsMissing() {
        var m = UnconstrainedModel.of(() -> {
            sample("mu", new Normal(0, 1));
            sample("sigma", new HalfNormal(1));
        }, KEY);
        at.fails(() -> {
            at.here(); m.logJoint(Map.of("sgima", scalar(0.0)));
        }, HandlerException.class, """
                the model: every latent site needs one position.
                  Expected: "mu", "sigma"
                  Got:      "sgima"; missing "mu", "sigma"; unknown "sgima"
                  At:       InferenceErrorsTest.java:%line
                  Fix:      write "sigma" instead of "sgima".""");
        at.fails(() -> {
            at.here(); m.unconstrain(Map.of("mu", 1));
        }, HandlerException.class, """
                the model: every latent site needs one value.
                  Expected: "mu", "sigma"
                  Got:      "mu"; missing "sigma"
                  At:       InferenceErrorsTest.java:%line
                  Fix:      give a value for each of them, and no others.""");
        at.fails(() -> {
            at.here(); m.unflatten(zeros(3));
        }, ShapeException.class, """
                unflatten: the vector does not have the dimension of the model.
                  Expected: [2]
                  Got:      [3]
                  At:       InferenceErrorsTest.java:%line""");
    }

    @Test
    void noPositionSuitsTheModel() {
        Model m = () -> {
            NDArray x = sample("x", new Normal(0, 1));
            at.here(); sample("y", new Normal(0, square(x).plus(1).unaryMinus()), 1);
        };
        at.fails(() -> UnconstrainedModel.of(m, KEY), DomainException.class, "-\\d+\\.\\d+", """
                Normal: scale must be > 0.
                  Got:      scale = #
                  At:       InferenceErrorsTest.java:%line
                  Fix:      keep scale positive: give it a HalfNormal prior, or pass exp(logScale).""");
    }

    // ---- prediction

    private static final Model BRANCHING = () -> {
        if (sample("lazy", new Bernoulli(0.5)).isTrue()) {
            sample("ignore", new Bernoulli(0.8));
        }
    };

    @Test
    void predictionDoesNotKnowHowOften() {
        at.fails(() -> {
            at.here(); new Predictive(BRANCHING).run(KEY);
        }, HandlerException.class, """
                Predictive: it does not say how many draws to make.
                  At:       InferenceErrorsTest.java:%line
                  Fix:      add numSamples(1000), or pass posterior draws: new Predictive(model, samples).""");
        at.fails(() -> {
            at.here(); new Predictive(BRANCHING, Map.of("lazy", zeros(5))).numSamples(4).run(KEY);
        }, HandlerException.class, """
                Predictive: numSamples disagrees with the given draws.
                  Expected: 5
                  Got:      4
                  At:       InferenceErrorsTest.java:%line
                  Fix:      leave numSamples out.""");
    }

    @Test
    void theDrawsOfPredictionDifferInNumber() {
        at.fails(() -> {
            at.here(); new Predictive(BRANCHING, new java.util.TreeMap<>(Map.of("a", zeros(5), "b", zeros(4, 2)))).run(kiln.array.PRNGKey.key(0));
        }, ShapeException.class, """
                Predictive: the draws of the sites differ in number.
                  Expected: draws along the first axis, 5 of them
                  Got:      "b" of shape [4, 2]
                  At:       InferenceErrorsTest.java:%line
                  Fix:      give every site the shape [draws, …], chains one after the other.""");
    }

    @Test
    void predictionIsAskedForASiteThatIsNotThere() {
        at.fails(() -> {
            at.here(); new Predictive(BRANCHING).numSamples(20).returnSites("lasy").run(KEY);
        }, HandlerException.class, """
                Predictive: a site to return is not in the model.
                  Expected: names among "lazy", "ignore"
                  Got:      "lasy"
                  At:       InferenceErrorsTest.java:%line
                  Fix:      write "lazy" instead of "lasy".""");
    }

    @Test
    void theSitesOfPredictionDifferFromDrawToDraw() {
        long lazy = java.util.Arrays.stream(new Predictive(BRANCHING).numSamples(20).returnSites("lazy").run(KEY)
                        .values().iterator().next().toLongArray())
                .sum();
        at.fails(() -> {
            at.here(); new Predictive(BRANCHING).numSamples(20).run(KEY);
        }, HandlerException.class, """
                Predictive: the site "ignore" differs from draw to draw.
                  Expected: the same sites and shapes in all 20 draws
                  Got:      a value in %lazy of 20 draws, of shape []
                  At:       InferenceErrorsTest.java:%line
                  Fix:      leave the site out with returnSites(…), or run trace(model, seed(k)) for each key yourself."""
                .replace("%lazy", Long.toString(lazy)));
    }

    @Test
    void aPosteriorDrawHasAnotherShapeThanItsSite() {
        Model m = () -> {
            at.here(); sample("beta", new Normal(0, 1).expand(3).toEvent());
        };
        at.fails(() -> new Predictive(m, Map.of("beta", zeros(10, 4))).run(KEY), ShapeException.class, """
                sample("beta"): the value it is given does not have the shape of the distribution.
                  Expected: [3]     batch [], event [3]
                  Got:      [4]
                  At:       InferenceErrorsTest.java:%line
                  Fix:      pass a value of shape [3], or change the parameters of Normal.""");
    }
}
