package kiln.bench.heldout;

import static kiln.array.Index.at;
import static kiln.array.Np.*;
import static kiln.bench.heldout.Design.*;
import static kiln.bench.heldout.Hierarchies.effects;
import static kiln.bench.heldout.Hierarchies.threeCrossed;
import static kiln.bench.heldout.Outcome.*;
import static kiln.model.Primitives.*;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.dist.Normal;
import kiln.model.Model;

/// Models whose effects the data tells apart along other directions than their elements: coefficients with a common scale and correlated covariates, and factors
/// that share an intercept.
final class Regressions {
    private Regressions() {}

    static List<HeldOut> models() {
        return List.of(
                new HeldOut("correlated-12", key -> coefficients(NORMAL, correlated(key, 80, 12, 0.9)), Map.of("mu", 0.5, "tau_b", 0.5, "sigma", 1.0)),
                new HeldOut("correlated-logistic-12", key -> coefficients(LOGISTIC, correlated(key, 200, 12, 0.8)), Map.of("mu", 0.5, "tau_b", 0.5)),
                new HeldOut("wide-40-of-30", key -> coefficients(NORMAL, correlated(key, 30, 40, 0.3)), Map.of("mu", 0.5, "tau_b", 0.3, "sigma", 1.0)),
                new HeldOut("polynomial-8", key -> coefficients(NORMAL, powers(key, 40, 8)), Map.of("mu", 0.5, "tau_b", 1.0, "sigma", 0.5)),
                new HeldOut("polynomial-logistic-5", key -> coefficients(LOGISTIC, powers(key, 100, 5)), Map.of("mu", 0.5, "tau_b", 1.5)),
                new HeldOut("cosines-20", _ -> coefficients(NORMAL, cosines(60, 20)), Map.of("mu", 0.5, "tau_b", 0.5, "sigma", 1.0)),
                new HeldOut("houses-in-30-counties", key -> counties(NORMAL, key, 300, 30), Map.of("mu", 1.3, "nu", -0.6, "tau_a", 0.3, "tau_b", 0.3, "sigma", 0.7)),
                new HeldOut("poisson-slopes-12", key -> counties(POISSON, key, 240, 12), Map.of("mu", 0.7, "nu", 0.4, "tau_a", 0.5, "tau_b", 0.3)),
                new HeldOut("small-two-crossed", key -> panel(key, 20, 4, 5), Map.of("mu", 0.5, "tau_a", 0.7, "tau_b", 0.7, "sigma", 1.0)),
                new HeldOut("panel-20-12", key -> panel(key, 240, 20, 12), Map.of("mu", 0.5, "tau_a", 1.0, "tau_b", 0.5, "sigma", 0.5)),
                new HeldOut("logistic-three-crossed", key -> threeCrossed(LOGISTIC, key, 400, 4, 8, 16), Map.of("mu", 0.3, "tau_a", 0.7, "tau_b", 0.7, "tau_c", 0.7)));
    }

    private static NDArray intercept() {
        return sample("mu", new Normal(0, 2));
    }

    /// {@return a regression whose coefficients have a common scale}
    ///
    /// @param x shape `[rows, coefficients]`
    private static Model coefficients(Outcome outcome, NDArray x) {
        return () -> outcome.observe(intercept().plus(x.matmul(effects("b", 0, x.size(1)))));
    }

    /// Unevenly many houses in each county, with intercepts and effects of the floor by county.
    private static Model counties(Outcome outcome, PRNGKey key, int rows, int counties) {
        NDArray county = unevenly(rows, counties);
        NDArray floor = randomly(key, rows, 2);
        return () -> {
            NDArray a = effects("a", intercept(), counties);
            NDArray b = effects("b", sample("nu", new Normal(0, 2)), counties);
            outcome.observe(a.get(at(county)).plus(b.get(at(county)).times(floor)));
        };
    }

    /// Effects of firms and of years, and a covariate.
    private static Model panel(PRNGKey key, int rows, int firms, int years) {
        NDArray x = normals(key, rows);
        NDArray firm = evenly(rows, firms);
        NDArray year = NDArray.of(IntStream.range(0, rows).map(i -> i / firms % years).toArray());
        return () -> NORMAL.observe(intercept()
                .plus(sample("beta", new Normal(0, 2)).times(x))
                .plus(effects("a", 0, firms).get(at(firm)))
                .plus(effects("b", 0, years).get(at(year))));
    }
}
