package kiln.infer.program;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// The draws of several Markov chains over executions, all with the same weight.
public final class ProgramChains implements ProgramPosterior {
    private final List<List<Execution>> chains;
    private final List<Execution> executions;
    private final double[] acceptance;

    ProgramChains(List<List<Execution>> chains, double[] acceptance) {
        this.chains = chains.stream().map(List::copyOf).toList();
        this.executions = this.chains.stream().flatMap(List::stream).toList();
        this.acceptance = acceptance.clone();
    }

    /// {@return the draws of each chain}
    public List<List<Execution>> chains() {
        return chains;
    }

    /// {@return the draws of all chains, one after the other}
    @Override
    public List<Execution> executions() {
        return executions;
    }

    @Override
    public double[] probabilities() {
        double[] p = new double[executions.size()];
        Arrays.fill(p, 1.0 / p.length);
        return p;
    }

    /// {@return a quantity of every draw, `[chain][draw]`: what the functions of `kiln.diagnostics` take}
    public double[][] draws(ToDoubleFunction<Execution> f) {
        return chains.stream().map(c -> c.stream().mapToDouble(f).toArray()).toArray(double[][]::new);
    }

    /// {@return the share of accepted proposals of each chain after its warm-up, in [0, 1]}
    public double[] acceptance() {
        return acceptance.clone();
    }

    @Override
    public String toString() {
        return chains.size() + " chains of " + chains.getFirst().size() + " executions, accepted " + Arrays.toString(acceptance);
    }
}
