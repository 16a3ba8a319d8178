package kiln.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./kiln` on a pretended machine: which JDK it takes, when it builds, what it says when something is missing.
class LauncherTest {
    private PretendedMachine machine;

    LauncherTest(@TempDir Path folder) throws IOException {
        machine = new PretendedMachine(folder);
    }

    @BeforeEach
    void installMaven() throws IOException {
        machine.maven();
    }

    // ---- commands

    @Test
    void helpListsTheCommands() {
        var result = machine.kiln("help");
        assertThat(result.exit()).isZero();
        assertThat(result.out()).contains("./kiln run FILE.java", "./kiln test", "./kiln bench", "./kiln help");
    }

    @Test
    void anUnknownCommandPrintsTheHelpAndEndsWith2() {
        var result = machine.kiln("bake");
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).startsWith("kiln: there is no command 'bake'.\n").contains("./kiln run FILE.java");
        assertThat(result.out()).isEmpty();
    }

    // ---- the JDK

    @Test
    void javaHomeComesFirst() throws IOException {
        machine.jdk("25-other", "25.0.1");
        machine.set("JAVA_HOME", machine.jdk("26-mine", "26").toString());
        assertRunsOn("26-mine");
    }

    @Test
    void aWrongJavaHomeIsPassedOver() throws IOException {
        machine.set("JAVA_HOME", "/no/such/folder");
        machine.jdk("25", "25.0.3");
        assertRunsOn("25");
    }

    @Test
    void aJavaHomeOf17IsPassedOverForTheOneOnThePath() throws IOException {
        machine.set("JAVA_HOME", machine.jdk("17", "17.0.15").toString());
        machine.jdk("25-installed", "25.0.3");
        machine.javaOnPath(machine.jdk("27-on-path", "27-ea"));
        assertRunsOn("27-on-path");
    }

    @Test
    void withoutJavaHomeAndWith17OnThePathTheInstallFoldersAreSearchedForTheNearestTo25() throws IOException {
        machine.javaOnPath(machine.jdk("17", "17.0.15"));
        machine.jdk("24", "24.0.2");
        machine.jdk("26", "26.0.1");
        machine.jdk("25", "25.0.3");
        machine.jdk("8", "1.8.0_452");
        assertRunsOn("25");
    }

    @Test
    void aRuntimeWithoutCompilerDoesNotDo() throws IOException {
        Files.delete(machine.jdk("25-jre", "25.0.3").resolve("bin/javac"));
        assertNoJdk();
    }

    @Test
    void withoutASuitableJdkOneSentenceSaysWhatToInstall() throws IOException {
        machine.javaOnPath(machine.jdk("17", "17.0.15"));
        assertNoJdk();
    }

    @Test
    void aKilnJavaHomeThatDoesNotSuitIsAnError() throws IOException {
        machine.jdk("25", "25.0.3");
        var home = machine.jdk("17", "17.0.15");
        machine.set("KILN_JAVA_HOME", home.toString());
        var result = machine.kiln("run", "Program.java");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("kiln: KILN_JAVA_HOME is " + home
                + ", which is not the home of a JDK 25 or newer: correct it, or unset it to let Kiln search.\n");
    }

    private void assertRunsOn(String jdk) {
        var result = machine.kiln("run", "Program.java");
        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.out()).startsWith("java of " + jdk + "\n");
    }

    private void assertNoJdk() {
        var result = machine.kiln("run", "Program.java");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("kiln: Kiln needs a JDK 25 or newer and found none: install one, for example from "
                + "https://adoptium.net or with 'sdk install java 25-tem' (https://sdkman.io), or set JAVA_HOME to yours.\n");
        assertThat(result.out()).isEmpty();
    }

    // ---- the program

    @Test
    void anUnknownFileIsNamed() throws IOException {
        machine.jdk("25", "25");
        var result = machine.kiln("run", "examples/Nothing.java");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("kiln: there is no file examples/Nothing.java: give the path of a Java program, "
                + "for example examples/LinearRegression.java.\n");
        assertThat(machine.kiln("run").err()).isEqualTo("kiln: run needs the name of a program: ./kiln run FILE.java [args].\n");
        assertThat(machine.kiln("run", "pom.xml").err()).startsWith("kiln: pom.xml does not end in .java:");
        assertThat(machine.calls("mvn")).isEmpty();
    }

    @Test
    void argumentsAndExitStatusPassThrough() throws IOException {
        machine.jdk("25", "25");
        machine.set("EXIT_STATUS", "7");
        var result = machine.kiln("run", "Program.java", "two words", "", "--help");
        assertThat(result.exit()).isEqualTo(7);
        assertThat(result.out()).endsWith("[Program]\n[two words]\n[]\n[--help]\n");
    }

    @Test
    void aProgramIsFoundFromAnyFolderAndThroughALink() throws IOException {
        machine.jdk("25", "25");
        var elsewhere = Files.createDirectories(machine.checkout.resolve("../elsewhere")).toRealPath();
        Files.writeString(elsewhere.resolve("Mine.java"), "void main() {}");
        Files.createSymbolicLink(elsewhere.resolve("link"), Path.of("../my checkout/kiln"));
        var result = machine.kilnIn(elsewhere, "./link", "run", "Mine.java");
        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.out()).endsWith("[Mine]\n").contains("[-Djdk.launcher.sourcefile=" + elsewhere + "/Mine.java]");
    }

    @Test
    void aProgramIsCompiledOncePerContent() throws IOException {
        machine.jdk("25", "25");
        machine.kiln("run", "Program.java");
        int compiled = machine.calls("javac").size();
        machine.touch("Program.java");
        machine.kiln("run", "Program.java");
        assertThat(machine.calls("javac")).hasSize(compiled);
        machine.write("Program.java", "void main() { change(); }");
        machine.kiln("run", "Program.java");
        assertThat(machine.calls("javac")).hasSize(compiled + 1);
    }

    @Test
    void aProgramThatDoesNotCompileEndsWith1AndIsNotRemembered() throws IOException {
        machine.jdk("25", "25");
        machine.write("Program.java", "a mistake");
        for (int i = 0; i < 2; i++) {
            var result = machine.kiln("run", "Program.java");
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err()).endsWith("mistake in Program.java\n");
            assertThat(result.out()).isEmpty();
        }
    }

    // ---- the build

    @Test
    void theFirstRunBuildsOnTheJdkThatWasFoundAndTheSecondDoesNot() throws IOException {
        var home = machine.jdk("25", "25");
        assertThat(machine.kiln("run", "Program.java").err()).isEqualTo("Building Kiln (first run)…\n");
        assertThat(machine.kiln("run", "Program.java").err()).isEmpty();
        assertThat(machine.calls("mvn")).singleElement().asString().startsWith("mvn with " + home + ": ").contains(" -P launcher ");
    }

    @Test
    void onlyChangedSourcesOfKilnTriggerABuild() throws IOException {
        machine.jdk("25", "25");
        machine.kiln("run", "Program.java");
        for (var file : new String[] {"kiln-array/src/test/java/ATest.java", "kiln-bench/src/main/java/A.java", "kiln-bench/pom.xml"}) {
            machine.touch(file);
            assertThat(machine.kiln("run", "Program.java").err()).as(file).isEmpty();
        }
        for (var file : new String[] {"kiln-array/src/main/java/A.java", "kiln-array/pom.xml", "pom.xml"}) {
            machine.touch(file);
            assertBuildsAgain(file + " touched");
        }
        machine.write("kiln-array/src/main/resources/table.txt", "old, but new here");
        assertBuildsAgain("a resource came");
        machine.write("kiln-array/src/main/java/B.java", "");
        assertBuildsAgain("a source came");
        Files.delete(machine.checkout.resolve("kiln-array/src/main/java/B.java"));
        assertBuildsAgain("a source went");
    }

    private void assertBuildsAgain(String why) {
        assertThat(machine.kiln("run", "Program.java").err()).as(why).isEqualTo("Building Kiln (its sources changed)…\n");
        assertThat(machine.kiln("run", "Program.java").err()).as("after: " + why).isEmpty();
    }

    @Test
    void aFailedBuildPrintsItsLogAndIsTriedAgain() throws IOException {
        machine.jdk("25", "25");
        machine.write("kiln-array/src/main/java/A.java", "mistake");
        var result = machine.kiln("run", "Program.java");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("[ERROR] mistake in A.java\n", "kiln: the build of Kiln failed; its output stands above");
        assertThat(result.out()).isEmpty();
        machine.write("kiln-array/src/main/java/A.java", "");
        assertThat(machine.kiln("run", "Program.java").exit()).isZero();
    }

    @Test
    void mavenIsNeededOnlyToBuild() throws IOException {
        machine.jdk("25", "25");
        machine.removeMaven();
        var result = machine.kiln("run", "Program.java");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("kiln: Maven is needed to build Kiln and is not installed: install it, for example with "
                + "'apt install maven', 'brew install maven' or 'sdk install maven'.\n");
        machine.maven();
        machine.kiln("run", "Program.java");
        machine.removeMaven();
        assertThat(machine.kiln("run", "Program.java").exit()).isZero();
    }

    @Test
    void concurrentFirstRunsBuildOnce() throws IOException {
        machine.jdk("25", "25");
        var runs = IntStream.range(0, 3)
                .mapToObj(_ -> CompletableFuture.supplyAsync(() -> machine.kiln("run", "Program.java")))
                .toList();
        assertThat(runs).extracting(run -> run.join().exit()).containsOnly(0);
        assertThat(machine.calls("mvn")).hasSize(1);
    }

    @Test
    void theLockOfADeadBuilderIsTakenOver() throws IOException, InterruptedException {
        machine.jdk("25", "25");
        var dead = new ProcessBuilder("true").start();
        dead.waitFor();
        machine.write(".kiln/lock/pid", dead.pid() + "\n");
        assertThat(machine.kiln("run", "Program.java").exit()).isZero();
    }

    @Test
    void anUpToDateRunCostsTheLauncherLessThan200Milliseconds() throws IOException {
        machine.jdk("25", "25");
        machine.kiln("run", "Program.java");
        // The pretended java takes no time, so this is the launcher alone; the best of several, because tests share the machine.
        assertThat(IntStream.range(0, 10).mapToDouble(_ -> machine.kiln("run", "Program.java").seconds()).min().orElseThrow())
                .isLessThan(0.2);
    }

    // ---- the tests

    @Test
    void testRunsTheFastAndTheSlowTestsInOneBuildAndFailsWithThem() throws IOException {
        machine.jdk("25", "25");
        var result = machine.kiln("test");
        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.out()).contains("== tests passed in ");
        assertThat(machine.calls("mvn")).filteredOn(call -> call.endsWith(" -P all-tests verify")).hasSize(1);
        // The launcher's own build was made meanwhile.
        assertThat(machine.calls("mvn")).hasSize(2).anyMatch(call -> call.contains(" -P launcher "));
        assertThat(machine.kiln("run", "Program.java").err()).isEmpty();
        machine.write("kiln-array/src/main/java/A.java", "mistake");
        result = machine.kiln("test");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out()).contains("[ERROR] mistake in A.java\n", "== tests FAILED");
    }
}
