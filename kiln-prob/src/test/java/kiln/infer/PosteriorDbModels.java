package kiln.infer;

import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;
import static kiln.model.Primitives.*;

import java.util.stream.Stream;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.dist.Bernoulli;
import kiln.dist.Beta;
import kiln.dist.Gamma;
import kiln.dist.HalfCauchy;
import kiln.dist.HalfNormal;
import kiln.dist.ImproperUniform;
import kiln.dist.LogNormal;
import kiln.dist.MultivariateNormal;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.dist.constraint.Constraint;
import kiln.model.Model;

/// Models of posteriordb, written from its description of each in words.
final class PosteriorDbModels {
    private PosteriorDbModels() {}

    @FunctionalInterface
    interface Program {
        void run(PosteriorDb data);
    }

    @FunctionalInterface
    interface Jacobian {
        NDArray at(PosteriorDb.Point point);
    }

    /// One posterior.
    ///
    /// @param halves      how many priors are halves of symmetric ones, which Stan does not rescale: each adds log 2
    /// @param logJacobian logarithm of the determinant of the change of variables, written out by hand
    record Case(String name, int halves, Program program, Jacobian logJacobian) {
        Model model() {
            var data = new PosteriorDb(name);
            return () -> program.run(data);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("eight_schools-eight_schools_noncentered", 1, PosteriorDbModels::nonCentred, p -> log(p.get("tau"))),
                new Case("eight_schools-eight_schools_centered", 1, PosteriorDbModels::centred, p -> log(p.get("tau"))),
                new Case("kidiq-kidscore_momhsiq", 1, PosteriorDbModels::kidiq, p -> log(p.get("sigma"))),
                new Case("sblrc-blr", 1, PosteriorDbModels::blr, p -> log(p.get("sigma"))),
                new Case("mesquite-logmesquite_logvash", 0, PosteriorDbModels::mesquite, p -> log(p.get("sigma"))),
                new Case("arK-arK", 1, PosteriorDbModels::arK, p -> log(p.get("sigma"))),
                new Case("garch-garch11", 0, PosteriorDbModels::garch, p -> log(p.get("alpha0"))
                        .plus(bounded(p.get("alpha1"), 0, 1))
                        .plus(bounded(p.get("beta1"), 0, subtract(1, p.get("alpha1"))))),
                new Case("gp_pois_regr-gp_regr", 2, PosteriorDbModels::gp, p -> log(p.get("rho"))
                        .plus(log(p.get("alpha")))
                        .plus(log(p.get("sigma")))),
                new Case("low_dim_gauss_mix-low_dim_gauss_mix", 2, PosteriorDbModels::mixture, p -> log(
                                p.get("mu").get(1).minus(p.get("mu").get(0)))
                        .plus(sum(log(p.get("sigma"))))
                        .plus(bounded(p.get("theta"), 0, 1))),
                new Case("radon_mn-radon_hierarchical_intercept_noncentered", 2, PosteriorDbModels::radon, p -> log(p.get("sigma_alpha"))
                        .plus(log(p.get("sigma_y")))),
                new Case("GLM_Poisson_Data-GLM_Poisson_model", 0, PosteriorDbModels::poisson, p -> bounded(p.get("alpha"), -20, 20)
                        .plus(bounded(p.get("beta1"), -10, 10))
                        .plus(bounded(p.get("beta2"), -10, 10))
                        .plus(bounded(p.get("beta3"), -10, 10))),
                new Case("irt_2pl-irt_2pl", 3, PosteriorDbModels::irt, p -> log(p.get("sigma_theta"))
                        .plus(log(p.get("sigma_a")))
                        .plus(log(p.get("sigma_b")))
                        .plus(sum(log(p.get("a"))))));
    }

    /// `log dx/du` of the logistic map onto an interval: `(x − a)(b − x) / (b − a)`.
    private static NDArray bounded(NDArray x, Number a, Number b) {
        return log(x.minus(a)).plus(log(subtract(b, x))).minus(log(subtract(b, a)));
    }

    private static ImproperUniform flat(Constraint support, int... event) {
        return new ImproperUniform(support, Shape.SCALAR, Shape.of(event));
    }

    private static void nonCentred(PosteriorDb data) {
        NDArray mu = sample("mu", new Normal(0, 5));
        NDArray tau = sample("tau", new HalfCauchy(5));
        try (var _ = plate("school", 8)) {
            NDArray theta = deterministic("theta", mu.plus(tau.times(sample("theta_trans", new Normal(0, 1)))));
            sample("y", new Normal(theta, data.data("sigma")), data.data("y"));
        }
    }

    private static void centred(PosteriorDb data) {
        NDArray mu = sample("mu", new Normal(0, 5));
        NDArray tau = sample("tau", new HalfCauchy(5));
        try (var _ = plate("school", 8)) {
            NDArray theta = sample("theta", new Normal(mu, tau));
            sample("y", new Normal(theta, data.data("sigma")), data.data("y"));
        }
    }

    private static void kidiq(PosteriorDb data) {
        NDArray beta = sample("beta", flat(real, 3));
        NDArray sigma = sample("sigma", new HalfCauchy(2.5));
        NDArray mean = beta.get(0)
                .plus(beta.get(1).times(data.data("mom_hs")))
                .plus(beta.get(2).times(data.data("mom_iq")));
        try (var _ = plate("child", 434)) {
            sample("kid_score", new Normal(mean, sigma), data.data("kid_score"));
        }
    }

    private static void blr(PosteriorDb data) {
        NDArray beta = sample("beta", new Normal(0, 10).expand(5).toEvent(1));
        NDArray sigma = sample("sigma", new HalfNormal(10));
        sample("y", new Normal(data.data("X").matmul(beta), sigma), data.data("y"));
    }

    private static void mesquite(PosteriorDb data) {
        NDArray diam1 = data.data("diam1");
        NDArray diam2 = data.data("diam2");
        NDArray volume = log(diam1.times(diam2).times(data.data("canopy_height")));
        NDArray beta = sample("beta", flat(real, 6));
        NDArray sigma = sample("sigma", flat(positive));
        NDArray mean = beta.get(0)
                .plus(beta.get(1).times(volume))
                .plus(beta.get(2).times(log(diam1.times(diam2))))
                .plus(beta.get(3).times(log(diam1.div(diam2))))
                .plus(beta.get(4).times(log(data.data("total_height"))))
                .plus(beta.get(5).times(data.data("group")));
        try (var _ = plate("tree", 46)) {
            sample("logWeight", new Normal(mean, sigma), log(data.data("weight")));
        }
    }

    private static void arK(PosteriorDb data) {
        NDArray y = data.data("y");
        NDArray mean = sample("alpha", new Normal(0, 10));
        NDArray beta;
        try (var _ = plate("lag", 5)) {
            beta = sample("beta", new Normal(0, 10));
        }
        NDArray sigma = sample("sigma", new HalfCauchy(2.5));
        for (int k = 1; k <= 5; k++) {
            mean = mean.plus(beta.get(k - 1).times(y.get(slice(5 - k, 200 - k))));
        }
        sample("y", new Normal(mean, sigma), y.get(slice(5, null)));
    }

    private static void garch(PosteriorDb data) {
        NDArray y = data.data("y");
        NDArray mu = sample("mu", flat(real));
        NDArray alpha0 = sample("alpha0", flat(positive));
        NDArray alpha1 = sample("alpha1", flat(interval(0, 1)));
        NDArray beta1 = sample("beta1", flat(interval(0, subtract(1, alpha1))));
        NDArray s2 = square(data.data("sigma1"));
        for (int t = 0; t < 200; t++) {
            if (t > 0) {
                s2 = alpha0.plus(alpha1.times(square(y.get(t - 1).minus(mu)))).plus(beta1.times(s2));
            }
            sample("y_" + t, new Normal(mu, sqrt(s2)), y.get(t));
        }
    }

    private static void gp(PosteriorDb data) {
        NDArray x = data.data("x");
        NDArray rho = sample("rho", new Gamma(25, 4));
        NDArray alpha = sample("alpha", new HalfNormal(2));
        NDArray sigma = sample("sigma", new HalfNormal(1));
        NDArray distance = x.expandDims(1).minus(x);
        NDArray kernel = square(alpha).times(exp(square(distance).div(square(rho).times(-2))));
        NDArray covariance = kernel.plus(sigma.times(eye(11)));
        sample("y", MultivariateNormal.covariance(zeros(11), covariance), data.data("y"));
    }

    private static void mixture(PosteriorDb data) {
        NDArray y = data.data("y");
        NDArray mu = sample("mu", flat(orderedVector, 2));
        factor("mu_prior", new Normal(0, 2).logProb(mu).sum());
        NDArray sigma = sample("sigma", new HalfNormal(2).expand(2).toEvent(1));
        NDArray theta = sample("theta", new Beta(5, 5));
        NDArray first = log(theta).plus(new Normal(mu.get(0), sigma.get(0)).logProb(y));
        NDArray second = log1p(theta.unaryMinus()).plus(new Normal(mu.get(1), sigma.get(1)).logProb(y));
        factor("y", logaddexp(first, second));
    }

    private static void radon(PosteriorDb data) {
        NDArray county = data.data("county_idx").astype(DType.INT64).minus(1);
        NDArray muAlpha = sample("mu_alpha", new Normal(0, 10));
        NDArray sigmaAlpha = sample("sigma_alpha", new HalfNormal(1));
        NDArray sigmaY = sample("sigma_y", new HalfNormal(1));
        NDArray beta = sample("beta", new Normal(0, 10).expand(2).toEvent(1));
        NDArray alpha;
        try (var _ = plate("county", 85)) {
            alpha = deterministic("alpha", muAlpha.plus(sigmaAlpha.times(sample("alpha_raw", new Normal(0, 1)))));
        }
        NDArray mean = alpha.get(at(county))
                .plus(beta.get(0).times(data.data("log_uppm")))
                .plus(beta.get(1).times(data.data("floor_measure")));
        try (var _ = plate("house", 919)) {
            sample("log_radon", new Normal(mean, sigmaY), data.data("log_radon"));
        }
    }

    private static void poisson(PosteriorDb data) {
        NDArray t = data.data("year");
        NDArray eta = sample("alpha", flat(interval(-20, 20)));
        for (int k = 1; k <= 3; k++) {
            eta = eta.plus(sample("beta" + k, flat(interval(-10, 10))).times(t.pow(k)));
        }
        sample("C", new Poisson(exp(eta)), data.data("C"));
    }

    private static void irt(PosteriorDb data) {
        NDArray sigmaTheta = sample("sigma_theta", new HalfCauchy(2));
        NDArray sigmaA = sample("sigma_a", new HalfCauchy(2));
        NDArray sigmaB = sample("sigma_b", new HalfCauchy(2));
        NDArray muB = sample("mu_b", new Normal(0, 5));
        NDArray theta;
        NDArray a;
        NDArray b;
        try (var _ = plate("person", 100)) {
            theta = sample("theta", new Normal(0, sigmaTheta));
        }
        try (var _ = plate("item", 20)) {
            a = sample("a", new LogNormal(0, sigmaA));
            b = sample("b", new Normal(muB, sigmaB));
        }
        try (var _ = plate("answer", 100);
                var _ = plate("question", 20)) {
            NDArray logits = a.expandDims(1).times(theta.minus(b.expandDims(1)));
            sample("y", Bernoulli.logits(logits), data.data("y"));
        }
    }
}
