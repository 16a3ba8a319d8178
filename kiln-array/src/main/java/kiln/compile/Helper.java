package kiln.compile;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A daemon thread that helps whichever [Team] hires it.
///
/// Helpers are shared by the whole process, so that many chains do not make many threads. Evaluations follow each other within
/// microseconds, and waking a sleeping thread takes longer than a small loop: a helper without work looks out for some before it sleeps.
final class Helper implements Runnable {
    /// How long a helper looks out for work before it sleeps, in nanoseconds.
    private static final long PATIENCE = 100_000;

    private static final int SPINS_PER_LOOK_AT_THE_CLOCK = 64;

    private static final Object RESERVED = new Object();
    private static final Object WORKING = new Object();

    private static volatile Helper[] all = {};

    /// Null while it is free, else one of the two words above, or the team that has hired it.
    private final AtomicReference<@Nullable Object> state = new AtomicReference<>();

    private final Thread thread;
    private int slot;
    private volatile boolean asleep;

    private Helper(int number) {
        thread = Thread.ofPlatform().name("kiln-helper-" + number).daemon().unstarted(this);
    }

    /// Makes sure that a team finds this number of helpers besides those that other teams have hired, as far as there are processors.
    ///
    /// @param wanted number of helpers of one team, ≥ 0
    static synchronized void atLeast(int wanted) {
        int most = Math.max(wanted, Runtime.getRuntime().availableProcessors() - 1);
        int before = all.length;
        int after = Math.min(before + wanted, Math.max(before, most));
        Helper[] more = Arrays.copyOf(all, after);
        for (int i = before; i < after; i++) {
            more[i] = new Helper(i);
            more[i].thread.start();
        }
        all = more;
    }

    /// Hires helpers that are free.
    ///
    /// @param team   gets their help
    /// @param hired  receives them
    /// @param most   so many at most
    /// @param active is raised by one for each before it knows of its work
    /// @return how many were free
    static int hire(Team team, Helper[] hired, int most, AtomicInteger active) {
        int count = 0;
        for (Helper h : all) {
            if (count == most) {
                break;
            }
            if (h.state.get() == null && h.state.compareAndSet(null, RESERVED)) {
                active.incrementAndGet();
                h.slot = count;
                hired[count++] = h;
                h.state.set(team);
                if (h.asleep) {
                    LockSupport.unpark(h.thread);
                }
            }
        }
        return count;
    }

    /// {@return whether a helper that a team has hired had not begun; it is free again then}
    boolean sendAway(Team team) {
        return state.compareAndSet(team, null);
    }

    @Override
    public void run() {
        while (true) {
            Team team = awaitWork();
            team.help(slot);
            // Free first: in its next run the team finds it again.
            state.set(null);
            team.left();
        }
    }

    private Team awaitWork() {
        while (true) {
            long end = System.nanoTime() + PATIENCE;
            do {
                for (int i = 0; i < SPINS_PER_LOOK_AT_THE_CLOCK; i++) {
                    if (state.get() instanceof Team team && state.compareAndSet(team, WORKING)) {
                        return team;
                    }
                    Thread.onSpinWait();
                }
            } while (System.nanoTime() < end);
            asleep = true;
            // Asked after saying so: whoever hires it in between either sees that it sleeps, or is seen here.
            while (!(state.get() instanceof Team)) {
                LockSupport.park(this);
                // An interrupt means nothing to a helper, but a pending one would keep it from sleeping.
                Thread.interrupted();
            }
            asleep = false;
        }
    }
}
