package kiln.infer.mcmc;

import java.util.Map;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.infer.GibbsDensity;

/// The move of [HMCGibbs]: the function of the user.
record GibbsDraw(GibbsFunction gibbsFn, GibbsDensity density) implements GibbsMove {
    @Override
    public void move(double[] position, double logDensity, ChainRandom random) {
        PRNGKey key = PRNGKey.key(random.nextLong());
        Map<String, NDArray> values = gibbsFn.sample(key, density.gibbsSites(position), density.hmcSites(position));
        density.putGibbsSites(values, position);
    }

    /// 1: what the function draws is taken.
    @Override
    public double acceptProb() {
        return 1;
    }
}
