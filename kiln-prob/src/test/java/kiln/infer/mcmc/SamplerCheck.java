package kiln.infer.mcmc;

import java.util.Optional;

/// What is checked of every kernel. A check that a kernel is spared has a reason here; `SamplerChecksTest` fails on a kernel that lacks one without.
public enum SamplerCheck {
    /// One transition of exact draws.
    STATIONARITY("stationarity", 6, "20,000 exact draws of so many targets, moved once, still follow their distributions: Kolmogorov–Smirnov, and χ² of discrete values; each"
            + " statistic fails a right kernel with probability 1e-6"),
    /// A whole run against exact moments.
    POSTERIOR("posterior", 1, "whole runs, warm-up included, on a posterior with exact moments, within the Monte Carlo errors that the test states"),
    /// Simulation-based calibration.
    SBC("calibration", 5, "simulation-based calibration on so many models; a right kernel fails a row with probability 1e-6"),
    /// Stored bits of runs.
    GOLDEN("golden runs", 2, "the bits of whole runs, one for each of so many settings and keys, are those that are stored"),
    /// Stopping and going on, within the process.
    RESUMED("resumed", 1, "a run in a folder that is stopped in its warm-up and among its draws goes on to the same bits"),
    /// `kill -9` at random moments.
    KILLED("killed", 1, "processes are killed at random moments, and the folder goes on to the same bits: 38 kills on every build, 114 more in the slow tests");

    private final String title;
    private final int least;
    private final String meaning;

    SamplerCheck(String title, int least, String meaning) {
        this.title = title;
        this.least = least;
        this.meaning = meaning;
    }

    String title() {
        return title;
    }

    /// The fewest cases that will do.
    int least() {
        return least;
    }

    String meaning() {
        return meaning;
    }

    /// Why a kernel is spared it; empty if it is checked.
    Optional<String> exemption(String kernel) {
        return this == STATIONARITY && kernel.equals("TemperedSMC") ? Optional.of("its transitions are those of NUTS, at one power of the likelihood after the other") : Optional.empty();
    }
}
