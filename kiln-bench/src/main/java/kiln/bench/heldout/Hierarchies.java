package kiln.bench.heldout;

import static kiln.array.Index.at;
import static kiln.array.Np.*;
import static kiln.bench.heldout.Design.*;
import static kiln.bench.heldout.Outcome.*;
import static kiln.model.Primitives.*;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.dist.Bernoulli;
import kiln.dist.Binomial;
import kiln.dist.Distribution;
import kiln.dist.HalfNormal;
import kiln.dist.LogNormal;
import kiln.dist.NegativeBinomial2;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.dist.StudentT;
import kiln.dist.Uniform;
import kiln.model.Model;

/// Hierarchies written centred, `x ~ Normal(loc, scale)`, of many shapes: those of the table of deviations in `docs/hierarchies.md`.
final class Hierarchies {
    private Hierarchies() {}

    static List<HeldOut> models() {
        return List.of(
                new HeldOut("poisson-three-crossed", key -> threeCrossed(POISSON, key, 150, 5, 9, 14), Map.of("mu", 0.5, "tau_a", 0.4, "tau_b", 0.4, "tau_c", 0.4)),
                new HeldOut("binomial-24-groups-of-6", _ -> counted(24, theta -> Binomial.logits(6, theta)), Map.of("mu", -0.5, "tau_a", 0.7)),
                new HeldOut("binomial-24-groups-of-400", _ -> counted(24, theta -> Binomial.logits(400, theta)), Map.of("mu", -0.5, "tau_a", 0.7)),
                new HeldOut("poisson-40-counts", _ -> counted(40, theta -> new Poisson(exp(theta))), Map.of("mu", -0.3, "tau_a", 0.5)),
                new HeldOut("poisson-9-groups", _ -> located(POISSON, evenly(300, 9), 9), Map.of("mu", 2.4, "tau_a", 0.5)),
                new HeldOut("autoregressions", _ -> autoregressions(12, 15), Map.of("phi", 0.5, "mu_a", 1.0, "tau_a", 0.7, "mu_s", -0.5, "tau_s", 0.4)),
                new HeldOut("rasch", _ -> rasch(50, 12), Map.of("mu_b", 0.3, "tau_t", 1.0, "tau_b", 0.8)),
                new HeldOut("logistic-regression-and-slopes", key -> regressionAndSlopes(key, 600, 20), Map.of("mu", 0.3, "gamma", 0.7, "nu", -0.5, "tau_a", 0.6, "tau_b", 0.6)),
                new HeldOut("negative-binomial-16-groups", _ -> overdispersed(evenly(160, 16), 16), Map.of("mu", 1.2, "tau_a", 0.6, "concentration", 3.0)),
                new HeldOut("student-two-crossed-around-variables", key -> crossedAroundVariables(key, 400, 12, 8), Map.of("mu_a", 1.0, "mu_b", -0.5, "tau_a", 0.8, "tau_b", 0.8, "sigma", 0.7)),
                new HeldOut("irt-50-12", _ -> itemResponse(50, 12, false), Map.of("tau_t", 1.0, "mu_b", 0.3, "tau_b", 0.8, "tau_s", 0.4)),
                new HeldOut("irt-30-20", _ -> itemResponse(30, 20, false), Map.of("tau_t", 1.0, "mu_b", 0.3, "tau_b", 0.8, "tau_s", 0.4)),
                new HeldOut("irt-50-12-located", _ -> itemResponse(50, 12, true), Map.of("tau_t", 1.0, "mu_b", 0.3, "tau_b", 0.8, "tau_s", 0.4, "mu_s", 0.0)),
                new HeldOut("normal-levels-and-scales", _ -> levelsAndScales(evenly(192, 16), 16, false), Map.of("mu", 0.5, "tau_a", 0.8, "tau_s", 0.4)),
                new HeldOut("normal-levels-and-scales-located", _ -> levelsAndScales(evenly(192, 16), 16, true), Map.of("mu", 0.5, "tau_a", 0.8, "tau_s", 0.4, "mu_s", 0.0)));
    }

    /// {@return the effects of the levels of a factor around a location}
    static NDArray effects(String name, Number location, int levels) {
        NDArray tau = scale(name);
        try (var _ = plate("level_" + name, levels)) {
            return sample(name, new Normal(location, tau));
        }
    }

    private static NDArray scale(String name) {
        return sample("tau_" + name, new HalfNormal(1));
    }

    private static NDArray variable(String name) {
        return sample(name, new Normal(0, 2));
    }

    /// {@return positive effects, around 1 or around a variable}
    private static NDArray positive(int levels, boolean isLocated) {
        NDArray tau = scale("s");
        Number location = isLocated ? variable("mu_s") : 0;
        try (var _ = plate("level_s", levels)) {
            return sample("s", new LogNormal(location, tau));
        }
    }

    static Model threeCrossed(Outcome outcome, PRNGKey key, int rows, int first, int second, int third) {
        PRNGKey[] keys = key.split(3);
        NDArray i = randomly(keys[0], rows, first);
        NDArray j = randomly(keys[1], rows, second);
        NDArray k = randomly(keys[2], rows, third);
        return () -> outcome.observe(variable("mu")
                .plus(effects("a", 0, first).get(at(i)))
                .plus(effects("b", 0, second).get(at(j)))
                .plus(effects("c", 0, third).get(at(k))));
    }

    /// One number from each group.
    private static Model counted(int groups, Function<NDArray, Distribution> outcome) {
        return () -> {
            NDArray theta = effects("a", variable("mu"), groups);
            try (var _ = plate("group", groups)) {
                sample("y", outcome.apply(theta));
            }
        };
    }

    private static Model located(Outcome outcome, NDArray group, int groups) {
        return () -> outcome.observe(effects("a", variable("mu"), groups).get(at(group)));
    }

    /// Series with levels and log scales of their own, and one coefficient.
    private static Model autoregressions(int series, int steps) {
        return () -> {
            NDArray phi = sample("phi", new Uniform(-1, 1));
            NDArray level = effects("a", variable("mu_a"), series);
            NDArray scale = exp(effects("s", variable("mu_s"), series));
            NDArray before = level;
            try (var _ = plate("series", series)) {
                for (int t = 0; t < steps; t++) {
                    before = sample("y" + t, new Normal(level.plus(phi.times(before.minus(level))), scale));
                }
            }
        };
    }

    private static void answers(NDArray logits) {
        try (var _ = plate("person", logits.size(1));
                var _ = plate("item", logits.size(0))) {
            sample("y", Bernoulli.logits(logits));
        }
    }

    private static Model rasch(int people, int items) {
        return () -> {
            NDArray ability = effects("t", 0, people);
            NDArray difficulty = effects("b", variable("mu_b"), items);
            answers(ability.minus(expandDims(difficulty, 1)));
        };
    }

    private static Model itemResponse(int people, int items, boolean isLocated) {
        return () -> {
            NDArray ability = effects("t", 0, people);
            NDArray difficulty = effects("b", variable("mu_b"), items);
            answers(expandDims(positive(items, isLocated), 1).times(ability.minus(expandDims(difficulty, 1))));
        };
    }

    private static Model regressionAndSlopes(PRNGKey key, int rows, int groups) {
        PRNGKey[] keys = key.split();
        NDArray u = normals(keys[0], groups);
        NDArray x = normals(keys[1], rows);
        NDArray group = evenly(rows, groups);
        return () -> {
            NDArray a = effects("a", variable("mu").plus(variable("gamma").times(u)), groups);
            NDArray b = effects("b", variable("nu"), groups);
            LOGISTIC.observe(a.get(at(group)).plus(b.get(at(group)).times(x)));
        };
    }

    private static Model overdispersed(NDArray group, int groups) {
        return () -> {
            NDArray theta = effects("a", variable("mu"), groups);
            NDArray concentration = sample("concentration", new HalfNormal(10));
            try (var _ = plate("row", group.size())) {
                sample("y", new NegativeBinomial2(exp(theta.get(at(group))), concentration));
            }
        };
    }

    private static Model crossedAroundVariables(PRNGKey key, int rows, int first, int second) {
        PRNGKey[] keys = key.split();
        NDArray i = randomly(keys[0], rows, first);
        NDArray j = randomly(keys[1], rows, second);
        return () -> {
            NDArray mean = effects("a", variable("mu_a"), first).get(at(i)).plus(effects("b", variable("mu_b"), second).get(at(j)));
            NDArray sigma = sample("sigma", new HalfNormal(2));
            try (var _ = plate("row", rows)) {
                sample("y", new StudentT(4, mean, sigma));
            }
        };
    }

    private static Model levelsAndScales(NDArray group, int groups, boolean isLocated) {
        return () -> {
            NDArray level = effects("a", variable("mu"), groups);
            NDArray scale = positive(groups, isLocated);
            try (var _ = plate("row", group.size())) {
                sample("y", new Normal(level.get(at(group)), scale.get(at(group))));
            }
        };
    }
}
