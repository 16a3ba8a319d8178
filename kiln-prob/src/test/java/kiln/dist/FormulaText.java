package kiln.dist;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kiln.dist.FormulaScope.Alternatives;
import kiln.dist.FormulaScope.Definition;
import org.jspecify.annotations.Nullable;

/// The statements of a printed formula: what is said of the density or a moment, and the names that are explained beside it.
///
/// Statements are separated by commas, semicolons, "with", two spaces or a new line. `a for x < 0, b for x < 1, else c` has alternatives;
/// a comparison alone says where the formula holds.
///
/// @param densities   `log p(x)` and `p(x)`, by their arguments
/// @param definitions all other names, moments among them
/// @param rest        what is no readable statement: a family with other parameters, or words
record FormulaText(List<Density> densities, Map<String, Definition> definitions, List<String> rest) {
    /// A statement about the density.
    ///
    /// @param isLog     whether it is that of its logarithm
    /// @param arguments names or numbers
    record Density(boolean isLog, List<String> arguments, Alternatives meaning) {}

    private static final Pattern DENSITY = Pattern.compile("(log )?[pP]\\((.*)\\)");
    private static final Pattern NAMED = Pattern.compile("([A-Za-zΑ-Ωα-ω]+|E x)([₀-₉₋ᵢⱼₖₙⁿ]*)(?:\\(([a-z, ]+)\\))?");
    private static final String LETTERS = "ᵢⱼₖₙ";

    static FormulaText of(List<String> lines) {
        List<Density> densities = new ArrayList<>();
        Map<String, Definition> definitions = new HashMap<>();
        List<String> rest = new ArrayList<>();
        for (String statement : statements(lines)) {
            int equals = statement.indexOf(" = ");
            String left = equals < 0 ? "" : statement.substring(0, equals);
            Matcher density = DENSITY.matcher(left);
            Matcher named = NAMED.matcher(left);
            Alternatives right = density.matches() || named.matches() ? readable(statement.substring(equals + 3)) : null;
            if (right == null) {
                rest.add(statement);
            } else if (density.matches()) {
                String arguments = density.group(2).replaceAll("[()]", "");
                densities.add(new Density(
                        density.group(1) != null,
                        arguments.isEmpty() ? List.of() : List.of(arguments.split(", ")),
                        right));
            } else {
                define(definitions, named, right);
            }
        }
        return new FormulaText(densities, definitions, rest);
    }

    private static void define(Map<String, Definition> definitions, Matcher named, Alternatives meaning) {
        String name = named.group(1);
        String below = named.group(2);
        if (named.group(3) != null) {
            definitions.put(name, new Definition(List.of(named.group(3).split(", ")), meaning));
        } else if (!below.isEmpty() && LETTERS.indexOf(below.charAt(0)) >= 0) {
            List<String> parameters = below.chars().mapToObj(c -> "ijkn".substring(LETTERS.indexOf(c)).substring(0, 1)).toList();
            definitions.put(name, new Definition(parameters, meaning));
        } else {
            definitions.put(name + below, new Definition(List.of(), meaning));
        }
    }

    /// Pieces that are no statement of their own belong to the one before.
    private static List<String> statements(List<String> lines) {
        List<String> out = new ArrayList<>();
        for (String line : lines) {
            boolean first = true;
            for (String piece : pieces(line.replace(" with ", ", "))) {
                boolean alone = piece.contains(" = ") && !piece.startsWith("else ") && !piece.startsWith("for ");
                if (alone || first) {
                    out.add(piece);
                } else {
                    out.set(out.size() - 1, out.getLast() + ", " + piece);
                }
                first = false;
            }
        }
        return out;
    }

    /// The text between commas, semicolons and wide spaces outside of parentheses.
    private static List<String> pieces(String line) {
        List<String> out = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
            boolean wide = c == ' ' && i + 1 < line.length() && line.charAt(i + 1) == ' ';
            if (depth == 0 && (c == ',' || c == ';' || wide)) {
                out.add(line.substring(from, i).strip());
                from = i + 1;
            }
        }
        out.add(line.substring(from).strip());
        out.removeIf(String::isEmpty);
        return out;
    }

    /// The meaning of the right side; null if it is words.
    private static @Nullable Alternatives readable(String text) {
        try {
            return alternatives(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static Alternatives alternatives(String text) {
        List<Formula.Node> conditions = new ArrayList<>();
        List<Formula.Node> expressions = new ArrayList<>();
        for (String piece : pieces(text)) {
            if (piece.startsWith("for ")) {
                conditions.set(conditions.size() - 1, Formula.condition(piece.substring(4)));
            } else if (piece.startsWith("else ")) {
                conditions.add(s -> Matrix.of(1));
                expressions.add(Formula.expression(piece.substring(5)));
            } else if (piece.contains(" for ") || expressions.isEmpty()) {
                int at = piece.indexOf(" for ");
                conditions.add(at < 0 ? s -> Matrix.of(1) : Formula.condition(piece.substring(at + 5)));
                expressions.add(Formula.expression(at < 0 ? piece : piece.substring(0, at)));
            } else {
                conditions.set(conditions.size() - 1, Formula.condition(piece));
            }
        }
        return new Alternatives(conditions, expressions);
    }
}
