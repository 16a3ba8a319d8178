package kiln.dist;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One expression or condition in the notation of the printed formulas, parsed; evaluated with plain doubles in a [FormulaScope].
///
/// The notation: names are words or single Greek letters, with subscripts that count (`xᵢ₊₁`, `Lᵢᵢ`, `κ₁`); what stands side by side is
/// multiplied, and more tightly so without a space (`x / 2π`); a function takes what is in parentheses behind it, or the next product
/// without a space (`log 2π`); a sum or product sign takes the rest of the term; `|x|` is an absolute value or the length of an array.
final class Formula {
    /// A part of an expression.
    interface Node {
        Matrix at(FormulaScope scope);
    }

    private static final String SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₙₜₘ";
    private static final String PLAIN = "0123456789+-ijkntm";
    private static final Map<String, Double> CONSTANTS =
            Map.of("π", Math.PI, "e", Math.E, "γ", 0.57721566490153286061, "∞", Double.POSITIVE_INFINITY, "NaN", Double.NaN);
    private static final List<String> PREFIX = List.of("log", "det", "tr", "cos", "sin", "arctan", "logit");
    private static final Pattern NAME = Pattern.compile("(?:[A-Za-z]+[0-9]*|[α-ωΑ-ΡΤ-Ω])(?:_[A-Za-z]+)?");

    private final String text;
    private int at;

    private Formula(String text) {
        this.text = text;
    }

    /// {@return an expression}
    static Node expression(String text) {
        var p = new Formula(text.strip());
        Node out = p.sum();
        p.end();
        return out;
    }

    /// {@return a condition: comparisons, chained or joined by "and", or a truth value; 1 or 0}
    static Node condition(String text) {
        List<Node> all = new ArrayList<>();
        for (String part : List.of(text.strip().split(" and ", -1))) {
            var p = new Formula(part);
            all.add(p.comparison());
            p.end();
        }
        return s -> Matrix.of(all.stream().allMatch(c -> c.at(s).number() != 0) ? 1 : 0);
    }

    // ---- characters

    private IllegalArgumentException unreadable(String what) {
        return new IllegalArgumentException(what + " at " + at + " of: " + text);
    }

    private void end() {
        spaces();
        if (at < text.length()) {
            throw unreadable("unexpected rest");
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private void spaces() {
        while (peek() == ' ') {
            at++;
        }
    }

    private boolean take(String token) {
        if (text.startsWith(token, at)) {
            at += token.length();
            return true;
        }
        return false;
    }

    private void expect(String token) {
        if (!take(token)) {
            throw unreadable("expected " + token);
        }
    }

    // ---- comparisons, sums and products

    private Node comparison() {
        List<Node> parts = new ArrayList<>(List.of(sum()));
        List<Character> signs = new ArrayList<>();
        spaces();
        while ("<>≤≥=".indexOf(peek()) >= 0 && at < text.length()) {
            signs.add(text.charAt(at++));
            parts.add(sum());
            spaces();
        }
        return s -> {
            if (signs.isEmpty()) {
                return parts.getFirst().at(s);
            }
            boolean holds = true;
            for (int i = 0; i < signs.size(); i++) {
                double right = parts.get(i + 1).at(s).number();
                DoublePredicate test = switch (signs.get(i)) {
                    case '<' -> x -> x < right;
                    case '>' -> x -> x > right;
                    case '≤' -> x -> x <= right;
                    case '≥' -> x -> x >= right;
                    default -> x -> x == right;
                };
                holds &= test.test(parts.get(i).at(s).number());
            }
            return Matrix.of(holds ? 1 : 0);
        };
    }

    private Node sum() {
        spaces();
        boolean negative = take("−");
        Node first = term();
        Node out = negative ? s -> first.at(s).times(-1) : first;
        for (spaces(); peek() == '+' || peek() == '−'; spaces()) {
            double sign = text.charAt(at++) == '+' ? 1 : -1;
            Node left = out;
            Node right = term();
            out = s -> left.at(s).plus(right.at(s).times(sign));
        }
        return out;
    }

    private Node term() {
        spaces();
        Node out = tight();
        while (true) {
            int before = at;
            spaces();
            Node left = out;
            if (take("/")) {
                spaces();
                Node right = tight();
                out = s -> left.at(s).times(1 / right.at(s).number());
            } else if (take("·") || begins()) {
                spaces();
                Node right = tight();
                out = s -> left.at(s).times(right.at(s));
            } else {
                at = before;
                return out;
            }
        }
    }

    /// Whether a factor begins here, and not a word that goes on with the sentence or the end of a measure of integration.
    private boolean begins() {
        char c = peek();
        if (text.startsWith("for ", at) || (text.startsWith("d" + measure, at) && !measure.isEmpty())) {
            return false;
        }
        return c == '|' ? bars == 0 : Character.isLetterOrDigit(c) || "(½[√∫∞".indexOf(c) >= 0;
    }

    private String measure = "";
    private int bars;

    /// A product without spaces.
    private Node tight() {
        Node out = power();
        while (peek() == '(' || (Character.isLetterOrDigit(peek()) && SUBSCRIPTS.indexOf(peek()) < 0)) {
            Node left = out;
            Node right = power();
            out = s -> left.at(s).times(right.at(s));
        }
        return out;
    }

    private Node power() {
        Node out = primary();
        while (true) {
            Node base = out;
            if (take("^")) {
                boolean negative = take("−");
                Node exponent = primary();
                out = s -> base.at(s).pow((negative ? -1 : 1) * exponent.at(s).number());
            } else if (take("⁻¹")) {
                out = s -> base.at(s).inverse();
            } else if (take("⁻ᵀ")) {
                out = s -> base.at(s).inverse().transposed();
            } else if (take("ᵀ")) {
                out = s -> base.at(s).transposed();
            } else if (take("²")) {
                out = s -> base.at(s).pow(2);
            } else if (take("³")) {
                out = s -> base.at(s).pow(3);
            } else if (take("ⁿ")) {
                out = s -> base.at(s).pow(s.number("n"));
            } else if (take("ᵐ")) {
                out = s -> base.at(s).pow(s.number("m"));
            } else if (take("!")) {
                out = s -> Matrix.of(FormulaMath.gamma(base.at(s).number() + 1));
            } else {
                return out;
            }
        }
    }

    // ---- the smallest parts

    private Node primary() {
        if (take("(")) {
            int outer = bars;
            bars = 0;
            Node inner = sum();
            spaces();
            expect(")");
            bars = outer;
            return inner;
        }
        if (take("[")) {
            Node inner = comparison();
            expect("]");
            return inner;
        }
        if (take("|")) {
            bars++;
            Node inner = sum();
            expect("|");
            bars--;
            return s -> Matrix.of(inner.at(s).length());
        }
        if (take("½")) {
            return s -> Matrix.of(0.5);
        }
        if (take("∞")) {
            return s -> Matrix.of(Double.POSITIVE_INFINITY);
        }
        if (take("√")) {
            Node inner = power();
            return s -> Matrix.of(Math.sqrt(inner.at(s).number()));
        }
        if (peek() == 'Σ' || peek() == 'Π') {
            return series();
        }
        if (take("∫")) {
            return integral();
        }
        Matcher number = Pattern.compile("[0-9]+(\\.[0-9]+)?").matcher(text).region(at, text.length());
        if (number.lookingAt()) {
            at = number.end();
            take("…");
            double value = Double.parseDouble(number.group());
            return s -> Matrix.of(value);
        }
        return named();
    }

    private Node named() {
        Matcher m = NAME.matcher(text).region(at, text.length());
        if (!m.lookingAt()) {
            throw unreadable("no expression");
        }
        String name = m.group();
        at = m.end();
        if (name.equals("Φ") && take("⁻¹")) {
            name = "Φ⁻¹";
        }
        String word = name;
        if (PREFIX.contains(word)) {
            boolean glued = peek() == '(';
            spaces();
            Node argument = glued ? primary() : tight();
            return s -> FormulaMath.elementary(word, argument.at(s));
        }
        List<Node> subscripts = subscripts();
        if (peek() == '(') {
            List<Node> arguments = arguments();
            return s -> s.call(word, values(subscripts, s), values(arguments, s));
        }
        if (CONSTANTS.containsKey(word) && subscripts.isEmpty()) {
            return s -> s.knows(word) ? s.value(word, List.of(), List.of()) : Matrix.of(CONSTANTS.get(word));
        }
        List<String> indices = letters;
        return s -> s.value(word, values(subscripts, s), indices);
    }

    private static List<Matrix> values(List<Node> nodes, FormulaScope s) {
        return nodes.stream().map(n -> n.at(s)).toList();
    }

    private List<Node> arguments() {
        expect("(");
        int outer = bars;
        bars = 0;
        List<Node> out = new ArrayList<>();
        do {
            spaces();
            if (peek() == ')') {
                break;
            }
            out.add(sum());
            spaces();
        } while (take(",") || take(";"));
        expect(")");
        bars = outer;
        return out;
    }

    private List<String> letters = List.of();

    /// The indices below a name, each a letter with or without a step, or a number; [#letters] are the letters.
    private List<Node> subscripts() {
        var plain = new StringBuilder();
        while (at < text.length() && SUBSCRIPTS.indexOf(peek()) >= 0) {
            plain.append(PLAIN.charAt(SUBSCRIPTS.indexOf(text.charAt(at++))));
        }
        List<Node> out = new ArrayList<>();
        letters = new ArrayList<>();
        Matcher m = Pattern.compile("([a-z])([+-][0-9])?|(-?[0-9]+)").matcher(plain);
        while (m.find()) {
            if (m.group(1) == null) {
                double fixed = Double.parseDouble(m.group(3));
                letters.add("");
                out.add(s -> Matrix.of(fixed));
            } else {
                String letter = m.group(1);
                double step = m.group(2) == null ? 0 : Double.parseDouble(m.group(2));
                letters.add(letter);
                out.add(s -> Matrix.of(s.number(letter) + step));
            }
        }
        return out;
    }

    /// A sum or product over the index below the sign: to the end of the arrays that it counts, between written bounds, or, with neither,
    /// from 0 until terms of a series no longer change it.
    private Node series() {
        boolean adds = text.charAt(at++) == 'Σ';
        if (take("_{")) {
            String index = text.substring(at, text.indexOf('=', at)).strip();
            at = text.indexOf('=', at) + 1;
            Node from = sum();
            expect("}^{");
            Node to = sum();
            expect("}");
            Node body = term();
            return s -> {
                double out = adds ? 0 : 1;
                for (double i = from.at(s).number(); i <= to.at(s).number(); i++) {
                    double t = body.at(s.with(index, i)).number();
                    out = adds ? out + t : out * t;
                }
                return Matrix.of(out);
            };
        }
        subscripts();
        String index = letters.getFirst();
        Node body = term();
        return s -> Matrix.of(s.total(index, adds, body));
    }

    private Node integral() {
        Node from;
        Node to;
        if (take("₀^∞")) {
            from = s -> Matrix.of(0);
            to = s -> Matrix.of(Double.POSITIVE_INFINITY);
        } else {
            expect("_{");
            from = sum();
            expect("}^{");
            to = sum();
            expect("}");
        }
        Matcher m = Pattern.compile(" d([a-z])\\b").matcher(text).region(at, text.length());
        if (!m.find()) {
            throw unreadable("an integral without its variable");
        }
        String outer = measure;
        measure = m.group(1);
        String variable = measure;
        Node body = term();
        spaces();
        expect("d" + variable);
        measure = outer;
        return s -> Matrix.of(FormulaMath.integral(t -> body.at(s.with(variable, t)).number(), from.at(s).number(), to.at(s).number()));
    }
}
