package kiln.infer.mcmc;

import java.util.Arrays;

/// The points of one chain: made when a deeper tree first needs one, then recycled for ever.
///
/// A tree of depth `D` refers to at most about `3 D + 6` points at a time, so after the deepest tree nothing is allocated.
final class PhasePoints {
    private final int dimension;
    private PhasePoint[] all = new PhasePoint[8];
    private PhasePoint[] free = new PhasePoint[8];
    private int allCount;
    private int freeCount;

    PhasePoints(int dimension) {
        this.dimension = dimension;
    }

    /// A point nobody refers to, with arbitrary contents.
    PhasePoint take() {
        if (freeCount > 0) {
            return free[--freeCount];
        }
        if (allCount == all.length) {
            all = Arrays.copyOf(all, 2 * all.length);
            free = Arrays.copyOf(free, 2 * free.length);
        }
        PhasePoint point = new PhasePoint(dimension);
        all[allCount++] = point;
        return point;
    }

    /// Drops one reference; the last one frees the point.
    void release(PhasePoint point) {
        if (--point.references == 0) {
            free[freeCount++] = point;
        }
    }

    /// Frees every point but one: the end of a transition, whatever the tree still refers to.
    void releaseAllBut(PhasePoint kept) {
        freeCount = 0;
        for (int i = 0; i < allCount; i++) {
            if (all[i] != kept) {
                all[i].references = 0;
                free[freeCount++] = all[i];
            }
        }
    }
}
