package kiln.infer.mcmc;

import kiln.infer.store.ChainState;

/// A chain that moves on its own, as the driver sees it.
record SingleChain(Chain chain) implements Ensemble {
    @Override
    public int size() {
        return 1;
    }

    @Override
    public int dimension() {
        return chain.dimension();
    }

    @Override
    public long iteration() {
        return chain.iteration();
    }

    @Override
    public int numWarmup() {
        return chain.numWarmup();
    }

    @Override
    public void next(double[][] positions) {
        chain.next(positions[0]);
    }

    @Override
    public double statistic(Statistic statistic, int index) {
        return statistic.of(chain);
    }

    @Override
    public ChainState state() {
        return chain.state();
    }
}
