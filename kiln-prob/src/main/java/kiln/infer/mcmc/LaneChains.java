package kiln.infer.mcmc;

import java.util.function.Supplier;
import kiln.infer.LogDensity;
import org.jspecify.annotations.Nullable;

/// The chains that one thread moves together, each at its own pace.
///
/// ```
/// a step of every chain;   a chain whose transition ends begins its next one at once, or leaves its lane to another chain
/// ```
///
/// Chains do not wait for each other: trees of different depths end at different steps, and no lane idles while there is a chain for it.
///
/// Source of the idea: Sountsov, Carroll and Hoffman, *Running Markov chain Monte Carlo on modern hardware and software* (2024), section 4; Dance et al.,
/// *Efficiently vectorized MCMC on modern accelerators* (2025), who call it a finite state machine.
final class LaneChains {
    /// The most chains that a thread moves together: with several times as many as a density takes, one that ends leaves no gap for long.
    static final int MOST = 4 * LaneSteps.WIDEST;

    /// A chain of the run with what is done after each of its iterations.
    interface Member {
        /// {@return the chain}
        HamiltonianChain chain();

        /// {@return receives the draws of the chain}
        double[] position();

        /// Takes in the draw of an iteration.
        ///
        /// @return whether the chain goes on in its lane
        boolean moved();

        /// {@return whether there is something to do at all}
        boolean begins();
    }

    private final LaneSteps steps;
    private final Member[] members;
    private final HamiltonianChain[] chains;
    private int count;

    /// @param most so many chains at a time at most, ≥ 1
    LaneChains(LogDensity density, int most) {
        steps = new LaneSteps(density, most);
        members = new Member[most];
        chains = new HamiltonianChain[most];
    }

    /// {@return whether chains that move together gain anything: their density is evaluated together}
    boolean gains() {
        return steps.isShared();
    }

    /// Moves chains until none is left.
    ///
    /// @param first a chain
    /// @param more  another one that waits, or null; asked whenever there is a lane for it
    void run(Member first, Supplier<@Nullable Member> more) {
        place(first);
        fill(more);
        while (count > 0) {
            steps.step(chains, count);
            for (int k = count - 1; k >= 0; k--) {
                chains[k].stepped().stepped();
                if (!goesOn(members[k])) {
                    count--;
                    members[k] = members[count];
                    chains[k] = chains[count];
                }
            }
            fill(more);
        }
    }

    private void fill(Supplier<@Nullable Member> more) {
        while (count < members.length) {
            Member next = more.get();
            if (next == null) {
                return;
            }
            place(next);
        }
    }

    private void place(Member member) {
        if (member.begins()) {
            member.chain().begin();
            if (goesOn(member)) {
                members[count] = member;
                chains[count] = member.chain();
                count++;
            }
        }
    }

    /// Ends transitions and begins others until one wants a step; false when the chain leaves.
    private static boolean goesOn(Member member) {
        HamiltonianChain chain = member.chain();
        while (!chain.stepped().wantsStep()) {
            chain.end(member.position());
            if (!member.moved()) {
                return false;
            }
            chain.begin();
        }
        return true;
    }
}
