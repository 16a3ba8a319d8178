package kiln.diagnostics;

/// The table that LOO and WAIC print.
final class Criterion {
    private Criterion() {}

    static String table(String first, Estimate a, String second, Estimate b, String third, Estimate c) {
        return "\n           estimate        se\n" + row(first, a) + row(second, b) + row(third, c);
    }

    private static String row(String name, Estimate e) {
        return Text.left(name, 9) + Text.right(Text.decimals(e.value(), 2), 10) + Text.right(Text.decimals(e.se(), 2), 10) + "\n";
    }
}
