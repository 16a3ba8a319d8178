package kiln.infer.mcmc;

import java.nio.file.Path;
import java.util.Optional;

/// Where the draws of a run are kept.
///
/// @param folder    run folder to which draws and states are appended; empty for none
/// @param blockSize draws that are handed on at a time, and between two states in the folder, ≥ 1; default 100
/// @param inMemory  whether the draws stay in memory; if not, they are read from the folder when they are asked for
public record DrawStorage(Optional<Path> folder, int blockSize, boolean inMemory) {
    /// @throws IllegalArgumentException if a value is outside its domain
    public DrawStorage {
        HMCSettings.require(blockSize >= 1, "blockSize must be ≥ 1", blockSize);
        HMCSettings.require(inMemory || folder.isPresent(), "draws that do not stay in memory need a folder", "no folder");
    }
}
