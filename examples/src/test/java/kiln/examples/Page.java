package kiln.examples;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// A page of the documentation as a program: its Java blocks, and the blocks without a language behind them, which say what they print.
///
/// The blocks under one heading are one program, in which later blocks see the variables of earlier ones. Imports may stand in any
/// block and hold for the page. A program prints exactly what the page says: a block that nothing follows prints nothing. What the last
/// block of a program throws counts as printed, `ShapeException: …`, with its lines counted from the first line of code under the
/// heading.
///
/// @param name     the page's file name without `.md`
/// @param imports  import declarations of the page
/// @param programs blocks by the class name that their heading gives
record Page(String name, List<String> imports, Map<String, List<Block>> programs) {
    /// Printed between the blocks of a program; no text has it.
    private static final String MARK = "\0";

    /// A piece of code and what it prints.
    ///
    /// @param line   of the page on which the code begins
    /// @param code   without imports
    /// @param prints what the page says it prints
    record Block(int line, String code, String prints) {}

    /// {@return the page in a file}
    static Page read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<String> imports = new ArrayList<>();
        Map<String, List<Block>> programs = new LinkedHashMap<>();
        String heading = "Top";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("#")) {
                heading = className(line);
            } else if (line.equals("```java")) {
                int end = close(lines, i);
                List<String> code = lines.subList(i + 1, end);
                imports.addAll(code.stream().filter(Page::isImport).toList());
                String rest = code.stream().filter(l -> !isImport(l)).collect(joining("\n"));
                int next = end + 1;
                while (next < lines.size() && lines.get(next).isBlank()) {
                    next++;
                }
                boolean prints = next < lines.size() && lines.get(next).equals("```");
                int last = prints ? close(lines, next) : end;
                if (!rest.isBlank()) {
                    String printed = prints ? String.join("\n", lines.subList(next + 1, last)) : "";
                    programs.computeIfAbsent(heading, _ -> new ArrayList<>()).add(new Block(i + 2, rest, printed));
                }
                i = last;
            } else if (line.startsWith("```")) {
                i = close(lines, i);
            }
        }
        String name = file.getFileName().toString().replaceAll("\\.md$", "");
        return new Page(name, List.copyOf(imports), programs);
    }

    private static boolean isImport(String line) {
        return line.startsWith("import ");
    }

    private static int close(List<String> lines, int open) {
        for (int i = open + 1; i < lines.size(); i++) {
            if (lines.get(i).equals("```")) {
                return i;
            }
        }
        throw new IllegalArgumentException("line " + (open + 1) + " opens a block that is not closed");
    }

    private static String className(String heading) {
        String name = Arrays.stream(heading.split("[^A-Za-z0-9]+"))
                .filter(word -> !word.isEmpty())
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(joining());
        return Character.isDigit(name.charAt(0)) ? "Section" + name : name;
    }

    private String packageName() {
        return "docs." + name.replaceAll("[^a-z]", "");
    }

    /// The program under a heading; its first line is the first line of the code.
    private JavaFileObject source(String heading, List<Block> blocks) {
        String code = blocks.stream().map(b -> b.code() + " System.out.print(\"\\0\");").collect(joining("\n"));
        String all = "package " + packageName() + "; " + String.join(" ", imports) + " final class " + heading
                + " { static void run() throws Exception { " + code + "}}";
        return new SimpleJavaFileObject(URI.create("string:///" + heading + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return all;
            }
        };
    }

    /// Compiles the programs of several pages at once.
    ///
    /// @param folder where the class files go
    /// @return what finds the compiled classes
    static URLClassLoader compile(List<Page> pages, Path folder) throws MalformedURLException {
        List<JavaFileObject> sources = pages.stream()
                .flatMap(page -> page.programs().entrySet().stream().map(e -> page.source(e.getKey(), e.getValue())))
                .toList();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> options = List.of("-d", folder.toString(), "-cp", classPath, "-proc:none", "-Xmaxerrs", "10");
        var messages = new StringWriter();
        boolean done = ToolProvider.getSystemJavaCompiler()
                .getTask(messages, null, null, options, null, sources)
                .call();
        assertThat(done).as("the snippets compile:%n%s", messages).isTrue();
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, Page.class.getClassLoader());
    }

    /// Runs the program under a heading and compares what its blocks print.
    void check(String heading, ClassLoader compiled) throws ReflectiveOperationException {
        List<Block> blocks = programs.getOrDefault(heading, List.of());
        List<String> printed = Arrays.asList(run(heading, compiled).split(MARK, -1));
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            String got = i < printed.size() ? printed.get(i) : "nothing: a block before failed";
            assertThat(lines(got)).as("what the code at %s.md:%s prints", name, block.line()).isEqualTo(lines(block.prints()));
        }
    }

    private String run(String heading, ClassLoader compiled) throws ReflectiveOperationException {
        var run = compiled.loadClass(packageName() + "." + heading).getDeclaredMethod("run");
        run.setAccessible(true);
        var printed = new ByteArrayOutputStream();
        PrintStream usual = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            run.invoke(null);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getTargetException();
            System.out.print(cause.getClass().getSimpleName() + ": " + cause.getMessage());
        } finally {
            System.setOut(usual);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static String lines(String text) {
        return text.lines().map(String::stripTrailing).collect(joining("\n")).strip();
    }
}
