package kiln.infer.mcmc;

import java.util.Arrays;
import java.util.List;
import kiln.infer.store.ChainState;

/// Where the chains that move together are in a run: what a checkpoint holds beside the draws.
///
/// @param state       state of the chain or ensemble
/// @param first       iteration at which the run began
/// @param base        iteration after which draws are kept
/// @param kept        draws kept so far of each chain
/// @param divergences divergent iterations after `base`, by chain of the group
record GroupState(ChainState state, long first, long base, int kept, List<Integer> divergences) {
    GroupState {
        divergences = List.copyOf(divergences);
    }

    /// {@return all of it as one state}
    ChainState stored() {
        return new ChainState.Builder(state)
                .put("run.first", first)
                .put("run.base", base)
                .put("run.kept", (long) kept)
                .put("run.divergences", divergences.stream().mapToLong(Integer::longValue).toArray())
                .build();
    }

    /// {@return what was [#stored]}
    static GroupState of(ChainState stored) {
        return new GroupState(stored, stored.integer("run.first"), stored.integer("run.base"), (int) stored.integer("run.kept"),
                Arrays.stream(stored.longs("run.divergences")).mapToObj(n -> (int) n).toList());
    }
}
