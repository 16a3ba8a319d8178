package kiln.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import kiln.array.Diagnosis;
import kiln.array.UserCode;

/// Finds the name that somebody probably meant.
public final class Names {
    private Names() {}

    /// {@return names in quotes: `"mu", "sigma"`, or `none`}
    public static String list(Collection<String> names) {
        return names.isEmpty() ? "none" : names.stream().map(n -> "\"" + n + "\"").collect(Collectors.joining(", "));
    }

    /// {@return the closest of the names, if one is closer than half of the letters}
    public static Optional<String> nearest(String name, Collection<String> among) {
        return among.stream()
                .filter(n -> 2 * distance(name, n) <= Math.max(name.length(), n.length()))
                .min(Comparator.comparingInt(n -> distance(name, n)));
    }

    /// {@return a remedy for unknown names: `write "sigma" instead of "sgima"`, or `otherwise` where nothing is close}
    public static String remedy(List<String> unknown, Collection<String> known, String otherwise) {
        String pairs = unknown.stream()
                .flatMap(u -> nearest(u, known).map(n -> "\"" + n + "\" instead of \"" + u + "\"").stream())
                .collect(Collectors.joining(", "));
        return pairs.isEmpty() ? otherwise : "write " + pairs;
    }

    /// {@return that there is no site of a name, with those there are, the user's line and the remedy}
    ///
    /// @param who   who was asked for it
    /// @param sites those there are
    public static Diagnosis noSuchSite(String who, String name, Collection<String> sites) {
        return new Diagnosis(who, "there is no such site")
                .expected("one of " + list(sites))
                .got("\"" + name + "\"")
                .at(UserCode.line())
                .fix(remedy(List.of(name), sites, "name one of them") + ".");
    }

    /// How many letters have to be inserted, deleted, replaced or swapped with their neighbour.
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
