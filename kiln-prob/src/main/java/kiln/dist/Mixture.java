package kiln.dist;

import java.util.List;

/// Makes a mixture of components of one family or of several, as NumPyro's function of this name.
public final class Mixture {
    private Mixture() {}

    /// {@return the mixture of components along the last axis of the batch}
    public static MixtureSameFamily of(Distribution mixingDistribution, Distribution componentDistribution) {
        return new MixtureSameFamily(mixingDistribution, componentDistribution);
    }

    /// {@return the mixture of the listed components}
    public static MixtureGeneral of(Distribution mixingDistribution, List<Distribution> componentDistributions) {
        return new MixtureGeneral(mixingDistribution, componentDistributions);
    }
}
