package kiln.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/// Times several tasks in turn: round after round one short batch of each, so that what disturbs the machine disturbs all of them. Every second
/// round goes backwards, so that what a task leaves in the caches is not always the same one's gain.
///
/// A batch of half a millisecond is shorter than a scheduler's time slice, so that another process spoils few batches and not a bit
/// of each; the medians then do not see it.
final class Interleaved {
    private static final long BATCH_NANOS = 500_000;
    private static final int MIN_ROUNDS = 31;
    private static final int MAX_ROUNDS = 2_001;

    private Interleaved() {}

    /// {@return nanoseconds per operation, `[task][round]`}
    ///
    /// @param warmupSeconds for each task
    /// @param seconds       for all of them together
    static double[][] sample(List<Task> tasks, double warmupSeconds, double seconds) {
        int count = tasks.size();
        int[] batches = new int[count];
        // Twice round: what is compiled for a later task may throw out what was compiled for an earlier one.
        for (int pass = 0; pass < 2; pass++) {
            for (int k = 0; k < count; k++) {
                batches[k] = warmUp(tasks.get(k), warmupSeconds / 2);
            }
        }
        List<double[]> rounds = new ArrayList<>();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (rounds.size() < MAX_ROUNDS && (rounds.size() < MIN_ROUNDS || System.nanoTime() < end)) {
            double[] round = new double[count];
            for (int i = 0; i < count; i++) {
                int k = rounds.size() % 2 == 0 ? i : count - 1 - i;
                round[k] = time(tasks.get(k), batches[k]);
            }
            rounds.add(round);
        }
        double[][] samples = new double[count][rounds.size()];
        for (int r = 0; r < rounds.size(); r++) {
            for (int k = 0; k < count; k++) {
                samples[k][r] = rounds.get(r)[k];
            }
        }
        return samples;
    }

    /// Runs a task for a while, in batches that grow to their length.
    private static int warmUp(Task task, double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        int n = 1;
        while (System.nanoTime() < end) {
            long begin = System.nanoTime();
            task.run(n);
            long elapsed = System.nanoTime() - begin;
            if (elapsed < BATCH_NANOS / 2) {
                n *= 2;
            } else if (elapsed > 2 * BATCH_NANOS && n > 1) {
                n /= 2;
            }
        }
        return n;
    }

    private static double time(Task task, int n) {
        long begin = System.nanoTime();
        long operations = task.run(n);
        return (double) (System.nanoTime() - begin) / operations;
    }

    /// {@return the quantile of numbers, by linear interpolation}
    ///
    /// @param p in [0, 1]
    static double quantile(double[] numbers, double p) {
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        double place = p * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /// {@return the geometric mean of positive numbers; NaN of none}
    static double geometricMean(DoubleStream numbers) {
        return Math.exp(numbers.map(Math::log).average().orElse(Double.NaN));
    }

    /// {@return the median of numbers with half the distance of their quartiles, or a dash where there are none}
    ///
    /// @param unit the numbers are multiplied by it
    static String spread(double @Nullable [] numbers, double unit) {
        if (numbers == null) {
            return "–";
        }
        double half = 0.5 * (quantile(numbers, 0.75) - quantile(numbers, 0.25));
        return significant(quantile(numbers, 0.5) * unit) + " ± " + significant(half * unit);
    }

    /// {@return a number with three digits, or its whole part where that is longer}
    static String significant(double number) {
        int decimals = number <= 0 ? 1 : Math.clamp(2 - (int) Math.floor(Math.log10(number)), 0, 4);
        return String.format(Locale.ROOT, "%." + decimals + "f", number);
    }
}
