package kiln.infer.mcmc;

import kiln.infer.SplitDensity;

/// A density with one continuous coordinate that is computed by a [MixedTarget].
interface Tabulated extends SplitDensity {
    /// {@return what draws from it and says how its statistics are distributed}
    MixedTarget table();

    @Override
    default int dimension() {
        return table().dimension();
    }

    @Override
    default int continuous() {
        return 1;
    }

    @Override
    default double valueAndGradient(double[] position, double[] gradient) {
        return table().valueAndGradient(position, gradient);
    }
}
