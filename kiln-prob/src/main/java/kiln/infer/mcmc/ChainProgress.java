package kiln.infer.mcmc;

/// How far a chain is.
///
/// @param chain       number of the chain, from 0
/// @param warmingUp   whether it is still in its warm-up
/// @param iteration   iterations done of this run, warm-up included
/// @param total       iterations of this run
/// @param stepSize    step size of the latest iteration
/// @param divergences divergent iterations so far, warm-up excluded
public record ChainProgress(int chain, boolean warmingUp, long iteration, long total, double stepSize, int divergences) {}
