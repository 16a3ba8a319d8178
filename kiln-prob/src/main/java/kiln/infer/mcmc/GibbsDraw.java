package kiln.infer.mcmc;

import java.util.Map;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.infer.GibbsDensity;
import kiln.model.GivenSites;

/// The move of [HMCGibbs]: the function of the user.
record GibbsDraw(GibbsFunction gibbsFn, GibbsDensity density) implements GibbsMove {
    private static final String WHO = "gibbsFn";

    @Override
    public void move(double[] position, double logDensity, ChainRandom random) {
        PRNGKey key = PRNGKey.key(random.nextLong());
        Map<String, NDArray> values = gibbsFn.sample(key, new GivenSites(WHO, density.gibbsSites(position)), new GivenSites(WHO, density.hmcSites(position)));
        density.putGibbsSites(values, position);
    }

    /// 1: what the function draws is taken.
    @Override
    public double acceptProb() {
        return 1;
    }
}
