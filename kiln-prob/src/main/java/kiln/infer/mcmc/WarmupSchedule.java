package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.List;

/// Windows of the warm-up: a start that only finds the typical set, growing windows that each yield a metric, an end for the step size.
///
/// ```
/// W < 20     one window, step size only
/// W < 150    ⌊0.15 W⌋ | rest | ⌊0.1 W⌋
/// otherwise  75 | 25, 50, 100, … (each twice the one before; the last takes what is left) | 50
/// ```
///
/// 1000 iterations, for example: 0–74 | 75–99, 100–149, 150–249, 250–449, 450–949 | 950–999.
///
/// Source: *Stan Reference Manual*, "HMC algorithm parameters", section on automatic parameter tuning. Differs from Stan below
/// 150 iterations, where Stan never reaches the end of its only window.
///
/// @param windows all windows in order, without gaps; empty for no warm-up
public record WarmupSchedule(List<Window> windows) {
    private static final int START = 75;
    private static final int END = 50;
    private static final int BASE = 25;
    private static final int STEP_SIZE_ONLY_BELOW = 20;

    /// Iterations `first … last`, both included, counted from 0.
    ///
    /// @param first    first iteration
    /// @param last     last iteration
    /// @param isMetric whether a metric is estimated from this window's draws at its end
    public record Window(int first, int last, boolean isMetric) {}

    /// Copies the list.
    public WarmupSchedule {
        windows = List.copyOf(windows);
    }

    /// The schedule for a number of warm-up iterations.
    ///
    /// @param numWarmup `W` ≥ 0
    /// @throws IllegalArgumentException if it is negative
    public static WarmupSchedule of(int numWarmup) {
        if (numWarmup < 0) {
            throw new IllegalArgumentException("numWarmup must be ≥ 0.\n  Got:      " + numWarmup);
        }
        List<Window> windows = new ArrayList<>();
        if (numWarmup == 0) {
            return new WarmupSchedule(windows);
        }
        if (numWarmup < STEP_SIZE_ONLY_BELOW) {
            windows.add(new Window(0, numWarmup - 1, false));
            return new WarmupSchedule(windows);
        }
        boolean isShort = numWarmup < START + BASE + END;
        // Integer division: 0.15 W in floating point falls just below the integer for some W.
        int start = isShort ? numWarmup * 15 / 100 : START;
        int end = isShort ? numWarmup / 10 : END;
        int size = isShort ? numWarmup - start - end : BASE;
        windows.add(new Window(0, start - 1, false));
        int next = start;
        while (next < numWarmup - end) {
            int left = numWarmup - end - next;
            // A window is only made if one of twice its size still fits behind it.
            int length = 3L * size <= left ? size : left;
            windows.add(new Window(next, next + length - 1, true));
            next += length;
            size *= 2;
        }
        windows.add(new Window(next, numWarmup - 1, false));
        return new WarmupSchedule(windows);
    }

    /// {@return whether the draw of an iteration enters the estimate of a metric}
    boolean collects(long iteration) {
        for (Window w : windows) {
            if (iteration >= w.first && iteration <= w.last) {
                return w.isMetric;
            }
        }
        return false;
    }

    /// {@return whether a metric is estimated after this iteration}
    boolean updatesMetricAfter(long iteration) {
        for (Window w : windows) {
            if (w.isMetric && w.last == iteration) {
                return true;
            }
        }
        return false;
    }
}
