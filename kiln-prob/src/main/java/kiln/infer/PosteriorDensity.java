package kiln.infer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.compile.Options;
import kiln.model.Model;

/// The density that a sampler works on, with the way back from its coordinates to what the user knows by name.
public sealed interface PosteriorDensity extends LogDensity permits ModelPosterior, SplitPosterior, PlainPosterior {
    /// {@return the compiled posterior density of a model}
    ///
    /// @param key source of the run in which the random variables are found
    /// @throws kiln.model.HandlerException if a random variable cannot be sampled by gradients, or there is none
    static PosteriorDensity of(Model model, PRNGKey key) {
        return of(model, key, Differentiation.REVERSE);
    }

    /// {@return the compiled posterior density of a model}
    ///
    /// @param key source of the run in which the random variables are found
    /// @param by  how its gradient is taken
    /// @throws kiln.model.HandlerException   if a random variable cannot be sampled by gradients, or there is none
    /// @throws kiln.array.DomainException if the model has no derivative of this kind
    static PosteriorDensity of(Model model, PRNGKey key, Differentiation by) {
        return ModelPosterior.of(model, key, Options.DENSITY, by);
    }

    /// {@return the same density, but compiled such that every evaluation visits every observation}
    ///
    /// [#of(Model, PRNGKey)] replaces sums over data of residuals that are linear in the parameters by sums over a few numbers that it
    /// computes once. Both give the same up to rounding; this one is for comparing them.
    ///
    /// @param key source of the run in which the random variables are found
    /// @throws kiln.model.HandlerException if a random variable cannot be sampled by gradients, or there is none
    static PosteriorDensity uncollapsed(Model model, PRNGKey key) {
        return ModelPosterior.of(model, key, Options.DENSITY.withoutCollapsing(), Differentiation.REVERSE);
    }

    /// {@return the posterior density of a model with its discrete random variables, none of them summed out: a [DiscreteDensity]}
    ///
    /// @param who the kernel that asks, for messages
    /// @param key source of the run in which the random variables are found
    /// @param by  how its gradient is taken
    /// @throws kiln.model.HandlerException if there is no discrete random variable, or the values of one cannot be listed
    static PosteriorDensity withDiscrete(String who, Model model, PRNGKey key, Differentiation by) {
        return DiscretePosterior.of(who, model, key, by);
    }

    /// {@return the posterior density of a model of which some sites have their values themselves as coordinates: a [GibbsDensity]}
    ///
    /// @param gibbsSites their names
    /// @param key        source of the run in which the random variables are found
    /// @param by         how its gradient is taken
    /// @throws kiln.model.HandlerException if a name is not that of a random variable
    static PosteriorDensity withGibbsSites(Model model, Set<String> gibbsSites, PRNGKey key, Differentiation by) {
        return GibbsPosterior.of(model, gibbsSites, key, by);
    }

    /// {@return the posterior density of a model with subsampled plates, estimated from the rows that are looked at: a [SubsampleDensity]}
    ///
    /// @param proxy what stands for the rows that are not looked at; empty: nothing, and the log likelihood of the rows is scaled up
    /// @param key   source of the run in which the random variables are found
    /// @param by    how its gradient is taken
    /// @throws kiln.model.HandlerException if no plate is subsampled, or a random variable is inside one
    static PosteriorDensity withSubsampling(Model model, Optional<TaylorProxy> proxy, PRNGKey key, Differentiation by) {
        return SubsamplePosterior.of(model, proxy, key, by);
    }

    /// {@return a density that the user wrote, as one site `z`}
    static PosteriorDensity of(LogDensity density) {
        return new PlainPosterior(density);
    }

    @Override
    PosteriorDensity threads(int threads);

    /// A site that is located or scaled by other sites: x, or a standard z that the model uses as `x = loc + scale · z` only.
    ///
    /// @param first      its first coordinate
    /// @param size       how many it has
    /// @param isTurnable whether it may be looked at along other directions than its elements: it is normal with one scale for all of them, the locations of
    ///                   all sites depend on nothing but [#free] coordinates, and the multiplications by directions are few
    record Located(int first, int size, boolean isTurnable) {}

    /// {@return the sites that are located or scaled by other sites, in the order of their coordinates: those whose coordinates can be chosen}
    default List<Located> hierarchical() {
        return List.of();
    }

    /// A site of normal vectors whose location or covariance depends on other sites.
    ///
    /// @param first   its first coordinate
    /// @param count   how many vectors
    /// @param length  of each; their coordinates lie one vector after the other
    /// @param follows coordinates that the vectors may be made to follow, those of some sites, increasing: on the whole real line and sampled as written, of [#hierarchical] sites that do
    ///                not depend on vectors, and of vectors before them
    record Vectors(int first, int count, int length, List<Integer> follows) {
        /// The list is copied.
        public Vectors {
            follows = List.copyOf(follows);
        }
    }

    /// {@return the sites of vectors whose coordinates can be chosen, in the order of their coordinates}
    default List<Vectors> vectors() {
        return List.of();
    }

    /// {@return the coordinates on the whole real line that may be made to follow those of [#hierarchical], increasing: no scale depends on them; none where the
    /// location of a site depends on something else, or the multiplications by slopes were many}
    default int[] free() {
        return new int[0];
    }

    /// {@return what the coordinates of [#hierarchical] were chosen by; empty for those of the model as written}
    default Optional<Information> information() {
        return Optional.empty();
    }

    /// {@return what [#information] made of the coordinates, site by site}
    default Parametrisation parametrisation() {
        return Parametrisation.AS_WRITTEN;
    }

    /// {@return the same posterior with x as coordinates of the sites that are standardised by hand; itself where there are none}
    default PosteriorDensity centred() {
        return this;
    }

    /// {@return the same posterior with the deviations `x − loc` as coordinates of the sites whose locations depend on [#free] coordinates, and x as those of others that are
    /// standardised by hand; empty where no location does}
    default Optional<PosteriorDensity> deviations() {
        return Optional.empty();
    }

    /// {@return the same posterior over coordinates u that are about standard normal given all others}
    ///
    /// ```
    /// x = loc + scale z,   z = u √r + (h − k loc) scale r,   r = 1 / (1 + k scale²)
    /// ```
    ///
    /// with k and h the precision and the linear term of the information about x, the coordinate of the model as written or what it computes from that, z. Where there is a shear, they are
    /// those of `x − loc` for the sites of [#deviations], with `z = u √r + h scale r`. Sites of [#vectors] have matrices for k and vectors for h. See [Information] for sites that are
    /// turned, and for what is sampled without the part that follows others. What has a name, values and positions, stays that of the model as written.
    ///
    /// @param i for all coordinates; only those of [#hierarchical] and [#vectors] count
    /// @throws IllegalArgumentException if there is no such coordinate
    default PosteriorDensity informed(Information i) {
        throw new IllegalArgumentException("the coordinates of this density cannot be chosen");
    }

    /// Derivatives of the log densities of sites with coordinates in [#hierarchical] or [#vectors], given their locations and scales, in the coordinates of [#centred] or [#deviations].
    ///
    /// @param position length `d`
    /// @param scores   receives `∂ log p(x_i | loc_i, scale_i) / ∂x_i`, length `d`
    default void priorScores(double[] position, double[] scores) {}

    /// {@return the position of a position of the model as written, length `d`}
    default double[] ofWritten(double[] written) {
        return written.clone();
    }

    /// {@return the position as the model is written of a position, length `d`}
    default double[] written(double[] position) {
        return position.clone();
    }

    /// {@return the position of unconstrained values by site}
    ///
    /// @param values one value for every site, of its unconstrained shape
    double[] position(Map<String, NDArray> values);

    /// {@return the positions of several chains}
    ///
    /// @param values one value for every site: of its unconstrained shape for all chains, or `[chains, …]`
    /// @throws ShapeException if a value has neither shape
    /// @throws DomainException if a value is not finite
    default List<double[]> positions(Map<String, NDArray> values, int chains) {
        SequencedMap<String, NDArray> one = unconstrained(new double[][][] {{new double[dimension()]}});
        List<double[]> out = new ArrayList<>();
        for (int c = 0; c < chains; c++) {
            var own = new LinkedHashMap<String, NDArray>();
            for (var e : values.entrySet()) {
                NDArray x = e.getValue();
                NDArray like = one.get(e.getKey());
                boolean byChain = like != null && x.shape().equals(Shape.of(chains).then(like.shape().slice(2, like.rank())));
                if (like != null && !byChain && x.size() != like.size()) {
                    Shape shape = like.shape().slice(2, like.rank());
                    throw new ShapeException(new Diagnosis("initParams", "the start of \"" + e.getKey() + "\" has another shape than its unconstrained value")
                            .expected(shape + ", where all chains start, or " + Shape.of(chains).then(shape) + ", a place for each")
                            .got(x.shape().toString())
                            .at(UserCode.line())
                            .fix("give the unconstrained value of the site: samples of \"z." + e.getKey() + "\" have its shape, see extraFields."));
                }
                own.put(e.getKey(), byChain ? x.get(c) : x);
            }
            double[] at = position(own);
            for (int i = 0; i < at.length; i++) {
                if (!Double.isFinite(at[i])) {
                    throw new DomainException(new Diagnosis("initParams", "a start is not finite")
                            .expected("finite unconstrained values")
                            .got(label(i) + " = " + at[i] + " for chain " + c)
                            .at(UserCode.line())
                            .fix("give values on the unconstrained scale: log(0.5), not 0.5, for a scale."));
                }
            }
            out.add(at);
        }
        return out;
    }

    /// {@return the position at which a strategy starts}
    ///
    /// @param key source of its randomness
    /// @throws kiln.model.HandlerException if the strategy names a site that is not there
    /// @throws kiln.array.DomainException if parameters that follow from the values lie outside their domain
    double[] start(InitStrategy strategy, PRNGKey key);

    /// {@return the sites and the deterministic sites at many positions, shape `[chains, draws, …]`, in the order of the model}
    ///
    /// @param positions `[chain][draw]`, each of length `d`
    SequencedMap<String, NDArray> constrain(double[][][] positions);

    /// {@return the positions of the sites at many positions, shape `[chains, draws, …]`, in the order of the model}
    ///
    /// @param positions `[chain][draw]`, each of length `d`
    SequencedMap<String, NDArray> unconstrained(double[][][] positions);

    /// {@return the model whose discrete sites were summed out; empty if none was}
    default Optional<UnconstrainedModel> summedOut() {
        return Optional.empty();
    }

    /// {@return the names of the sites that are no random variables}
    Set<String> deterministic();

    /// {@return the prior of all random variables together, where it is normal}
    ///
    /// @throws kiln.model.HandlerException naming the first random variable that is not normal, or whose parameters depend on others
    GaussianPrior gaussianPrior();

    /// {@return the name of a coordinate: `log tau`-like, as `tau` or `theta[3]` on the unconstrained scale}
    String label(int coordinate);

    /// {@return the coordinates of a site, increasing; none if gradients do not move a site of this name}
    int[] coordinates(String site);

    /// {@return what is not finite in the density at a position, a line for each site at fault}
    List<String> notFinite(double[] position);

    /// {@return the user's line of the site at fault at a position, or an empty text}
    String place(double[] position);
}
