package kiln.infer.mcmc;

import java.util.Arrays;
import kiln.array.Diagnosis;
import kiln.infer.DiscreteDensity;
import kiln.infer.GibbsDensity;
import kiln.infer.LogDensity;
import kiln.infer.SplitDensity;
import kiln.infer.SubsampleDensity;
import kiln.infer.store.ChainState;
import kiln.model.HandlerException;
import org.jspecify.annotations.Nullable;

/// A chain of a [GibbsSampler]: moves of the last coordinates, and a chain of the inner kernel that sees them as constants.
final class GibbsChain implements Chain {
    private final GibbsSampler kernel;
    private final ConditionalDensity conditional;
    /// Null: the trajectory of the inner chain moves them.
    private final @Nullable GibbsMove move;
    private final HamiltonianChain inner;

    private GibbsChain(GibbsSampler kernel, ConditionalDensity conditional, @Nullable GibbsMove move, HamiltonianChain inner) {
        this.kernel = kernel;
        this.conditional = conditional;
        this.move = move;
        this.inner = inner;
    }

    /// Makes the inner chain.
    private interface Inner {
        HamiltonianChain of(LogDensity density, Trajectory trajectory, PhasePoints points, HMCSettings settings, double[] position);
    }

    static GibbsChain start(GibbsSampler kernel, LogDensity density, double[] initialPosition, long seed, int numWarmup) {
        return of(kernel, density, initialPosition.clone(), (conditional, trajectory, points, settings, q) ->
                HamiltonianChain.start(kernel.name(), conditional, trajectory, points, settings, q, seed, numWarmup));
    }

    static GibbsChain resume(GibbsSampler kernel, LogDensity density, ChainState state) {
        return of(kernel, density, state.madeBy(kernel.name()).position(), (conditional, trajectory, points, settings, q) ->
                HamiltonianChain.resume(kernel.name(), conditional, trajectory, points, settings, state, q));
    }

    private static GibbsChain of(GibbsSampler kernel, LogDensity density, double[] position, Inner inner) {
        return switch (kernel) {
            case DiscreteHMCGibbs k -> {
                DiscreteDensity d = split(kernel, density, DiscreteDensity.class);
                var proposal = new DiscreteProposal(d, k.randomWalk(), k.modified());
                proposal.snap(position);
                yield around(kernel, new ConditionalDensity(d, position), new DiscreteSweep(d, proposal), inner);
            }
            case HMCGibbs k -> {
                GibbsDensity d = split(kernel, density, GibbsDensity.class);
                yield around(kernel, new ConditionalDensity(d, position), new GibbsDraw(k.gibbsFn(), d), inner);
            }
            case HMCECS k -> {
                SubsampleDensity d = split(kernel, density, SubsampleDensity.class);
                for (SubsampleDensity.Rows rows : d.rows()) {
                    for (int j = d.continuous() + rows.from(); j < d.continuous() + rows.from() + rows.count(); j++) {
                        position[j] = Math.max(0, Math.min(rows.size() - 1, Math.rint(position[j])));
                    }
                }
                yield around(kernel, new ConditionalDensity(d, position), new RowMove(d, k.numBlocks()), inner);
            }
            case MixedHMC k -> {
                DiscreteDensity d = split(kernel, density, DiscreteDensity.class);
                var proposal = new DiscreteProposal(d, k.randomWalk(), k.modified());
                proposal.snap(position);
                var conditional = new ConditionalDensity(d, position);
                PhasePoints points = new PhasePoints(conditional.dimension());
                var trajectory = new MixedTrajectory(k, conditional, proposal, points);
                yield new GibbsChain(kernel, conditional, null, inner.of(conditional, trajectory, points,
                        k.innerKernel().settings(), Arrays.copyOf(position, conditional.dimension())));
            }
        };
    }

    private static GibbsChain around(GibbsSampler kernel, ConditionalDensity conditional, GibbsMove move, Inner inner) {
        PhasePoints points = new PhasePoints(conditional.dimension());
        return new GibbsChain(kernel, conditional, move, inner.of(conditional,
                Trajectory.of(kernel.innerKernel(), conditional, points), points, kernel.innerKernel().settings(),
                Arrays.copyOf(conditional.position, conditional.dimension())));
    }

    private static <D extends SplitDensity> D split(GibbsSampler kernel, LogDensity density, Class<D> kind) {
        return SplitDensity.in(density, kind).orElseThrow(() -> new IllegalArgumentException(
                new Diagnosis(kernel.name(), "the density does not say which coordinates this kernel moves in its own way")
                        .expected("a model, or a " + kind.getName())
                        .got(density.getClass().getName())
                        .message()));
    }

    @Override
    public void next(double[] out) {
        double[] all = conditional.position;
        System.arraycopy(inner.position(), 0, all, 0, conditional.dimension());
        if (move != null) {
            move.move(all, -inner.potentialEnergy(), inner.random());
            inner.refresh();
            if (move instanceof GibbsDraw draw && !Double.isFinite(inner.potentialEnergy())) {
                throw impossible(draw, all);
            }
        }
        inner.next(out);
        System.arraycopy(all, conditional.dimension(), out, conditional.dimension(), all.length - conditional.dimension());
    }

    private HandlerException impossible(GibbsDraw draw, double[] all) {
        return new HandlerException(new Diagnosis("HMCGibbs", "the posterior has no finite density at the values that gibbsFn drew")
                .expected("a draw of the Gibbs sites given the other sites, inside their supports")
                .got("log density " + -inner.potentialEnergy() + " at " + draw.density().gibbsSites(all) + " given " + draw.density().hmcSites(all))
                .fix("draw from the conditional distribution that the model implies; test gibbsFn on values whose distribution you know."));
    }

    @Override
    public int dimension() {
        return conditional.position.length;
    }

    @Override
    public long iteration() {
        return inner.iteration();
    }

    @Override
    public int numWarmup() {
        return inner.numWarmup();
    }

    @Override
    public double potentialEnergy() {
        return inner.potentialEnergy();
    }

    @Override
    public double energy() {
        return inner.energy();
    }

    @Override
    public double acceptProb() {
        return inner.acceptProb();
    }

    @Override
    public double gibbsAcceptProb() {
        return move == null ? 1 : move.acceptProb();
    }

    @Override
    public int numSteps() {
        return inner.numSteps();
    }

    @Override
    public int treeDepth() {
        return inner.treeDepth();
    }

    @Override
    public boolean diverging() {
        return inner.diverging();
    }

    @Override
    public double stepSize() {
        return inner.stepSize();
    }

    @Override
    public Metric metric() {
        return inner.metric();
    }

    @Override
    public ChainState state() {
        double[] all = conditional.position.clone();
        System.arraycopy(inner.position(), 0, all, 0, conditional.dimension());
        var state = new ChainState.Builder(kernel.name()).put("position", all);
        inner.save(state);
        return state.build();
    }
}
