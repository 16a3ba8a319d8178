package kiln.infer.store;

import java.nio.file.Path;
import kiln.array.Diagnosis;

/// A run folder cannot be read, written or resumed; the message names the file and the remedy.
public final class RunFolderException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /// @param diagnosis what is wrong
    public RunFolderException(Diagnosis diagnosis) {
        super(diagnosis.message());
    }

    /// A file is damaged.
    static RunFolderException damaged(Path file, String what, String fix) {
        return new RunFolderException(new Diagnosis("run folder", "a file is damaged").got(file + ": " + what).fix(fix));
    }
}
