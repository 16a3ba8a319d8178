package kiln.infer.mcmc;

import java.nio.file.Path;
import java.util.Optional;

/// Where the draws of a run are kept.
///
/// @param folder    run folder to which draws and states are appended; empty for none
/// @param blockSize draws that are handed on at a time, and between two states in the folder, ≥ 1; default 100
/// @param inMemory  whether the draws stay in memory; if not, they are read from the folder when they are asked for, and a run needs one
public record DrawStorage(Optional<Path> folder, int blockSize, boolean inMemory) {
    /// @throws IllegalArgumentException if a value is outside its domain
    public DrawStorage {
        HMCSettings.require(blockSize >= 1, "blockSize must be ≥ 1", blockSize);
    }

    /// Refuses a run whose draws would be kept nowhere.
    ///
    /// @throws IllegalArgumentException if they do not stay in memory and there is no folder
    void requirePlace() {
        HMCSettings.require(
                inMemory || folder.isPresent(), "draws that do not stay in memory need a run folder: name one with folder(path)", "keepInMemory(false) alone");
    }
}
