package kiln.infer.mcmc;

import java.util.Arrays;

/// The points of one chain: made when a deeper tree first needs one, then recycled for ever.
///
/// A tree of depth `D` refers to at most about `3 D + 6` points at a time, so after the deepest tree nothing is allocated. It refers to them by
/// number: a reference that is stored in an object is work for the garbage collector, ten of which at every step took as long as half the
/// gradient of a small model.
final class PhasePoints {
    private final int dimension;
    private PhasePoint[] all = new PhasePoint[8];
    private int[] free = new int[all.length + 1];
    private int allCount;
    private int freeCount;

    /// The points from this number on, but the one that was kept, have not been taken since [#releaseAllBut].
    private int untaken;

    private int kept = -1;

    PhasePoints(int dimension) {
        this.dimension = dimension;
    }

    /// {@return the number of coordinates}
    int dimension() {
        return dimension;
    }

    /// A point nobody refers to, with arbitrary contents.
    PhasePoint take() {
        if (freeCount > 0) {
            return all[free[--freeCount]];
        }
        if (untaken == kept) {
            untaken++;
        }
        if (untaken == allCount) {
            add();
        }
        return all[untaken++];
    }

    private void add() {
        if (allCount == all.length) {
            all = Arrays.copyOf(all, 2 * all.length);
            free = Arrays.copyOf(free, all.length + 1);
        }
        all[allCount] = new PhasePoint(dimension, allCount);
        allCount++;
    }

    /// {@return the point of a number}
    PhasePoint get(int number) {
        return all[number];
    }

    /// Drops one reference; the last one frees the point.
    void release(int number) {
        // Whether it is the last one cannot be foreseen: no branch.
        free[freeCount] = number;
        freeCount += --all[number].references == 0 ? 1 : 0;
    }

    /// Frees every point but one: the end of a transition, whatever the tree still refers to.
    void releaseAllBut(PhasePoint point) {
        freeCount = 0;
        untaken = 0;
        kept = point.number;
    }
}
