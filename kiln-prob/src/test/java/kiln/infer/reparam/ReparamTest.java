package kiln.infer.reparam;

import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Map;
import java.util.stream.Stream;
import kiln.array.Linalg;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.dist.AsymmetricLaplace;
import kiln.dist.Cauchy;
import kiln.dist.Dirichlet;
import kiln.dist.Distribution;
import kiln.dist.Gamma;
import kiln.dist.Gumbel;
import kiln.dist.HalfCauchy;
import kiln.dist.InverseGamma;
import kiln.dist.Laplace;
import kiln.dist.LogNormal;
import kiln.dist.LogUniform;
import kiln.dist.Logistic;
import kiln.dist.MultivariateNormal;
import kiln.dist.Normal;
import kiln.dist.Pareto;
import kiln.dist.ProjectedNormal;
import kiln.dist.SoftLaplace;
import kiln.dist.StudentT;
import kiln.dist.TransformedDistribution;
import kiln.dist.VonMises;
import kiln.dist.transform.AffineTransform;
import kiln.dist.transform.LowerCholeskyAffine;
import kiln.dist.transform.SigmoidTransform;
import kiln.func.Functions;
import kiln.infer.Posterior;
import kiln.infer.UnconstrainedModel;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import kiln.model.Handler;
import kiln.model.Model;
import kiln.model.Reparam;
import kiln.model.Trace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Strategies change the coordinates of a site, not its distribution.
class ReparamTest {
    private static final NDArray LOC = array(1.5, -0.5, 3);
    private static final NDArray SCALE = array(2, 0.25, 1);

    static Stream<Arguments> bijections() {
        Distribution series = new Normal(LOC, SCALE).toEvent(1);
        return Stream.of(
                arguments(new Normal(LOC, SCALE), new LocScaleReparam(0), "x_decentered"),
                arguments(new Normal(LOC, SCALE), new LocScaleReparam(0.3), "x_decentered"),
                arguments(new Normal(LOC, SCALE), new LocScaleReparam(1), "x_decentered"),
                arguments(series, new LocScaleReparam(array(0.1, 0.5, 0.9)), "x_decentered"),
                arguments(new Normal(LOC, SCALE).expand(2, 3).toEvent(1), new LocScaleReparam(), "x_decentered"),
                arguments(new Cauchy(LOC, SCALE), new LocScaleReparam(0.4), "x_decentered"),
                arguments(new Laplace(LOC, SCALE), new LocScaleReparam(0.4), "x_decentered"),
                arguments(new Logistic(LOC, SCALE), new LocScaleReparam(0.4), "x_decentered"),
                arguments(new Gumbel(LOC, SCALE), new LocScaleReparam(0.4), "x_decentered"),
                arguments(new SoftLaplace(LOC, SCALE), new LocScaleReparam(0.4), "x_decentered"),
                arguments(new StudentT(5, LOC, SCALE), new LocScaleReparam(0.4), "x_decentered"),
                arguments(new AsymmetricLaplace(LOC, SCALE, NDArray.as(2)), new LocScaleReparam(0.4), "x_decentered"),
                arguments(new LogNormal(LOC, SCALE), new TransformReparam(), "x_base"),
                arguments(new LogUniform(1, 10).expand(3), new TransformReparam(), "x_base"),
                arguments(new Pareto(SCALE, array(2, 3, 4)), new TransformReparam(), "x_base"),
                arguments(new InverseGamma(SCALE, array(2, 3, 4)), new TransformReparam(), "x_base"),
                arguments(new TransformedDistribution(new Normal(0, 1), new AffineTransform(LOC, SCALE)).expand(2, 3), new TransformReparam(), "x_base"),
                arguments(
                        new TransformedDistribution(new Normal(0, 1).expand(3), new LowerCholeskyAffine(LOC, array2())),
                        new TransformReparam(), "x_base"),
                arguments(new Normal(LOC, SCALE), new ExplicitReparam(new AffineTransform(5, 3)), "x_base"),
                arguments(new kiln.dist.Beta(2, 3), new ExplicitReparam(new SigmoidTransform()), "x_base"),
                arguments(series, new HaarReparam(), "x_haar"),
                arguments(series, new HaarReparam(-1, true), "x_haar"),
                arguments(series, new DiscreteCosineReparam(), "x_dct"),
                arguments(series, new DiscreteCosineReparam(-1, 1), "x_dct"),
                arguments(new LogNormal(LOC, SCALE).toEvent(1), new DiscreteCosineReparam(-1, 0.5), "x_dct"),
                arguments(new Normal(zeros(4, 3), SCALE).toEvent(2), new HaarReparam(-2, false), "x_haar"),
                arguments(new MultivariateNormal(LOC, array2()), new UnitJacobianReparam(new kiln.dist.transform.PermuteTransform(NDArray.of(new long[] {2, 0, 1}))), "x_transformed"));
    }

    private static NDArray array2() {
        return NDArray.of(new double[][] {{1, 0, 0}, {0.5, 2, 0}, {-0.3, 0.2, 0.7}});
    }

    private static Trace run(Distribution d, Reparam strategy, Handler... handlers) {
        Model m = handle(() -> sample("x", d), reparam(Map.of("x", strategy)));
        return trace(m, handlers);
    }

    /// The density of the new site is that of the old one times the Jacobian of the way back, which differentiation gives.
    @ParameterizedTest
    @MethodSource("bijections")
    void theDensityIsThatOfTheSiteInOtherCoordinates(Distribution d, Reparam strategy, String name) {
        Trace drawn = run(d, strategy, seed(3));
        NDArray z = drawn.value(name);
        assertThat(drawn.value("x").shape()).isEqualTo(d.batchShape().then(d.eventShape()));
        NDArray jacobian = Functions.jacfwd((NDArray flat) ->
                        run(d, strategy, substitute(Map.of(name, flat.reshape(z.shape())))).value("x").reshape(-1))
                .apply(z.reshape(-1));
        double expected = d.logProb(drawn.value("x")).sum().item() + Linalg.slogdet(jacobian).logdet().item();
        assertThat(drawn.logProb().item()).isCloseTo(expected, within(1e-10 * Math.max(1, Math.abs(expected))));
    }

    /// Dirichlet is on a simplex: its unconstrained space has one dimension less than its value, so the joint density in that space is
    /// compared.
    @Test
    void aConstrainedSiteIsTransformedInItsUnconstrainedSpace() {
        Distribution d = new Dirichlet(array(2, 3, 4));
        UnconstrainedModel plain = UnconstrainedModel.of(() -> sample("x", d), key(0));
        Model m = handle(() -> sample("x", d), reparam(Map.of("x", new DiscreteCosineReparam())));
        UnconstrainedModel other = UnconstrainedModel.of(m, key(0));
        NDArray y = array(0.4, -0.7);
        NDArray x = other.constrain(Map.of("x_dct", y)).get("x");
        assertThat(x).isNotNull();
        double expected = plain.logJoint(plain.unconstrain(Map.of("x", x))).item();
        assertThat(other.logJoint(Map.of("x_dct", y)).item()).isCloseTo(expected, within(1e-12));
    }

    /// The density of a direction is the integral of the normal density along the ray, here by the midpoint rule.
    @Test
    void aProjectedNormalIsTheDirectionOfANormalVector() {
        Distribution d = new ProjectedNormal(array(0.5, -1, 0.8));
        Trace tr = run(d, new ProjectedNormalReparam(), seed(1));
        NDArray u = tr.value("x");
        assertThat(square(u).sum().item()).isCloseTo(1, within(1e-14));
        double h = 0.01;
        double sum = 0;
        for (int i = 0; i < 900; i++) {
            double r = (i + 0.5) * h;
            NDArray z = u.times(r).minus(array(0.5, -1, 0.8));
            double density = run(d, new ProjectedNormalReparam(), substitute(Map.of("x_normal", z))).logProb().item();
            sum += r * r * StrictMath.exp(density) * h;
            if (i == 0) {
                assertThat(run(d, new ProjectedNormalReparam(), substitute(Map.of("x_normal", z))).value("x").minus(u).toDoubleArray())
                        .containsOnly(new double[] {0, 0, 0}, within(1e-12));
            }
        }
        assertThat(StrictMath.log(sum)).isCloseTo(d.logProb(u).item(), within(1e-5));
    }

    @Test
    void anAngleIsWrappedFromTheLine() {
        Distribution d = new VonMises(1, 4);
        for (double turn : new double[] {-4 * Math.PI, 0, 2 * Math.PI}) {
            Trace tr = run(d, new CircularReparam(), substitute(Map.of("x_unwrapped", 2.5 + turn)));
            assertThat(tr.value("x").item()).isCloseTo(2.5, within(1e-14));
            assertThat(tr.logProb().item()).isCloseTo(d.logProb(2.5).item(), within(1e-13));
        }
    }

    /// The log joint of the model in the coordinates of an affine flow, plates included.
    @Test
    void neuTraSamplesAllSitesThroughAFlow() {
        Model m = () -> {
            NDArray s = sample("s", new Gamma(2, 3));
            try (var _ = plate("N", 2)) {
                NDArray mu = sample("mu", new Normal(0, s));
                sample("y", new Normal(mu, 1), array(1, -2));
            }
        };
        var layout = UnconstrainedModel.of(m, key(0));
        var flow = new LowerCholeskyAffine(LOC, array2());
        var neutra = new NeuTraReparam(layout, flow);
        var warped = UnconstrainedModel.of(handle(m, neutra.reparam()), key(0));
        assertThat(warped.sites()).extracting(kiln.infer.LatentSite::name).containsExactly("auto_shared_latent");
        NDArray z = array(0.2, -1, 0.4);
        NDArray x = flow.call(z);
        double expected = layout.logJoint(layout.unflatten(x)).item() + flow.logAbsDetJacobian(z, x).item();
        assertThat(warped.logJoint(Map.of("auto_shared_latent", z)).item()).isCloseTo(expected, within(1e-12));
        var values = warped.constrain(Map.of("auto_shared_latent", z));
        neutra.transformSample(z.reshape(1, 3)).forEach((name, value) -> assertThat(value.get(0).toDoubleArray())
                .as(name).isEqualTo(java.util.Objects.requireNonNull(values.get(name)).toDoubleArray()));
    }

    /// Plates and the reference posterior: eight schools, centred in the program, sampled decentred. The posterior of posteriordb has
    /// mean 4.41 of mu (sd 3.31) and 3.60 of tau (sd 3.21): each check is 4 Monte Carlo errors wide at 2000 effective draws.
    @Test
    void eightSchoolsDecentred() {
        Model m = () -> {
            var mu = sample("mu", new Normal(0, 5));
            var tau = sample("tau", new HalfCauchy(5));
            try (var _ = plate("school", 8)) {
                var theta = sample("theta", new Normal(mu, tau));
                sample("y", new Normal(theta, array(15, 10, 16, 11, 9, 11, 10, 18)), array(28, 8, -3, 7, -1, 1, 18, 12));
            }
        };
        Model decentred = handle(m, reparam(Map.of("theta", new LocScaleReparam(0))));
        Posterior p = new MCMC(new NUTS(decentred).targetAcceptProb(0.9)).progress(ProgressListener.NONE).run(key(1));
        assertThat(p.samples("mu").mean().item()).isCloseTo(4.41, within(4 * 3.31 / Math.sqrt(2000)));
        assertThat(p.samples("tau").mean().item()).isCloseTo(3.60, within(4 * 3.21 / Math.sqrt(2000)));
        assertThat(p.samples("theta").shape()).isEqualTo(Shape.of(4000, 8));
        assertThat(p.names()).contains("theta_decentered");
    }
}
