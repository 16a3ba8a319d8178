package kiln.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Starts a process and collects what it printed.
final class Shell {
    /// @param exit status of the process
    /// @param out all of its standard output
    /// @param err all of its standard error
    /// @param seconds wall time
    record Result(int exit, String out, String err, double seconds) {}

    private Shell() {}

    /// Runs a command to its end.
    ///
    /// @param folder the working folder
    /// @param environment variables that are set on top of `base`; an empty value removes the variable
    /// @param timeoutSeconds after which the process is killed and the call fails
    /// @throws IllegalStateException if the process does not end in time
    static Result run(Path folder, Map<String, String> environment, long timeoutSeconds, List<String> command) {
        try {
            Path out = Files.createTempFile("kiln", ".out");
            Path err = Files.createTempFile("kiln", ".err");
            try {
                var builder = new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                environment.forEach((name, value) -> {
                    if (value.isEmpty()) {
                        builder.environment().remove(name);
                    } else {
                        builder.environment().put(name, value);
                    }
                });
                long begin = System.nanoTime();
                Process process = builder.start();
                if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly().waitFor();
                    throw new IllegalStateException(command + " did not end within " + timeoutSeconds + " s.\n"
                            + Files.readString(out) + Files.readString(err));
                }
                double seconds = (System.nanoTime() - begin) * 1e-9;
                return new Result(process.exitValue(), Files.readString(out), Files.readString(err), seconds);
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
