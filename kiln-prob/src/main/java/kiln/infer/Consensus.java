package kiln.infer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import kiln.array.Diagnosis;
import kiln.array.Index;
import kiln.array.Linalg;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;

/// Joins the posteriors of shards of the data, each sampled on its own with its share of the prior, to the posterior of all data.
///
/// ```
/// W_s = Cov(draws of shard s)⁻¹
/// consensus    θ_i = (Σ W_s)⁻¹ Σ W_s θ_si                                the i-th draws of all shards, averaged
/// parametric   N(m, V),  V = (Σ W_s)⁻¹,  m = V Σ W_s mean(draws of s)    the product of Gaussians
/// ```
///
/// Exact if every shard's posterior is Gaussian. Covariances have divisor `n − 1`. The prior of a shard is the prior to the power
/// `1 / number of shards`: a factor, or `scale` around the prior's sites.
///
/// Source: Scott et al., *Bayes and Big Data: the consensus Monte Carlo algorithm* (2016), section 3.1; Neiswanger, Wang and Xing,
/// *Asymptotically exact, embarrassingly parallel MCMC* (2014), section 3.1. NumPyro's `consensus`, `parametric`, `parametric_draws`.
public final class Consensus {
    private Consensus() {}

    /// A Gaussian over all elements of all sites, one after the other.
    ///
    /// @param mean       shape `[d]`
    /// @param covariance shape `[d, d]`; `[d]`, the variances, if it is diagonal
    public record Gaussian(NDArray mean, NDArray covariance) {}

    /// Averages the draws of the shards, the i-th of one with the i-th of the others.
    ///
    /// @param shards   draws by site of each shard, shape `[n, …]`, as [Posterior#samples] returns them; equally many, > 1
    /// @param diagonal whether correlations are left out, for more dimensions than draws
    /// @return `n` draws by site
    /// @throws ShapeException if the shards differ in sites, shapes or number of draws
    public static SequencedMap<String, NDArray> consensus(List<? extends Map<String, NDArray>> shards, boolean diagonal) {
        List<NDArray> draws = flattened(shards);
        NDArray total = total(draws, diagonal);
        NDArray sum = Np.zerosLike(draws.getFirst());
        for (NDArray x : draws) {
            NDArray w = precision(x, diagonal);
            sum = sum.plus(diagonal ? x.times(w) : Np.matmul(x, w));
        }
        return unflattened(diagonal ? sum.div(total) : Np.matmul(sum, Linalg.inv(total)), shards.getFirst());
    }

    /// The same with so many draws, picked of each shard at random with replacement.
    ///
    /// @param numDraws number of draws, ≥ 1
    /// @param key      source of the choice
    public static SequencedMap<String, NDArray> consensus(
            List<? extends Map<String, NDArray>> shards, boolean diagonal, int numDraws, PRNGKey key) {
        PRNGKey[] keys = key.split(shards.size());
        List<SequencedMap<String, NDArray>> picked = new ArrayList<>();
        for (int s = 0; s < keys.length; s++) {
            NDArray index = keys[s].randint(Shape.of(numDraws), 0, shards.get(s).values().iterator().next().size(0));
            var own = new LinkedHashMap<String, NDArray>();
            shards.get(s).forEach((name, x) -> own.put(name, Np.take(x, index, 0)));
            picked.add(own);
        }
        return consensus(picked, diagonal);
    }

    /// The product of the Gaussians that have the moments of the shards' draws.
    ///
    /// @param shards   draws by site of each shard, shape `[n, …]`; > 1 each
    /// @param diagonal whether correlations are left out
    /// @throws ShapeException if the shards differ in sites or shapes
    public static Gaussian parametric(List<? extends Map<String, NDArray>> shards, boolean diagonal) {
        List<NDArray> draws = flattened(shards);
        NDArray total = total(draws, diagonal);
        NDArray sum = Np.zeros(draws.getFirst().size(1));
        for (NDArray x : draws) {
            NDArray w = precision(x, diagonal);
            NDArray mean = Np.mean(x, 0);
            sum = sum.plus(diagonal ? w.times(mean) : Np.matmul(w, mean));
        }
        NDArray covariance = diagonal ? Np.reciprocal(total) : Linalg.inv(total);
        return new Gaussian(diagonal ? covariance.times(sum) : Np.matmul(covariance, sum), covariance);
    }

    /// Draws from [#parametric].
    ///
    /// @param numDraws number of draws, ≥ 1
    /// @param key      source of the draws
    /// @return draws by site, shape `[numDraws, …]`
    public static SequencedMap<String, NDArray> parametricDraws(
            List<? extends Map<String, NDArray>> shards, boolean diagonal, int numDraws, PRNGKey key) {
        Gaussian g = parametric(shards, diagonal);
        NDArray z = key.normal(numDraws, g.mean().size());
        NDArray x = diagonal
                ? z.times(Np.sqrt(g.covariance()))
                : Np.matmul(z, Np.swapaxes(Linalg.cholesky(g.covariance()), 0, 1));
        return unflattened(x.plus(g.mean()), shards.getFirst());
    }

    /// The sum of the precisions.
    private static NDArray total(List<NDArray> draws, boolean diagonal) {
        NDArray sum = precision(draws.getFirst(), diagonal);
        for (NDArray x : draws.subList(1, draws.size())) {
            sum = sum.plus(precision(x, diagonal));
        }
        return sum;
    }

    private static NDArray precision(NDArray x, boolean diagonal) {
        if (diagonal) {
            return Np.reciprocal(Np.var(x, 1, 0));
        }
        NDArray centred = x.minus(Np.mean(x, 0));
        return Linalg.inv(Np.matmul(Np.swapaxes(centred, 0, 1), centred).div(x.size(0) - 1));
    }

    /// The draws of each shard, `[n, d]`.
    private static List<NDArray> flattened(List<? extends Map<String, NDArray>> shards) {
        if (shards.isEmpty()) {
            throw new ShapeException(new Diagnosis("Consensus", "there are no shards").at(UserCode.line()));
        }
        Map<String, NDArray> first = shards.getFirst();
        List<NDArray> out = new ArrayList<>();
        for (Map<String, NDArray> shard : shards) {
            if (!shapes(shard).equals(shapes(first))) {
                throw new ShapeException(new Diagnosis("Consensus", "the shards differ")
                        .expected("the sites of the first shard, " + shapes(first))
                        .got("a shard with " + shapes(shard))
                        .at(UserCode.line())
                        .fix("sample the same model on every shard, with as many draws."));
            }
            out.add(Np.concatenate(
                    first.keySet().stream()
                            .map(name -> java.util.Objects.requireNonNull(shard.get(name)))
                            .map(x -> x.reshape(x.size(0), x.size() / x.size(0)))
                            .toList(),
                    1));
        }
        return out;
    }

    private static Map<String, Shape> shapes(Map<String, NDArray> shard) {
        var out = new LinkedHashMap<String, Shape>();
        shard.forEach((name, x) -> out.put(name, x.shape()));
        return out;
    }

    private static SequencedMap<String, NDArray> unflattened(NDArray draws, Map<String, NDArray> like) {
        var out = new LinkedHashMap<String, NDArray>();
        int from = 0;
        for (var e : like.entrySet()) {
            Shape shape = e.getValue().shape();
            int to = from + shape.slice(1, shape.rank()).size();
            NDArray own = draws.get(Index.slice(null, null), Index.slice(from, to));
            out.put(e.getKey(), own.reshape(Shape.of(draws.size(0)).then(shape.slice(1, shape.rank()))));
            from = to;
        }
        return out;
    }
}
