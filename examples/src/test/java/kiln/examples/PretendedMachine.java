package kiln.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A checkout with two small modules on a machine whose JDKs and Maven are shell scripts, so that the launcher's decisions can be seen:
/// the pretended `java` prints its home and its arguments, the pretended `mvn` counts its calls.
final class PretendedMachine {
    private static final List<String> TOOLS = List.of(
            "awk", "bash", "cat", "cksum", "cp", "date", "dirname", "env", "find",
            "mkdir", "mv", "readlink", "rm", "sleep", "sort", "tee", "touch");

    private static final Path TOOL_FOLDER = tools();

    final Path checkout;
    private final Path top;
    private final Path bin;
    private final Map<String, String> environment = new HashMap<>();

    PretendedMachine(Path top) throws IOException {
        this.top = top.toRealPath();
        bin = Files.createDirectories(this.top.resolve("bin"));
        environment.put("PATH", bin + ":" + TOOL_FOLDER);
        environment.put("HOME", this.top.toString());
        environment.put("KILN_JDK_FOLDERS", this.top + "/jdks/*");
        for (var name : List.of("JAVA_HOME", "KILN_JAVA_HOME", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS")) {
            environment.put(name, "");
        }

        // A blank in the name, because users have such folders.
        checkout = Files.createDirectories(this.top.resolve("my checkout"));
        var original = Path.of(System.getProperty("kiln.checkout", ".."));
        Files.copy(original.resolve("kiln"), checkout.resolve("kiln"));
        write("launcher/kiln/launcher/Training.java", "");
        write("pom.xml", "");
        for (var module : List.of("kiln-array", "kiln-bench")) {
            write(module + "/pom.xml", "");
            write(module + "/src/main/java/A.java", "");
            write(module + "/src/test/java/ATest.java", "");
        }
        write("Program.java", "void main() {}");
    }

    /// A folder with links to the standard tools and to nothing else, above all to no Java and no Maven of the real machine.
    private static Path tools() {
        try {
            var folder = Files.createDirectories(Path.of("target", "tools")).toRealPath();
            for (var tool : TOOLS) {
                Files.deleteIfExists(folder.resolve(tool));
                Files.createSymbolicLink(folder.resolve(tool), onPath(tool));
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path onPath(String tool) {
        for (var folder : System.getenv("PATH").split(":", -1)) {
            var file = Path.of(folder, tool);
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        throw new IllegalStateException("the launcher's test needs " + tool + " on the PATH");
    }

    void set(String variable, String value) {
        environment.put(variable, value);
    }

    /// Writes a file of the checkout, a little in the past unless it is changed later with `touch`.
    void write(String file, String text) throws IOException {
        var path = checkout.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(60)));
    }

    void touch(String file) throws IOException {
        Files.setLastModifiedTime(checkout.resolve(file), FileTime.from(Instant.now()));
    }

    /// Installs a JDK of some version in `jdks/`, and returns its home.
    Path jdk(String name, String version) throws IOException {
        var home = top.resolve("jdks").resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), """
                IMPLEMENTOR="Pretended"
                JAVA_RUNTIME_VERSION="%1$s+1"
                JAVA_VERSION="%1$s"
                """.formatted(version));
        script(home.resolve("bin/java"), """
                echo "java of %s"
                for argument in "$@"; do echo "[$argument]"; done
                exit "${EXIT_STATUS:-0}"
                """.formatted(name));
        script(home.resolve("bin/javac"), """
                echo javac >> "%s/javac.calls"
                while [ $# -gt 1 ]; do
                    if [ "$1" = -d ]; then folder=$2; fi
                    shift
                done
                source=$(cat "$1")
                case $source in
                    *mistake*) echo "mistake in $1" >&2; exit 1 ;;
                esac
                name=${1##*/}
                echo "$source" > "$folder/${name%%.java}.class"
                """.formatted(top));
        script(home.resolve("bin/jar"), "echo jar > \"$3\"\n");
        return home;
    }

    /// Installs Maven. Its build takes a moment, fails if the array module's source says so, and leaves a jar.
    void maven() throws IOException {
        script(bin.resolve("mvn"), """
                echo "mvn with $JAVA_HOME: $*" >> "%s/mvn.calls"
                case $(cat kiln-array/src/main/java/A.java) in
                    *mistake*) echo "[ERROR] mistake in A.java"; exit 1 ;;
                esac
                sleep 0.3
                mkdir -p .kiln/build/kiln-array
                echo jar > .kiln/build/kiln-array/kiln-array-1.jar
                """.formatted(top));
    }

    void removeMaven() throws IOException {
        Files.delete(bin.resolve("mvn"));
    }

    /// Puts `java` on the PATH as distributions do it: a link to a link.
    void javaOnPath(Path home) throws IOException {
        Files.createSymbolicLink(top.resolve("alternative"), home.resolve("bin/java"));
        Files.createSymbolicLink(bin.resolve("java"), top.resolve("alternative"));
    }

    List<String> calls(String tool) throws IOException {
        var file = top.resolve(tool + ".calls");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    Shell.Result kiln(String... arguments) {
        return kilnIn(checkout, "./kiln", arguments);
    }

    Shell.Result kilnIn(Path folder, String launcher, String... arguments) {
        var command = new ArrayList<>(List.of(launcher));
        command.addAll(List.of(arguments));
        return Shell.run(folder, environment, 60, command);
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/usr/bin/env bash\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
