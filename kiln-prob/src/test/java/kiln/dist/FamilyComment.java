package kiln.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the documentation comment of a distribution says.
///
/// @param title      first sentence
/// @param formula    the first block of code
/// @param notes      the paragraph between it and the facts, which explains it
/// @param facts      the list behind it
/// @param parameters name and description
record FamilyComment(String title, List<String> formula, String notes, List<String> facts, Map<String, String> parameters) {
    /// {@return the text of the fact with this name, "support" or "moments"; empty if there is none}
    String fact(String name) {
        String head = "- **" + name + "** ";
        return facts.stream().filter(f -> f.startsWith(head)).map(f -> f.substring(head.length())).findFirst().orElse("");
    }

    /// @param sources the folder of `kiln.dist`
    static FamilyComment of(Path sources, String name) throws IOException {
        List<String> lines = Files.readAllLines(sources.resolve(name + ".java"));
        int end = 0;
        while (!lines.get(end).matches("public (final )?(record|class) " + name + "\\b.*")) {
            end++;
        }
        int begin = end;
        while (begin > 0 && (lines.get(begin - 1).startsWith("///") || lines.get(begin - 1).startsWith("@"))) {
            begin--;
        }
        List<String> text = lines.subList(begin, end).stream()
                .filter(line -> line.startsWith("///"))
                .map(line -> line.length() > 4 ? line.substring(4) : "")
                .toList();
        return read(text);
    }

    private static FamilyComment read(List<String> text) {
        int i = 0;
        var title = new StringBuilder();
        for (; i < text.size() && !text.get(i).isEmpty(); i++) {
            title.append(title.isEmpty() ? "" : " ").append(text.get(i));
        }
        List<String> formula = new ArrayList<>();
        var notes = new StringBuilder();
        List<String> facts = new ArrayList<>();
        Map<String, String> parameters = new LinkedHashMap<>();
        boolean inside = false;
        boolean done = false;
        String open = "";
        for (; i < text.size(); i++) {
            String line = text.get(i);
            if (line.startsWith("```")) {
                done |= inside;
                inside = !inside && !done;
            } else if (inside) {
                formula.add(line);
            } else if (done && facts.isEmpty() && parameters.isEmpty() && !line.isEmpty() && !line.startsWith("-")) {
                notes.append(notes.isEmpty() ? "" : " ").append(linkless(line));
            } else if (line.startsWith("- **")) {
                facts.add(linkless(line));
                open = "fact";
            } else if (line.startsWith("@param ")) {
                String[] parts = line.split("\\s+", 3);
                parameters.put(parts[1], linkless(parts[2]));
                open = parts[1];
            } else if (line.startsWith(" ") && !line.isBlank() && open.equals("fact")) {
                facts.set(facts.size() - 1, facts.getLast() + " " + linkless(line.strip()));
            } else if (line.startsWith(" ") && !line.isBlank() && parameters.containsKey(open)) {
                parameters.merge(open, linkless(line.strip()), (a, b) -> a + " " + b);
            } else {
                open = "";
            }
        }
        return new FamilyComment(linkless(title.toString()), formula, notes.toString(), facts, parameters);
    }

    private static final String LINK = "\\[#?([A-Za-z]+)(#[a-zA-Z]+)?(\\([A-Za-z, ]*\\))?\\](?!\\()";

    /// Links of Javadoc, `[#covariance]` or `[Normal]`, as code; what is code already, the shape `[n]`, stays.
    private static String linkless(String text) {
        var out = new StringBuilder();
        String[] parts = text.split("`", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean code = i % 2 == 1;
            String part = parts[i];
            out.append(i == 0 ? "" : "`").append(code ? part : part.replaceAll(LINK, "`$1`"));
        }
        return out.toString();
    }
}
