package kiln.diagnostics;

/// E-BFMI, the energy Bayesian fraction of missing information of one Hamiltonian chain.
///
/// ```
/// E-BFMI = Σ_t (E[t] − E[t−1])² / Σ_t (E[t] − Ē)²
/// ```
///
/// Near 1 the momentum refreshments explore all energies; below about 0.3 they do not, and heavy tails are visited too slowly.
///
/// Source: Betancourt, *Diagnosing suboptimal cotangent disintegrations in Hamiltonian Monte Carlo* (2016).
public final class EnergyFraction {
    private EnergyFraction() {}

    /// The fraction of one chain.
    ///
    /// @param energy the Hamiltonian at each draw of one chain, in nats; only read
    /// @return the fraction; NaN for fewer than 3 draws or constant energy
    public static double ebfmi(double[] energy) {
        if (energy.length < 3) {
            return Double.NaN;
        }
        double mean = Moments.mean(energy);
        double steps = 0;
        double spread = 0;
        for (int t = 0; t < energy.length; t++) {
            if (t > 0) {
                steps += (energy[t] - energy[t - 1]) * (energy[t] - energy[t - 1]);
            }
            spread += (energy[t] - mean) * (energy[t] - mean);
        }
        return steps / spread;
    }
}
