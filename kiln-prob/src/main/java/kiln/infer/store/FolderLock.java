package kiln.infer.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import kiln.array.Diagnosis;

/// Keeps a run folder for one run: two that write the same files would cut each other's in half.
///
/// The lock is one of the operating system on a file `.lock`, so it ends with the process however that ends. The file stays, and its bytes mean nothing. On file
/// systems without locks nothing is kept.
final class FolderLock implements AutoCloseable {
    private final Path path;
    private final RandomAccessFile file;

    private FolderLock(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    /// Takes the lock of a folder, which is made if it does not exist.
    ///
    /// @throws RunFolderException if a run has it, of this process or another one
    static FolderLock take(Path folder) {
        Path path = folder.resolve(".lock");
        RandomAccessFile file;
        try {
            Files.createDirectories(folder.toAbsolutePath());
            file = new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException e) {
            throw DurableFile.unwritable(path, e);
        }
        var lock = new FolderLock(path, file);
        if (lock.isTaken()) {
            lock.close();
            throw new RunFolderException(new Diagnosis("run folder", "a run that goes on now is writing to it")
                    .expected("a folder that no other run has open")
                    .got(folder.toString())
                    .fix("wait until that run has ended, or name another folder."));
        }
        return lock;
    }

    private boolean isTaken() {
        try {
            return Optional.<FileLock>ofNullable(file.getChannel().tryLock()).isEmpty();
        } catch (OverlappingFileLockException e) {
            return true;
        } catch (IOException e) {
            return false; // a file system without locks
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw DurableFile.unwritable(path, e);
        }
    }
}
