package kiln.infer.mcmc;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A line in the log (`System.Logger` "kiln.infer.mcmc", level INFO) now and then, every half a minute unless told otherwise; runs that take less say nothing.
///
/// ```
/// 4 chains, 1240 of 8000 iterations, 0 divergences, step size 0.412  R-hat up to 1.012 (tau)  ESS from 143 (mu)  300 draws
/// ```
public final class LogProgress implements ProgressListener {
    private static final Duration PERIOD = Duration.ofSeconds(30);

    private final Consumer<String> log;
    private final TreeMap<Integer, ChainProgress> latest = new TreeMap<>();
    private final long period;
    private Optional<Convergence> convergence = Optional.empty();
    private long last = System.nanoTime();

    /// A line every half a minute.
    public LogProgress() {
        this(PERIOD);
    }

    /// A line every so often: NumPyro's `progress_rate`, by time instead of by iterations.
    ///
    /// @param period > 0; chains report about ten times a second, so that nothing is gained below
    /// @throws IllegalArgumentException if it is not > 0
    public LogProgress(Duration period) {
        this(period.toNanos(), line -> System.getLogger("kiln.infer.mcmc").log(Level.INFO, line));
        HMCSettings.require(period.isPositive(), "LogProgress: the period must be > 0", period);
    }

    LogProgress(long periodNanos, Consumer<String> log) {
        period = periodNanos;
        this.log = log;
    }

    @Override
    public synchronized void update(ChainProgress progress) {
        latest.put(progress.chain(), progress);
        if (System.nanoTime() - last >= period) {
            last = System.nanoTime();
            log.accept(line());
        }
    }

    @Override
    public synchronized void convergence(Convergence c) {
        convergence = Optional.of(c);
    }

    @Override
    public synchronized void finished() {
        latest.clear();
        convergence = Optional.empty();
        last = System.nanoTime();
    }

    private String line() {
        long done = latest.values().stream().mapToLong(ChainProgress::iteration).sum();
        long total = latest.values().stream().mapToLong(ChainProgress::total).sum();
        int divergences = latest.values().stream().mapToInt(ChainProgress::divergences).sum();
        double step = latest.values().stream().mapToDouble(ChainProgress::stepSize).average().orElse(Double.NaN);
        return String.format(java.util.Locale.ROOT, "%d chains, %d of %d iterations, %d divergences, step size %.3g", latest.size(), done,
                total, divergences, step) + convergence.map(c -> "  " + c).orElse("");
    }
}
