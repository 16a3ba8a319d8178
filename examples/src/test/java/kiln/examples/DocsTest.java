package kiln.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every Java snippet of every page in `docs/` compiles, runs and prints what the page says (see [Page]).
class DocsTest {
    private static final Path DOCS = Path.of(System.getProperty("kiln.checkout", "..")).resolve("docs");

    /// `f(`, `Type.f(` or `x.f(`.
    private static final Pattern CALL = Pattern.compile("(?<![A-Za-z.])((?:[A-Z][A-Za-z]+\\.)?(?:[a-z]\\.)?[a-zA-Z0-9]+)\\(");

    /// A link to a file, to a heading, or to both; not to another server.
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]*))?\\)");

    private static List<Page> pages() throws IOException {
        List<Page> pages = new ArrayList<>();
        try (var files = Files.list(DOCS)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".md")).sorted().toList()) {
                pages.add(Page.read(file));
            }
        }
        return pages;
    }

    @TestFactory
    Stream<DynamicTest> everySnippetPrintsWhatThePageSays(@TempDir Path folder) throws IOException {
        List<Page> pages = pages();
        assertThat(pages.stream().filter(page -> !page.programs().isEmpty()).map(Page::name)).contains("arrays", "jax-examples");
        URLClassLoader compiled = Page.compile(pages, folder);
        return pages.stream()
                .flatMap(page -> page.programs().keySet().stream()
                        .map(heading -> DynamicTest.dynamicTest(page.name() + ": " + heading, () -> page.check(heading, compiled))));
    }

    /// The page's promise: at least 60 expressions, each with a line of Kiln.
    @Test
    void thereAreSixtyExpressionsOfJax() throws IOException {
        long expressions = Page.read(DOCS.resolve("jax-examples.md")).programs().values().stream()
                .flatMap(List::stream)
                .flatMap(block -> block.code().lines())
                .filter(line -> line.startsWith("// "))
                .count();
        assertThat(expressions).isGreaterThanOrEqualTo(60);
    }

    /// Every function that the tables of names mention is a public method, or a public type.
    @Test
    void theNamesInTheTablesExist() throws IOException, ClassNotFoundException {
        Set<String> known = new HashSet<>(List.of("List.of"));
        for (String type : List.of("array.Np", "array.NDArray", "array.Shape", "array.Linalg", "array.Fft", "array.Bessel", "array.PRNGKey",
                "array.Update", "func.Functions", "func.Control", "func.Control$Steps", "func.Along", "func.Ode", "func.Pytree", "array.Index")) {
            Class<?> owner = Class.forName("kiln." + type);
            for (var method : owner.getMethods()) {
                known.add(method.getName());
                known.add(owner.getSimpleName() + "." + method.getName());
            }
        }
        List<String> unknown = new ArrayList<>();
        int names = 0;
        for (String line : Files.readAllLines(DOCS.resolve("arrays.md"))) {
            if (!line.startsWith("| ") || !line.contains("`")) {
                continue;
            }
            String column = line.split("(?<!\\\\)\\|", -1)[2];
            for (MatchResult name : CALL.matcher(column).results().toList()) {
                String called = name.group(1).replaceFirst("^[a-z]\\.", "");
                if (!known.contains(called)) {
                    unknown.add(called);
                }
                names++;
            }
        }
        assertThat(unknown).as("names in the tables of arrays.md that Kiln does not have").isEmpty();
        assertThat(names).isGreaterThan(350);
    }

    /// Every link of a page to a file of the checkout, and to a heading of it; and the README leads to every page, but for what a page made from the tests has with it.
    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        Path checkout = DOCS.resolveSibling("");
        List<Path> files = new ArrayList<>(List.of(checkout.resolve("README.md"), checkout.resolve("CONTRIBUTING.md"), checkout.resolve("kiln-bench/README.md")));
        try (var pages = Files.list(DOCS)) {
            pages.filter(f -> f.toString().endsWith(".md")).sorted().forEach(files::add);
        }
        List<String> dead = new ArrayList<>();
        Set<Path> fromReadme = new HashSet<>();
        for (Path file : files) {
            for (MatchResult link : LINK.matcher(prose(file)).results().toList()) {
                Path target = link.group(1).isEmpty() ? file : file.resolveSibling(link.group(1)).normalize();
                if (file.equals(files.getFirst())) {
                    fromReadme.add(target);
                }
                if (!Files.exists(target) || (link.group(2) != null && !anchors(target).contains(link.group(2)))) {
                    dead.add(file.getFileName() + ": " + link.group());
                }
            }
        }
        assertThat(dead).isEmpty();
        assertThat(fromReadme).containsAll(files.stream().filter(f -> f.startsWith(DOCS)).filter(f -> !f.endsWith("distribution-checks.md")).map(Path::normalize).toList());
    }

    /// The names that GitHub gives the headings of a page.
    private static Set<String> anchors(Path page) throws IOException {
        Set<String> out = new HashSet<>();
        for (String line : prose(page).lines().toList()) {
            if (line.startsWith("#")) {
                out.add(line.replaceFirst("#+ ", "").toLowerCase(java.util.Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
            }
        }
        return out;
    }

    /// A page without its code.
    private static String prose(Path page) throws IOException {
        var out = new StringBuilder();
        boolean isCode = false;
        for (String line : Files.readAllLines(page)) {
            isCode ^= line.startsWith("```");
            if (!isCode) {
                out.append(line.replaceAll("`[^`]*`", "")).append('\n');
            }
        }
        return out.toString();
    }

    @Test
    void aSnippetThatPrintsSomethingElseIsNoticed(@TempDir Path folder) throws IOException, ReflectiveOperationException {
        Path file = Files.writeString(folder.resolve("page.md"), """
                # One
                ```java
                int x = 1;
                System.out.println(x);
                ```

                ```
                1
                ```
                # Two
                ```java
                System.out.println(2);
                ```
                # Three
                ```java
                int[] none = {};
                ```
                ```java

                none[0] = 1;
                ```
                ```
                ArrayIndexOutOfBoundsException: Index 0 out of bounds for length 0
                ```
                """);
        Page page = Page.read(file);
        try (var compiled = Page.compile(List.of(page), folder)) {
            page.check("One", compiled);
            page.check("Three", compiled);
            assertThatThrownBy(() -> page.check("Two", compiled)).isInstanceOf(AssertionError.class).hasMessageContaining("page.md:12");
        }
    }
}
