package kiln.infer.mcmc;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import kiln.array.UserCode;
import kiln.infer.Differentiation;
import kiln.infer.LogDensity;
import kiln.infer.Posterior;

/// What adapting samplers have in common: step size, metric, and which of them warm-up adapts. Names and defaults are NumPyro's.
///
/// @param stepSize              step size `ε`, or where the search for it starts; > 0; default 1
/// @param adaptStepSize         whether dual averaging tunes it during warm-up; default true
/// @param adaptMassMatrix       whether warm-up estimates the metric; default true
/// @param denseMass             whether the estimated metric is a full matrix; default false: what [MetricAdaptation] says
/// @param targetAcceptProb      mean acceptance statistic aimed at, in (0, 1); default 0.8; after a divergence of a step that would be kept 0.9 at
///                              least, unless the metric is estimated by [MetricAdaptation#VARIANCE]; [Posterior#targetAcceptProbs] tells
/// @param findHeuristicStepSize whether warm-up begins with a search for the order of magnitude; default true (NumPyro: false); after
///                              a new metric the search runs in any case, if the step size is adapted
/// @param regularizeMassMatrix  whether a metric estimated by [MetricAdaptation#VARIANCE] is shrunk towards 10⁻³ I; default true
/// @param inverseMassMatrix     the metric to start with; empty: identity
/// @param maxDeltaEnergy        energy error above which a transition counts as divergent, in nats, > 0; default 1000
/// @param metricAdaptation      how the metric is estimated; default [MetricAdaptation#FISHER] (NumPyro: the variances)
/// @param denseBlocks           groups of sites whose coordinates share a full block of the estimated metric, the others have a variance each; not
///                              together with `denseMass`; default none
/// @param siteMetrics           the metric to start with by groups of sites, where the others have variance 1; not together with
///                              `inverseMassMatrix`; default none
/// @param centering             in which coordinates the variables of hierarchies are sampled; they stay as written where the metric is given or not
///                              adapted; default [Centering#ADAPTED] (NumPyro: as written)
/// @param forwardModeDifferentiation whether the gradients of a model are taken forwards, one derivative for each coordinate, which loops of unknown length
///                              need; default false; a density that the user wrote brings its own gradient
/// @param kineticFn             the kinetic energy, with its momenta; not for kernels without dynamics; empty, the default: `½ pᵀ S p`
public record HMCSettings(
        double stepSize,
        boolean adaptStepSize,
        boolean adaptMassMatrix,
        boolean denseMass,
        double targetAcceptProb,
        boolean findHeuristicStepSize,
        boolean regularizeMassMatrix,
        Optional<Metric> inverseMassMatrix,
        double maxDeltaEnergy,
        MetricAdaptation metricAdaptation,
        List<List<String>> denseBlocks,
        SortedMap<List<String>, Metric> siteMetrics,
        Centering centering,
        boolean forwardModeDifferentiation,
        Optional<KineticEnergy> kineticFn) {

    /// The defaults.
    public static final HMCSettings DEFAULT = new HMCSettings(1, true, true, false, 0.8, true, true, Optional.empty(), 1000, MetricAdaptation.FISHER, List.of(), Collections.emptySortedMap(), Centering.ADAPTED, false, Optional.empty());

    /// @throws IllegalArgumentException if a value is outside its domain
    public HMCSettings {
        require(stepSize > 0 && Double.isFinite(stepSize), "stepSize must be finite and > 0", stepSize);
        require(targetAcceptProb > 0 && targetAcceptProb < 1, "targetAcceptProb must lie in (0, 1)", targetAcceptProb);
        require(maxDeltaEnergy > 0, "maxDeltaEnergy must be > 0", maxDeltaEnergy);
        denseBlocks = denseBlocks.stream().map(List::copyOf).toList();
        siteMetrics = sorted(siteMetrics);
        require(inverseMassMatrix.isEmpty() || siteMetrics.isEmpty(), "inverseMassMatrix must be given whole or by sites, not both", siteMetrics);
        require(!denseMass || denseBlocks.isEmpty(), "denseMass must be all sites or groups of them, not both", denseBlocks);
    }

    static void require(boolean holds, String sentence, Object got) {
        if (!holds) {
            String line = UserCode.line();
            throw new IllegalArgumentException(sentence + ".\n  Got:      " + got + (line.isEmpty() ? "" : "\n  At:       " + line));
        }
    }

    /// A copy with another [#stepSize()].
    public HMCSettings stepSize(double v) {
        return with(d -> d.stepSize = v);
    }

    /// A copy with another [#adaptStepSize()].
    public HMCSettings adaptStepSize(boolean v) {
        return with(d -> d.adaptStepSize = v);
    }

    /// A copy with another [#adaptMassMatrix()].
    public HMCSettings adaptMassMatrix(boolean v) {
        return with(d -> d.adaptMassMatrix = v);
    }

    /// A copy whose metric is one full matrix, or none.
    public HMCSettings denseMass(boolean v) {
        return with(d -> {
            d.denseMass = v;
            d.denseBlocks = List.of();
        });
    }

    /// {@return whether `denseMass(true)` would be news: a metric is estimated, and not of all pairs of coordinates already}
    boolean takesDenseMass(int dimension) {
        return adaptMassMatrix && !(denseBlocks.isEmpty() && FisherEstimate.isOfAllPairs(this, dimension));
    }

    /// A copy whose metric has a full block for every group of sites.
    ///
    /// @param v names of continuous sites of the model, each in one group
    public HMCSettings denseMass(List<List<String>> v) {
        return with(d -> {
            d.denseMass = false;
            d.denseBlocks = v;
        });
    }

    /// A copy with another [#targetAcceptProb()].
    public HMCSettings targetAcceptProb(double v) {
        return with(d -> d.targetAcceptProb = v);
    }

    /// A copy with another [#findHeuristicStepSize()].
    public HMCSettings findHeuristicStepSize(boolean v) {
        return with(d -> d.findHeuristicStepSize = v);
    }

    /// A copy with another [#regularizeMassMatrix()].
    public HMCSettings regularizeMassMatrix(boolean v) {
        return with(d -> d.regularizeMassMatrix = v);
    }

    /// A copy with another [#inverseMassMatrix()].
    public HMCSettings inverseMassMatrix(Metric v) {
        return with(d -> {
            d.inverseMassMatrix = Optional.of(v);
            d.siteMetrics = Collections.emptySortedMap();
        });
    }

    /// A copy whose metric starts with a part for every group of sites, and variance 1 elsewhere.
    ///
    /// @param v the metric of the unconstrained coordinates of the sites of a group, in the order of the list; each site in one group
    public HMCSettings inverseMassMatrix(Map<List<String>, Metric> v) {
        return with(d -> {
            d.inverseMassMatrix = Optional.empty();
            d.siteMetrics = sorted(v);
        });
    }

    /// In one order whatever map they came in: the description of a run is made from it.
    private static SortedMap<List<String>, Metric> sorted(Map<List<String>, Metric> parts) {
        SortedMap<List<String>, Metric> out = new TreeMap<>(Comparator.comparing(List::toString));
        parts.forEach((sites, metric) -> out.put(List.copyOf(sites), metric));
        return Collections.unmodifiableSortedMap(out);
    }

    /// {@return a copy whose [#siteMetrics()] have become an [#inverseMassMatrix()]}
    ///
    /// @throws kiln.model.HandlerException if a name is not that of a site of the density, or comes twice, or a part is of another size
    HMCSettings of(LogDensity density) {
        return siteMetrics.isEmpty() ? this : inverseMassMatrix(SiteGroups.metric(siteMetrics, density));
    }

    /// A copy with another [#maxDeltaEnergy()].
    public HMCSettings maxDeltaEnergy(double v) {
        return with(d -> d.maxDeltaEnergy = v);
    }

    /// A copy with another [#metricAdaptation()].
    public HMCSettings metricAdaptation(MetricAdaptation v) {
        return with(d -> d.metricAdaptation = v);
    }

    /// A copy with another [#centering()].
    public HMCSettings centering(Centering v) {
        return with(d -> d.centering = v);
    }

    /// A copy with another [#forwardModeDifferentiation()].
    public HMCSettings forwardModeDifferentiation(boolean v) {
        return with(d -> d.forwardModeDifferentiation = v);
    }

    /// A copy with another [#kineticFn()].
    public HMCSettings kineticFn(KineticEnergy v) {
        return with(d -> d.kineticFn = Optional.of(v));
    }

    /// {@return how the gradients of a model are taken}
    Differentiation differentiation() {
        return forwardModeDifferentiation ? Differentiation.FORWARD : Differentiation.REVERSE;
    }

    /// The metric a chain of `dimension` coordinates starts with.
    ///
    /// @throws IllegalArgumentException if the given one has another dimension
    Metric initialMetric(int dimension) {
        Metric metric = inverseMassMatrix.orElseGet(() -> Metric.identity(dimension));
        if (metric.dimension() != dimension) {
            throw new IllegalArgumentException("inverseMassMatrix does not have the dimension of the posterior.\n"
                    + "  Expected: " + dimension + " unconstrained coordinates\n"
                    + "  Got:      " + metric.dimension());
        }
        return metric;
    }

    private HMCSettings with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /// The settings while some of them are changed: the one place that names them all, so that a copy names only its own.
    private static final class Draft {
        private double stepSize;
        private boolean adaptStepSize;
        private boolean adaptMassMatrix;
        private boolean denseMass;
        private double targetAcceptProb;
        private boolean findHeuristicStepSize;
        private boolean regularizeMassMatrix;
        private Optional<Metric> inverseMassMatrix;
        private double maxDeltaEnergy;
        private MetricAdaptation metricAdaptation;
        private List<List<String>> denseBlocks;
        private SortedMap<List<String>, Metric> siteMetrics;
        private Centering centering;
        private boolean forwardModeDifferentiation;
        private Optional<KineticEnergy> kineticFn;

        Draft(HMCSettings s) {
            stepSize = s.stepSize;
            adaptStepSize = s.adaptStepSize;
            adaptMassMatrix = s.adaptMassMatrix;
            denseMass = s.denseMass;
            targetAcceptProb = s.targetAcceptProb;
            findHeuristicStepSize = s.findHeuristicStepSize;
            regularizeMassMatrix = s.regularizeMassMatrix;
            inverseMassMatrix = s.inverseMassMatrix;
            maxDeltaEnergy = s.maxDeltaEnergy;
            metricAdaptation = s.metricAdaptation;
            denseBlocks = s.denseBlocks;
            siteMetrics = s.siteMetrics;
            centering = s.centering;
            forwardModeDifferentiation = s.forwardModeDifferentiation;
            kineticFn = s.kineticFn;
        }

        HMCSettings settings() {
            return new HMCSettings(stepSize, adaptStepSize, adaptMassMatrix, denseMass, targetAcceptProb, findHeuristicStepSize,
                    regularizeMassMatrix, inverseMassMatrix, maxDeltaEnergy, metricAdaptation, denseBlocks, siteMetrics, centering,
                    forwardModeDifferentiation, kineticFn);
        }
    }
}
