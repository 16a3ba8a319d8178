package kiln.infer;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import kiln.array.NDArray;
import kiln.diagnostics.MonteCarloError;
import kiln.dist.Normal;
import kiln.infer.mcmc.HMC;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import kiln.infer.mcmc.Sampler;
import org.junit.jupiter.api.Test;

/// Models that branch in plain Java on continuous variables, compiled: one program for each path, the right one at every position.
class BranchingModelTest {
    /// A response that changes its law at zero: the density has a kink there, no jump, which would make the step size collapse.
    private static void piecewise() {
        var x = sample("x", new Normal(0, 1.5));
        var level = x.gt(0).isTrue() ? x.times(2).plus(1) : x.unaryMinus().plus(1);
        sample("y", new Normal(deterministic("level", level), 0.8), 1.7);
    }

    /// The unnormalised posterior density of `x`, by hand.
    private static double density(double x) {
        double level = x > 0 ? 2 * x + 1 : 1 - x;
        return StrictMath.exp(-0.5 * (x / 1.5) * (x / 1.5) - 0.5 * ((1.7 - level) / 0.8) * ((1.7 - level) / 0.8));
    }

    /// Simpson's rule on both sides of the kink.
    private static double integral(DoubleUnaryOperator f) {
        double sum = 0;
        int n = 20_000;
        double h = 12.0 / n;
        for (int side = -1; side <= 1; side += 2) {
            for (int i = 0; i <= n; i++) {
                double x = side * Math.max(i * h, 1e-300);
                sum += (i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2) * f.applyAsDouble(x) * density(x);
            }
        }
        return sum * h / 3;
    }

    private static void agreesWithQuadrature(Sampler sampler) {
        Posterior p = new MCMC(sampler).numWarmup(500).numSamples(5000).progress(ProgressListener.NONE).run(key(4));
        double evidence = integral(_ -> 1);
        check("x", p.samplesByChain("x"), integral(x -> x) / evidence);
        check("x > 0", p.samplesByChain("x").gt(0).astype(kiln.array.DType.FLOAT64), integral(x -> x > 0 ? 1 : 0) / evidence);
        check("level", p.samplesByChain("level"), integral(x -> x > 0 ? 2 * x + 1 : 1 - x) / evidence);
    }

    /// Within four Monte Carlo standard errors: false alarm rate 6e-5 for each quantity.
    private static void check(String what, NDArray draws, double exact) {
        double[][] chains = (double[][]) draws.toNestedArray();
        double mean = draws.mean().item();
        double error = MonteCarloError.mcseMean(chains);
        assertThat(error).as(what).isLessThan(0.05);
        assertThat(mean).as(what).isCloseTo(exact, within(4 * error));
    }

    @Test
    void nutsOnAPiecewiseModelAgreesWithQuadrature() {
        agreesWithQuadrature(new NUTS(BranchingModelTest::piecewise));
    }

    @Test
    void hmcOnAPiecewiseModelAgreesWithQuadrature() {
        agreesWithQuadrature(new HMC(BranchingModelTest::piecewise));
    }

    @Test
    void theDensityIsThatOfTheBranchAtEveryPosition() {
        PosteriorDensity d = PosteriorDensity.of(BranchingModelTest::piecewise, key(0));
        double[] gradient = new double[1];
        double offset = d.valueAndGradient(new double[] {0.5}, gradient) - Math.log(density(0.5));
        for (double x : new double[] {1, -1, 0.25, -0.0, 0.0, -3, 2, 1e-300, -1e-300}) {
            double value = d.valueAndGradient(new double[] {x}, gradient);
            assertThat(d.value(new double[] {x}, new double[1])).isCloseTo(value, within(1e-12));
            assertThat(value - Math.log(density(x))).as("x = " + x).isCloseTo(offset, within(1e-12));
            double slope = x > 0 ? 2 : -1;
            double level = x > 0 ? 2 * x + 1 : 1 - x;
            assertThat(gradient[0]).isCloseTo(-x / 2.25 + slope * (1.7 - level) / 0.64, within(1e-12));
        }
        assertThat(d.value(new double[] {Double.NaN}, gradient)).isNaN();
        assertThat(d.valueAndGradient(new double[] {Double.NaN}, gradient)).isNaN();
        assertThat(gradient[0]).isNaN();
    }

    @Test
    void drawsDoNotDependOnWhichChainFindsAPathFirst() {
        var mcmc = new MCMC(new NUTS(BranchingModelTest::piecewise)).numWarmup(100).numSamples(100).progress(ProgressListener.NONE);
        Posterior one = mcmc.threads(1).run(key(9));
        for (int threads : new int[] {2, 4}) {
            Posterior many = mcmc.threads(threads).run(key(9));
            assertThat(many.samplesByChain("x").known().sameAs(one.samplesByChain("x").known())).isTrue();
        }
    }

    /// The order in which the paths are found, and whatever else was computed before, does not show in a value.
    @Test
    void valuesDoNotDependOnTheOrderOfThePaths() {
        PosteriorDensity first = PosteriorDensity.of(BranchingModelTest::manyPieces, key(0));
        PosteriorDensity second = PosteriorDensity.of(BranchingModelTest::manyPieces, key(0));
        double[] a = new double[2];
        double[] b = new double[2];
        second.valueAndGradient(new double[] {3, 3}, b);
        for (int i = 0; i < 60; i++) {
            double[] at = {i % 7 - 3.2, i % 5 - 1.9};
            assertThat(first.valueAndGradient(at, a)).isEqualTo(second.valueAndGradient(at, b));
            assertThat(a).containsExactly(b);
            Map<String, NDArray> by = Map.of("a", NDArray.as(at[0]), "b", NDArray.as(at[1]));
            assertThat(first.valueAndGradient(at, a))
                    .isCloseTo(UnconstrainedModel.of(BranchingModelTest::manyPieces, key(0)).logJoint(by).item(), within(1e-12));
        }
    }

    private static void manyPieces() {
        var a = sample("a", new Normal(0, 2));
        var b = sample("b", new Normal(a, 2));
        var sum = NDArray.as(0.0);
        for (int i = -2; i <= 2; i++) {
            sum = a.gt(i).isTrue() ? sum.plus(a.times(b)) : sum.plus(b.div(3));
        }
        sample("y", new Normal(b.lt(a).isTrue() ? sum : sum.unaryMinus(), 2), 1);
    }
}
