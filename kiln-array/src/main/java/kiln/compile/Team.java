package kiln.compile;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The threads that share the blocks of a loop: the one that evaluates, and as many helpers as are free at the moment.
///
/// A block gives the same bits whoever works on it, and its result goes to a place of its own; so nothing depends on who came. The
/// thread that evaluates waits for nobody to come: it takes block after block itself and waits only for those that are being worked on.
/// A run allocates nothing. One team serves one thread.
final class Team {
    /// How long the evaluating thread looks before it gives way to a helper that the system does not run: some hundred microseconds.
    private static final int SPINS = 5000;

    private static final long NAP = 20_000;

    private final Object[][] memories;
    private final int callers;
    private final Helper[] hired;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private @Nullable Code code;
    private Object[] memory = {};
    private int stage;
    private int blocks;

    /// @param memories the objects of one helper each, see [Memory]; the callers' arrays among them are set in every run
    /// @param callers  number of the callers' arrays
    Team(Object[][] memories, int callers) {
        this.memories = memories;
        this.callers = callers;
        this.hired = new Helper[memories.length];
        Helper.atLeast(memories.length);
    }

    /// Runs all blocks of a loop.
    ///
    /// @param code   the program
    /// @param stage  number of the loop
    /// @param memory the objects of the thread that evaluates
    /// @param blocks their number
    void run(Code code, int stage, Object[] memory, int blocks) {
        if (memories.length == 0) {
            inOrder(code, stage, memory, blocks);
            return;
        }
        this.code = code;
        this.stage = stage;
        this.memory = memory;
        this.blocks = blocks;
        failure.set(null);
        next.set(0);
        int count = Helper.hire(this, hired, Math.min(hired.length, blocks - 1), active);
        try {
            work(code, memory);
        } finally {
            next.set(blocks);
            dismiss(count);
        }
        rethrow(failure.get());
    }

    /// Runs all blocks of a loop in the calling thread, one after the other.
    static void inOrder(Code code, int stage, Object[] memory, int blocks) {
        for (int b = 0; b < blocks; b++) {
            code.block(stage, b, memory);
        }
    }

    private void work(Code program, Object[] own) {
        for (int b = next.getAndIncrement(); b < blocks; b = next.getAndIncrement()) {
            program.block(stage, b, own);
        }
    }

    /// What a helper does: its share of the blocks. Never throws.
    ///
    /// @param slot number of the helper in this run
    void help(int slot) {
        Object[] own = memories[slot];
        System.arraycopy(memory, 0, own, 0, callers);
        Code program = code;
        try {
            if (program != null) {
                work(program, own);
            }
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
            next.set(blocks);
        }
    }

    /// A helper has left.
    void left() {
        active.decrementAndGet();
    }

    /// Sends those away who have not come yet, and waits for the others.
    private void dismiss(int count) {
        for (int i = 0; i < count; i++) {
            if (hired[i].sendAway(this)) {
                active.decrementAndGet();
            }
        }
        for (int spin = 0; active.get() > 0; spin++) {
            if (spin < SPINS) {
                Thread.onSpinWait();
            } else {
                // The helper may need this very processor. An interrupt, which is left to the caller, makes this a spin as well.
                LockSupport.parkNanos(this, NAP);
            }
        }
    }

    /// Throws what a block threw in another thread, which is nothing checked: blocks declare no exception.
    private static void rethrow(@Nullable Throwable e) {
        if (e instanceof RuntimeException r) {
            throw r;
        }
        if (e instanceof Error r) {
            throw r;
        }
    }
}
