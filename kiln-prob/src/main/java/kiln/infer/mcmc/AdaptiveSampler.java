package kiln.infer.mcmc;

import java.util.List;
import java.util.Map;
import kiln.array.PRNGKey;
import kiln.infer.Differentiation;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;
import kiln.infer.store.ChainState;
import kiln.model.Model;

/// A sampler with a step size and a metric that warm-up adapts; what all of these have in common, copies with other settings among it.
///
/// @param <S> the sampler itself
public sealed interface AdaptiveSampler<S extends AdaptiveSampler<S>> extends Sampler
        permits NUTS, HMC, WALNUTS, BarkerMH, RandomWalkMetropolis {
    /// {@return step size, metric, and which of them warm-up adapts}
    HMCSettings settings();

    /// {@return a copy with other settings}
    S settings(HMCSettings v);

    /// {@return the name of the kernel, which its states carry}
    default String name() {
        return switch (this) {
            case NUTS _ -> "NUTS";
            case HMC _ -> "HMC";
            case WALNUTS _ -> "WALNUTS";
            case BarkerMH _ -> "BarkerMH";
            case RandomWalkMetropolis _ -> "RandomWalkMetropolis";
        };
    }

    @Override
    default String description() {
        String own = switch (this) {
            case NUTS s -> "maxTreeDepth=" + s.maxTreeDepth()
                    + (s.maxWarmupTreeDepth() == s.maxTreeDepth() ? "" : ", maxWarmupTreeDepth=" + s.maxWarmupTreeDepth()) + ", ";
            case HMC s -> "trajectoryLength=" + s.trajectoryLength() + ", numSteps=" + s.numSteps() + ", ";
            case WALNUTS s -> "maxTreeDepth=" + s.maxTreeDepth() + ", maxError=" + s.maxError() + ", maxHalvings=" + s.maxHalvings() + ", ";
            case BarkerMH _, RandomWalkMetropolis _ -> "";
        };
        return name() + ": " + own + settings();
    }

    @Override
    default PosteriorDensity density(Model model, PRNGKey key) {
        return PosteriorDensity.of(model, key, differentiation());
    }

    /// {@return how the gradient of a model is taken}
    default Differentiation differentiation() {
        return usesGradient() || settings().forwardModeDifferentiation() ? settings().differentiation() : Differentiation.ON_DEMAND;
    }

    @Override
    default Chain start(LogDensity density, double[] initialPosition, long seed, int numWarmup) {
        PhasePoints points = new PhasePoints(density.dimension());
        Trajectory trajectory = Trajectory.of(this, density, points);
        return HamiltonianChain.start(name(), density, trajectory, points, settings(), initialPosition, seed, numWarmup);
    }

    @Override
    default Chain resume(LogDensity density, ChainState state) {
        PhasePoints points = new PhasePoints(density.dimension());
        return HamiltonianChain.resume(name(), density, Trajectory.of(this, density, points), points, settings(), state);
    }

    /// A copy with another [HMCSettings#stepSize()].
    default S stepSize(double v) {
        return settings(settings().stepSize(v));
    }

    /// A copy with another [HMCSettings#adaptStepSize()].
    default S adaptStepSize(boolean v) {
        return settings(settings().adaptStepSize(v));
    }

    /// A copy with another [HMCSettings#adaptMassMatrix()].
    default S adaptMassMatrix(boolean v) {
        return settings(settings().adaptMassMatrix(v));
    }

    /// A copy with another [HMCSettings#denseMass()].
    default S denseMass(boolean v) {
        return settings(settings().denseMass(v));
    }

    /// A copy whose metric has a full block for every group of sites, as `denseMass(List.of(List.of("a", "b")))`; see [HMCSettings#denseBlocks()].
    default S denseMass(List<List<String>> v) {
        return settings(settings().denseMass(v));
    }

    /// A copy with another [HMCSettings#metricAdaptation()].
    default S metricAdaptation(MetricAdaptation v) {
        return settings(settings().metricAdaptation(v));
    }

    /// A copy with another [HMCSettings#targetAcceptProb()].
    default S targetAcceptProb(double v) {
        return settings(settings().targetAcceptProb(v));
    }

    /// A copy with another [HMCSettings#findHeuristicStepSize()].
    default S findHeuristicStepSize(boolean v) {
        return settings(settings().findHeuristicStepSize(v));
    }

    /// A copy with another [HMCSettings#regularizeMassMatrix()].
    default S regularizeMassMatrix(boolean v) {
        return settings(settings().regularizeMassMatrix(v));
    }

    /// A copy with another [HMCSettings#inverseMassMatrix()].
    default S inverseMassMatrix(Metric v) {
        return settings(settings().inverseMassMatrix(v));
    }

    /// A copy whose metric starts with a part for every group of sites, as
    /// `inverseMassMatrix(Map.of(List.of("a", "b"), Metric.dense(s)))`; see [HMCSettings#siteMetrics()].
    default S inverseMassMatrix(Map<List<String>, Metric> v) {
        return settings(settings().inverseMassMatrix(v));
    }

    /// A copy with another [HMCSettings#maxDeltaEnergy()].
    default S maxDeltaEnergy(double v) {
        return settings(settings().maxDeltaEnergy(v));
    }

    /// A copy with another [HMCSettings#centering()].
    default S centering(Centering v) {
        return settings(settings().centering(v));
    }

    /// A copy with another [HMCSettings#forwardModeDifferentiation()].
    default S forwardModeDifferentiation(boolean v) {
        return settings(settings().forwardModeDifferentiation(v));
    }
}
