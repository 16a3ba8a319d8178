package kiln.bench.heldout;

import static kiln.array.Index.at;
import static kiln.array.Np.*;
import static kiln.bench.heldout.Design.*;
import static kiln.bench.heldout.Hierarchies.effects;
import static kiln.bench.heldout.Outcome.*;
import static kiln.model.Primitives.*;

import java.util.List;
import java.util.Map;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.HalfNormal;
import kiln.dist.LKJ;
import kiln.dist.LKJCholesky;
import kiln.dist.MultivariateNormal;
import kiln.dist.Normal;
import kiln.dist.OrderedLogistic;
import kiln.dist.TransformedDistribution;
import kiln.dist.Wishart;
import kiln.dist.transform.OrderedTransform;
import kiln.model.Model;
import kiln.model.PlateOption;

/// Hierarchies of vectors, written centred, `z ~ MultivariateNormal(loc, L)` in a plate: intercepts and slopes of groups above all, rich and weak by how much the data says about z.
final class Vectors {
    private Vectors() {}

    static List<HeldOut> models() {
        return List.of(
                new HeldOut("vector-slopes-normal-rich", key -> around(NORMAL, key, 800, 20, 2), Map.of("mu", NDArray.of(0.5, -0.5), "tau", NDArray.of(1.0, 0.7), "sigma", 0.5)),
                new HeldOut("vector-slopes-normal-weak", key -> around(NORMAL, key, 90, 30, 2), Map.of("mu", NDArray.of(0.5, -0.5), "tau", NDArray.of(0.5, 0.3), "sigma", 1.5)),
                new HeldOut("vector-slopes-logistic-rich", key -> besideCoefficients(LOGISTIC, key, 1500, 15, 2), Map.of("mu", NDArray.of(0.5, -0.5), "tau", NDArray.of(1.0, 0.7))),
                new HeldOut("vector-slopes-logistic-weak", key -> around(LOGISTIC, key, 240, 40, 2), Map.of("mu", NDArray.of(0.5, -0.5), "tau", NDArray.of(0.7, 0.4))),
                new HeldOut("vector-three-effects-of-6-groups", key -> besideCoefficients(NORMAL, key, 300, 6, 3), Map.of("mu", NDArray.of(0.5, -0.5, 0.2), "tau", NDArray.of(0.8, 0.6, 0.4), "sigma", 1.0)),
                new HeldOut("vector-four-effects-covariance", key -> covariance(key, 400, 40), Map.of("mu", NDArray.of(0.5, -0.5, 0.2, 0.0), "tau", NDArray.of(1.0, 0.7, 0.5, 0.3), "sigma", 1.0)),
                new HeldOut("vector-poisson-precision-100-groups", key -> precision(key, 500, 100), Map.of("mu", NDArray.of(0.5, -0.3), "precision", NDArray.of(new double[][] {{6, 2}, {2, 12}}))),
                new HeldOut("vector-meta-two-outcomes", key -> meta(key, 20), Map.of("mu", NDArray.of(0.5, -0.2), "tau", NDArray.of(0.4, 0.3))),
                new HeldOut("vector-abilities-ordinal", _ -> abilities(60, 6), Map.of("tau", NDArray.of(1.2, 0.8))),
                new HeldOut("vector-slopes-crossed", key -> crossed(key, 600, 20, 12), Map.of("mu", NDArray.of(0.5, -0.5), "tau", NDArray.of(0.8, 0.5), "tau_b", 0.7, "sigma", 1.0)));
    }

    /// {@return the scales of d effects that are correlated, times the Cholesky factor of their correlations}
    private static NDArray factor(int d) {
        NDArray tau = sample("tau", new HalfNormal(1).expand(d).toEvent(1));
        return expandDims(tau, 1).times(sample("correlation", new LKJCholesky(d, 2.0)));
    }

    private static NDArray coefficients(int d) {
        return sample("mu", new Normal(0, 2).expand(d).toEvent(1));
    }

    private static NDArray vectors(int groups, MultivariateNormal prior) {
        try (var _ = plate("group", groups)) {
            return sample("z", prior);
        }
    }

    /// {@return 1 and covariates, `[rows, d]`}
    private static NDArray design(PRNGKey key, int rows, int d) {
        return concatenate(List.of(ones(rows, 1), normals(key, rows, d - 1)), 1);
    }

    private static NDArray predictor(NDArray x, NDArray z, NDArray group) {
        return x.times(z.get(at(group))).sum(-1);
    }

    /// Effects around coefficients that all groups share.
    private static Model around(Outcome outcome, PRNGKey key, int rows, int groups, int d) {
        NDArray x = design(key, rows, d);
        NDArray group = evenly(rows, groups);
        return () -> outcome.observe(predictor(x, vectors(groups, new MultivariateNormal(coefficients(d), factor(d))), group));
    }

    /// Effects around 0, which are added to coefficients.
    private static Model besideCoefficients(Outcome outcome, PRNGKey key, int rows, int groups, int d) {
        NDArray x = design(key, rows, d);
        NDArray group = evenly(rows, groups);
        return () -> outcome.observe(x.matmul(coefficients(d)).plus(predictor(x, vectors(groups, new MultivariateNormal(0, factor(d))), group)));
    }

    private static Model covariance(PRNGKey key, int rows, int groups) {
        NDArray x = design(key, rows, 4);
        NDArray group = unevenly(rows, groups);
        return () -> {
            NDArray mu = coefficients(4);
            NDArray tau = sample("tau", new HalfNormal(1).expand(4).toEvent(1));
            NDArray correlation = sample("correlation", new LKJ(4, 2.0));
            NDArray covariance = expandDims(tau, 1).times(tau).times(correlation);
            NORMAL.observe(predictor(x, vectors(groups, MultivariateNormal.covariance(mu, covariance)), group));
        };
    }

    private static Model precision(PRNGKey key, int rows, int groups) {
        NDArray x = design(key, rows, 2);
        NDArray group = evenly(rows, groups);
        return () -> {
            NDArray precision = sample("precision", new Wishart(4, eye(2)));
            POISSON.observe(predictor(x, vectors(groups, MultivariateNormal.precision(coefficients(2), precision)), group));
        };
    }

    /// Studies with two outcomes, whose standard errors are known.
    private static Model meta(PRNGKey key, int studies) {
        NDArray errors = exp(normals(key, studies, 2).times(0.4)).times(0.3);
        return () -> {
            NDArray z = vectors(studies, new MultivariateNormal(coefficients(2), factor(2)));
            sample("y", new Normal(z, errors).toEvent(2));
        };
    }

    /// Every second question asks for the first of two abilities, the others for the second; answers from 0 to 3.
    private static Model abilities(int people, int questions) {
        NDArray ability = evenly(questions, 2);
        return () -> {
            NDArray factor = factor(2);
            NDArray cuts = sample("cuts", new TransformedDistribution(new Normal(0, 2).expand(questions, 3).toEvent(1), new OrderedTransform()));
            try (var _ = plate("person", people, new PlateOption.Dim(-2))) {
                NDArray z = sample("z", new MultivariateNormal(0, factor));
                try (var _ = plate("question", questions, new PlateOption.Dim(-1))) {
                    sample("y", new OrderedLogistic(z.reshape(Shape.of(people, 2).dims()).get(Index.ALL, at(ability)), cuts));
                }
            }
        };
    }

    /// Intercepts and slopes of groups, and the effects of a second factor.
    private static Model crossed(PRNGKey key, int rows, int groups, int levels) {
        PRNGKey[] keys = key.split(3);
        NDArray x = design(keys[0], rows, 2);
        NDArray group = randomly(keys[1], rows, groups);
        NDArray level = randomly(keys[2], rows, levels);
        return () -> {
            NDArray z = vectors(groups, new MultivariateNormal(coefficients(2), factor(2)));
            NORMAL.observe(predictor(x, z, group).plus(effects("b", 0, levels).get(at(level))));
        };
    }
}
