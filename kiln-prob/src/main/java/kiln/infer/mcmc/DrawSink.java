package kiln.infer.mcmc;

import java.util.function.Supplier;

/// Where the draws of a run go.
///
/// Called by the thread that just moved the group, the blocks of one group in their order, different groups at the same time.
interface DrawSink {
    /// Takes draws.
    ///
    /// @param group number of the chains that move together
    /// @param first number of the first draw of the block
    void add(int group, int first, DrawBlock block);

    /// Takes the state of a group, after [#add] has taken all of its draws; whoever needs none does not make it.
    default void checkpoint(int group, Supplier<GroupState> state) {}
}
