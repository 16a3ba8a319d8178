package kiln.infer.store;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import kiln.array.Diagnosis;

/// Files that are there entirely or not at all, whenever the process or the machine stops.
///
/// The bytes go to a file beside the real one, are forced to the disk, and take the real name in one step. What a killed process left
/// beside is overwritten by the next write.
final class DurableFile {
    private DurableFile() {}

    /// Writes a file, replacing one of that name, and waits until it is on the disk.
    static void write(Path file, byte[] bytes) {
        write(file, bytes, true);
    }

    /// Writes a file that can be made anew if the machine fails: nobody waits for the disk.
    static void writeLightly(Path file, byte[] bytes) {
        write(file, bytes, false);
    }

    private static void write(Path file, byte[] bytes, boolean force) {
        Path beside = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            // A stream, not a channel: an interrupted thread writes the last draws of its run.
            try (var out = new FileOutputStream(beside.toFile())) {
                out.write(bytes);
                if (force) {
                    out.getFD().sync();
                }
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /// {@return the error that a file cannot be written, with what can be done}
    static UncheckedIOException unwritable(Path file, IOException why) {
        return new UncheckedIOException(new Diagnosis("run folder", "a file cannot be written")
                .got(file + ": " + why)
                .fix("make room or give permission, then go on by resume(folder): what was written before is there.")
                .message(), why);
    }

    /// {@return the bytes of a file, or nothing if there is no such file}
    static Optional<byte[]> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (var in = new FileInputStream(file.toFile())) {
            return Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(new Diagnosis("run folder", "a file cannot be read")
                    .got(file + ": " + e)
                    .fix("give permission, or copy the folder to a disk that can be read.")
                    .message(), e);
        }
    }
}
