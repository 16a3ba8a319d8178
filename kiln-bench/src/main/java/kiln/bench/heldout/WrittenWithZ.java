package kiln.bench.heldout;

import static kiln.array.Index.at;
import static kiln.array.Np.*;
import static kiln.bench.heldout.Design.*;
import static kiln.bench.heldout.Outcome.*;
import static kiln.model.Primitives.*;

import java.util.List;
import java.util.Map;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.dist.HalfCauchy;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.dist.StudentT;
import kiln.model.Model;

/// Hierarchies written decentred, `x = loc + scale z` with `z ~ Normal(0, 1)`: strong and weak by how much the data says about x.
final class WrittenWithZ {
    private WrittenWithZ() {}

    static List<HeldOut> models() {
        return List.of(
                new HeldOut("normal-intercepts-weak", _ -> intercepts(NORMAL, evenly(40, 20), 20), Map.of("mu", 0.5, "tau_a", 0.5, "sigma", 2.0)),
                new HeldOut("normal-intercepts-strong", _ -> intercepts(NORMAL, evenly(2000, 20), 20), Map.of("mu", 0.5, "tau_a", 1.0, "sigma", 0.5)),
                new HeldOut("normal-intercepts-unequal", _ -> intercepts(NORMAL, unevenly(400, 20), 20), Map.of("mu", 0.5, "tau_a", 1.0, "sigma", 1.0)),
                new HeldOut("logistic-intercepts-weak", _ -> intercepts(LOGISTIC, evenly(60, 20), 20), Map.of("mu", 0.5, "tau_a", 0.5)),
                new HeldOut("logistic-intercepts-strong", _ -> intercepts(LOGISTIC, evenly(3000, 20), 20), Map.of("mu", 0.5, "tau_a", 1.0)),
                new HeldOut("poisson-intercepts-weak", _ -> intercepts(POISSON, evenly(40, 20), 20), Map.of("mu", 0.0, "tau_a", 0.5)),
                new HeldOut("poisson-intercepts-strong", _ -> intercepts(POISSON, evenly(2000, 20), 20), Map.of("mu", 1.0, "tau_a", 0.7)),
                new HeldOut("poisson-intercepts-unequal", _ -> intercepts(POISSON, unevenly(400, 20), 20), Map.of("mu", 1.0, "tau_a", 0.7)),
                new HeldOut("normal-slopes-weak", key -> slopes(NORMAL, key, 45, 15), Map.of("mu", 0.5, "nu", -0.5, "tau_a", 0.5, "tau_b", 0.5, "sigma", 1.5)),
                new HeldOut("normal-slopes-strong", key -> slopes(NORMAL, key, 1500, 15), Map.of("mu", 0.5, "nu", -0.5, "tau_a", 1.0, "tau_b", 1.0, "sigma", 0.5)),
                new HeldOut("logistic-slopes", key -> slopes(LOGISTIC, key, 600, 15), Map.of("mu", 0.5, "nu", -0.5, "tau_a", 1.0, "tau_b", 0.7)),
                new HeldOut("normal-nested-weak", _ -> nested(NORMAL, 72, 6, 24), Map.of("mu", 0.5, "tau_a", 0.5, "tau_b", 0.5, "sigma", 1.5)),
                new HeldOut("normal-nested-strong", _ -> nested(NORMAL, 2400, 6, 24), Map.of("mu", 0.5, "tau_a", 1.0, "tau_b", 0.7, "sigma", 0.5)),
                new HeldOut("logistic-nested", _ -> nested(LOGISTIC, 800, 6, 24), Map.of("mu", 0.5, "tau_a", 0.7, "tau_b", 0.7)),
                new HeldOut("poisson-nested", _ -> nested(POISSON, 800, 6, 24), Map.of("mu", 0.5, "tau_a", 0.5, "tau_b", 0.5)),
                new HeldOut("normal-crossed", key -> crossed(NORMAL, key, 600, 10, 12), Map.of("mu", 0.5, "tau_a", 1.0, "tau_b", 0.7, "sigma", 1.0)),
                new HeldOut("logistic-crossed", key -> crossed(LOGISTIC, key, 800, 10, 12), Map.of("mu", 0.5, "tau_a", 1.0, "tau_b", 0.7)),
                new HeldOut("normal-regression-location-weak", key -> aroundRegression(NORMAL, key, 80, 40), Map.of("mu", 0.5, "gamma_0", 0.5, "gamma_1", -0.5, "tau_a", 0.4, "sigma", 1.5)),
                new HeldOut("logistic-regression-location-strong", key -> aroundRegression(LOGISTIC, key, 4000, 40), Map.of("mu", 0.5, "gamma_0", 0.5, "gamma_1", -0.5, "tau_a", 0.8)),
                new HeldOut("horseshoe-20", WrittenWithZ::horseshoe, Map.of("tau", 0.2, "sigma", 1.0)),
                new HeldOut("student-effects", _ -> student(evenly(200, 20), 20), Map.of("mu", 0.5, "tau_a", 0.7, "sigma", 1.0)),
                new HeldOut("walk-weak", _ -> walk(50), Map.of("start", 0.0, "tau_a", 0.3, "sigma", 1.5)),
                new HeldOut("walk-strong", _ -> walk(50), Map.of("start", 0.0, "tau_a", 0.5, "sigma", 0.1)),
                new HeldOut("meta-weak", key -> meta(key, 20, 1.5), Map.of("mu", 0.5, "tau_a", 0.3)),
                new HeldOut("meta-strong", key -> meta(key, 20, 0.2), Map.of("mu", 0.5, "tau_a", 1.0)),
                new HeldOut("poisson-intercepts-300-groups", _ -> intercepts(POISSON, evenly(900, 300), 300), Map.of("mu", 0.5, "tau_a", 0.5)));
    }

    /// {@return `tau z` of the levels of a factor}
    private static NDArray effects(String name, int levels) {
        NDArray tau = sample("tau_" + name, new HalfNormal(1));
        try (var _ = plate("level_" + name, levels)) {
            return tau.times(sample("z_" + name, new Normal(0, 1)));
        }
    }

    private static NDArray intercept() {
        return sample("mu", new Normal(0, 2));
    }

    private static Model intercepts(Outcome outcome, NDArray group, int groups) {
        return () -> outcome.observe(intercept().plus(effects("a", groups).get(at(group))));
    }

    private static Model slopes(Outcome outcome, PRNGKey key, int rows, int groups) {
        NDArray x = normals(key, rows);
        NDArray group = evenly(rows, groups);
        return () -> {
            NDArray a = intercept().plus(effects("a", groups));
            NDArray b = sample("nu", new Normal(0, 2)).plus(effects("b", groups));
            outcome.observe(a.get(at(group)).plus(b.get(at(group)).times(x)));
        };
    }

    /// Districts around regions.
    private static Model nested(Outcome outcome, int rows, int regions, int districts) {
        NDArray region = evenly(districts, regions);
        NDArray district = evenly(rows, districts);
        return () -> {
            NDArray mean = intercept().plus(effects("a", regions));
            outcome.observe(mean.get(at(region)).plus(effects("b", districts)).get(at(district)));
        };
    }

    private static Model crossed(Outcome outcome, PRNGKey key, int rows, int first, int second) {
        PRNGKey[] keys = key.split();
        NDArray i = randomly(keys[0], rows, first);
        NDArray j = randomly(keys[1], rows, second);
        return () -> outcome.observe(intercept().plus(effects("a", first).get(at(i))).plus(effects("b", second).get(at(j))));
    }

    /// Groups around a regression on two covariates of the group.
    private static Model aroundRegression(Outcome outcome, PRNGKey key, int rows, int groups) {
        PRNGKey[] keys = key.split();
        NDArray u = normals(keys[0], groups);
        NDArray v = normals(keys[1], groups);
        NDArray group = evenly(rows, groups);
        return () -> {
            NDArray mean = intercept().plus(sample("gamma_0", new Normal(0, 2)).times(u)).plus(sample("gamma_1", new Normal(0, 2)).times(v));
            outcome.observe(mean.plus(effects("a", groups)).get(at(group)));
        };
    }

    /// 20 coefficients with scales of their own, 100 rows.
    private static Model horseshoe(PRNGKey key) {
        NDArray x = normals(key, 100, 20);
        return () -> {
            NDArray tau = sample("tau", new HalfCauchy(0.2));
            NDArray beta;
            try (var _ = plate("coefficient", 20)) {
                NDArray lambda = sample("lambda", new HalfCauchy(1));
                beta = tau.times(lambda).times(sample("z", new Normal(0, 1)));
            }
            NORMAL.observe(x.matmul(beta));
        };
    }

    private static Model student(NDArray group, int groups) {
        return () -> {
            NDArray mu = intercept();
            NDArray tau = sample("tau_a", new HalfNormal(1));
            NDArray a;
            try (var _ = plate("level", groups)) {
                a = mu.plus(tau.times(sample("z", new StudentT(4, 0, 1))));
            }
            NORMAL.observe(a.get(at(group)));
        };
    }

    /// A random walk by its steps, each seen once.
    private static Model walk(int steps) {
        return () -> NORMAL.observe(sample("start", new Normal(0, 2)).plus(cumsum(effects("a", steps), 0)));
    }

    /// Studies whose standard errors are known, within a factor of 1.5 of the given one.
    private static Model meta(PRNGKey key, int studies, double error) {
        NDArray errors = exp(tanh(normals(key, studies)).times(Math.log(1.5))).times(error);
        return () -> {
            NDArray effect = intercept().plus(effects("a", studies));
            try (var _ = plate("study", studies)) {
                sample("y", new Normal(effect, errors));
            }
        };
    }
}
