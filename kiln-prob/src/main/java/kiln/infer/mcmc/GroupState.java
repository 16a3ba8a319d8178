package kiln.infer.mcmc;

import java.util.List;
import kiln.infer.store.ChainState;

/// Where the chains that move together are in a run: what a checkpoint holds beside the draws.
///
/// @param state       state of the chain or ensemble
/// @param first       iteration at which the run began
/// @param base        iteration after which draws are kept
/// @param kept        draws kept so far of each chain
/// @param divergences divergent iterations after `base`, of all chains of the group
record GroupState(ChainState state, long first, long base, int kept, List<Integer> divergences) {
    GroupState {
        divergences = List.copyOf(divergences);
    }
}
