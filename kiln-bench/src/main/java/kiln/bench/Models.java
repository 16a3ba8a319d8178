package kiln.bench;

import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.HalfCauchy;
import kiln.dist.ImproperUniform;
import kiln.dist.Normal;
import kiln.dist.constraint.Constraints;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;

/// The same posteriors as the hand-written densities, as Kiln's users write them.
final class Models {
    private Models() {}

    /// {@return the compiled density of eight schools, non-centred}
    static LogDensity eightSchools() {
        var data = Columns.read("eight-schools.csv");
        NDArray y = NDArray.of(data.column("y"));
        NDArray sigma = NDArray.of(data.column("sigma"));
        return PosteriorDensity.of(
                () -> {
                    var mu = sample("mu", new Normal(0, 5));
                    var tau = sample("tau", new HalfCauchy(5));
                    try (var _ = plate("school", y.size())) {
                        var standardised = sample("theta_trans", new Normal(0, 1));
                        sample("y", new Normal(mu.plus(tau.times(standardised)), sigma), y);
                    }
                },
                PRNGKey.key(0));
    }

    /// {@return the compiled density of the regression on the kidiq data, with flat priors of the coefficients}
    static LogDensity kidiq() {
        var data = Columns.read("kidiq.csv");
        NDArray score = NDArray.of(data.column("kid_score"));
        NDArray highSchool = NDArray.of(data.column("mom_hs"));
        NDArray iq = NDArray.of(data.column("mom_iq"));
        return PosteriorDensity.of(
                () -> {
                    var beta = sample("beta", new ImproperUniform(Constraints.real, Shape.SCALAR, Shape.of(3)));
                    var sigma = sample("sigma", new HalfCauchy(2.5));
                    try (var _ = plate("child", score.size())) {
                        var mean = beta.get(0).plus(beta.get(1).times(highSchool)).plus(beta.get(2).times(iq));
                        sample("score", new Normal(mean, sigma), score);
                    }
                },
                PRNGKey.key(0));
    }
}
