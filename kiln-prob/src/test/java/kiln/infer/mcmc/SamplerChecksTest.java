package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// `docs/sampler-checks.md` is made from the tests of the kernels: which check each kernel passes, on how many cases, and why it is spared another.
class SamplerChecksTest {
    private static final Path PAGE = Path.of("../docs/sampler-checks.md");
    private static final Path CLASSES = Path.of("target/classes/kiln/infer/mcmc");

    /// Where the marked tests are.
    private static final List<String> TESTS = Stream.of("mcmc.InvarianceTest", "mcmc.GibbsInvarianceTest", "mcmc.PosteriorMomentsTest", "mcmc.EllipticalSliceTest",
            "mcmc.HMCGibbsTest", "mcmc.DiscreteHMCGibbsTest", "mcmc.MixedHMCTest", "mcmc.HMCECSTest", "mcmc.TemperedSMCTest", "SBCTest", "KernelSBCTest",
            "mcmc.GoldenRunTest", "mcmc.RunFolderTest", "mcmc.KillTest").map("kiln.infer."::concat).toList();

    /// One row of a test.
    ///
    /// @param label tells the rows of a kernel apart
    private record Case(SamplerCheck check, String test, String kernel, String label) {}

    private final List<Case> cases = new ArrayList<>();

    SamplerChecksTest() throws ReflectiveOperationException {
        for (String test : TESTS) {
            for (Method m : Class.forName(test).getDeclaredMethods()) {
                Checks mark = m.getAnnotation(Checks.class);
                if (mark != null) {
                    collect(m, mark);
                }
            }
        }
    }

    private void collect(Method test, Checks mark) throws ReflectiveOperationException {
        String name = test.getDeclaringClass().getSimpleName() + "." + test.getName();
        boolean named = mark.kernels().length > 0;
        for (List<?> row : rows(test)) {
            List<String> kernels = named ? List.of(mark.kernels()) : List.of(name(row.getFirst()));
            for (String kernel : kernels) {
                // The bits of a golden run stand one after the other, a key each; of other rows the first argument says which case it is.
                if (mark.value() == SamplerCheck.GOLDEN && !named) {
                    row.stream().skip(1).forEach(bits -> cases.add(new Case(mark.value(), name, kernel, row.getFirst() + " " + bits)));
                } else {
                    cases.add(new Case(mark.value(), name, kernel, test.getName() + " " + row.stream().skip(named ? 0 : 1).findFirst().map(Object::toString).orElse("")));
                }
            }
        }
    }

    private static String name(Object kernel) {
        return kernel instanceof String s ? s.split(" ", 2)[0] : kernel.getClass().getSimpleName();
    }

    private static List<? extends List<?>> rows(Method test) throws ReflectiveOperationException {
        MethodSource source = test.getAnnotation(MethodSource.class);
        if (source != null) {
            Method rows = test.getDeclaringClass().getDeclaredMethod(source.value()[0]);
            rows.setAccessible(true);
            Object made = rows.invoke(null);
            return (made instanceof Stream<?> s ? s.toList() : (List<?>) Objects.requireNonNull(made)).stream()
                    .map(row -> row instanceof Arguments a ? Arrays.asList(a.get()) : List.of(row)).toList();
        }
        CsvSource table = test.getAnnotation(CsvSource.class);
        return table == null ? List.of(List.of()) : Arrays.stream(table.value()).map(line -> List.of(line.split(" *, *", -1))).toList();
    }

    /// Every class that [MCMC] can run, and what makes particles of a model.
    private static List<String> kernels() throws IOException, ClassNotFoundException {
        List<String> out = new ArrayList<>(List.of("TemperedSMC"));
        try (Stream<Path> files = Files.list(CLASSES)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                Class<?> type = Class.forName("kiln.infer.mcmc." + file.getFileName().toString().replace(".class", ""));
                if (Kernel.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
                    out.add(type.getSimpleName());
                }
            }
        }
        return out.stream().sorted().toList();
    }

    private int count(SamplerCheck check, String kernel) {
        return (int) cases.stream().filter(c -> c.check == check && c.kernel.equals(kernel)).map(Case::label).distinct().count();
    }

    @Test
    void everyKernelHasEveryCheckOrAReason() throws IOException, ClassNotFoundException {
        List<String> kernels = kernels();
        assertThat(kernels).hasSizeGreaterThanOrEqualTo(14);
        for (SamplerCheck check : SamplerCheck.values()) {
            assertThat(kernels).as("names in the tests").containsAll(cases.stream().filter(c -> c.check == check).map(Case::kernel).toList());
            for (String kernel : kernels) {
                var cell = assertThat(count(check, kernel)).as("%s: cases of %s%s", kernel, check.title(), check.exemption(kernel).map(r -> ", which it is spared: " + r).orElse(""));
                if (check.exemption(kernel).isPresent()) {
                    cell.isZero();
                } else {
                    cell.isGreaterThanOrEqualTo(check.least());
                }
            }
        }
    }

    /// Written anew as `docs/distributions.md` is: `-Dkiln.write=true`.
    @Test
    void thePageIsUpToDate() throws IOException, ClassNotFoundException {
        String text = page();
        if (Boolean.getBoolean("kiln.write")) {
            Files.writeString(PAGE, text);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(text);
    }

    private String page() throws IOException, ClassNotFoundException {
        List<String> reasons = new ArrayList<>();
        var table = new StringBuilder("| kernel |");
        var line = new StringBuilder("|---|");
        var checks = new StringBuilder();
        for (SamplerCheck check : SamplerCheck.values()) {
            table.append(' ').append(check.title()).append(" |");
            line.append("---|");
            checks.append("- **%s** %s (%s)\n".formatted(check.title(), check.meaning(), cases.stream().filter(c -> c.check == check).map(c -> "`" + c.test + "`").distinct().sorted().collect(Collectors.joining(", "))));
        }
        table.append('\n').append(line).append('\n');
        for (String kernel : kernels()) {
            table.append("| ").append(kernel).append(" |");
            for (SamplerCheck check : SamplerCheck.values()) {
                String count = check.least() == 1 ? "✓" : "" + count(check, kernel);
                table.append(' ').append(check.exemption(kernel).map(reason -> "(" + note(reasons, reason) + ")").orElse(count)).append(" |");
            }
            table.append('\n');
        }
        var notes = new StringBuilder();
        for (int i = 0; i < reasons.size(); i++) {
            notes.append("%d. %s\n".formatted(i + 1, reasons.get(i)));
        }
        return """
                # What is checked of every sampler

                Generated from the tests: each says which check it is and of which kernels, and its rows are counted. A kernel without one of the checks fails the
                build unless there is a reason, whose number stands in its place. [samplers.md](samplers.md) says which sampler to take when.

                %s
                %s
                Reasons:

                %s""".formatted(checks, table, notes);
    }

    private static int note(List<String> reasons, String reason) {
        if (!reasons.contains(reason)) {
            reasons.add(reason);
        }
        return reasons.indexOf(reason) + 1;
    }
}
