package kiln.infer.mcmc;

/// Runs until the chains agree and the draws suffice: R̂ of every element of every random variable below a limit, its bulk effective
/// sample size above another.
///
/// The draws are looked at when every chain has the same number of them, a multiple of the block: after 100, 200, … and then each time
/// a quarter more. So the run ends at the same draw for any number of threads, and looking costs little.
///
/// @param rHat upper limit of the rank-normalised split R̂, > 1; 1.01 is the usual one
/// @param ess  lower limit of the bulk ESS, in draws, > 0; 400 for four chains is the usual one
public record StopRule(double rHat, double ess) {
    /// @throws IllegalArgumentException if a limit is outside its domain
    public StopRule {
        HMCSettings.require(rHat > 1, "rHat must be > 1", rHat);
        HMCSettings.require(ess > 0 && Double.isFinite(ess), "ess must be finite and > 0", ess);
    }

    /// {@return the number of draws at which to look next, after a look at `draws`}
    static int next(int draws, int block) {
        return draws + Math.max(block, draws / 4 / block * block);
    }
}
