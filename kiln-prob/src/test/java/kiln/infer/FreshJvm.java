package kiln.infer;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kiln.array.NDArray;

/// Programs of the tests in a JVM of their own, with everything on the class path that this one runs on.
public final class FreshJvm {
    private FreshJvm() {}

    /// {@return what starts a program}
    ///
    /// @param options   of the JVM
    /// @param program   a class with a `main`
    /// @param arguments of the program
    public static ProcessBuilder of(List<String> options, Class<?> program, String... arguments) throws IOException {
        // Surefire's class path and module path, and what it patched into the module under test.
        String classes = Stream.of(classes(program), classes(LogDensity.class), classes(NDArray.class),
                        System.getProperty("java.class.path", ""), System.getProperty("jdk.module.path", ""))
                .filter(s -> !s.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", classes, program.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private static String classes(Class<?> of) throws IOException {
        try {
            return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
