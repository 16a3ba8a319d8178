package kiln.array;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/// Writes arrays as NumPy prints them: aligned columns, nested brackets, long lines broken, large arrays shortened.
final class Printing {
    /// Arrays of more elements are shortened to [#EDGE] elements at either end of each axis.
    private static final int SUMMARY_ABOVE = 1000;

    private static final int EDGE = 3;

    /// Columns of a line, without the bracket that closes it.
    private static final int LINE = 75;

    private static final String DOTS = "...";

    private final Shape shape;
    private final boolean shortened;
    private final Iterator<String> words;

    private Printing(Dense x) {
        this.shape = x.shape();
        this.shortened = x.size() > SUMMARY_ABOVE;
        List<Integer> shown = new ArrayList<>();
        collect(0, 0, shown);
        this.words = words(x, shown).iterator();
    }

    static String text(Dense x) {
        if (x.rank() == 0) {
            return scalar(x);
        }
        return x.size() == 0 ? "[]" : new Printing(x).axis(0, " ", LINE);
    }

    private static String scalar(Dense x) {
        return switch (x.dtype()) {
            case BOOL -> truth(x.longAt(0));
            case INT32, INT64 -> Long.toString(x.longAt(0));
            case FLOAT32, FLOAT64 -> Decimals.scalar(x.doubleAt(0), x.dtype());
        };
    }

    private static String truth(long value) {
        return value != 0 ? "True" : "False";
    }

    private boolean isCut(int n) {
        return shortened && n > 2 * EDGE;
    }

    /// The positions in memory of the elements that are shown, in order.
    private void collect(int axis, int at, List<Integer> shown) {
        if (axis == shape.rank()) {
            shown.add(at);
            return;
        }
        int n = shape.dim(axis);
        int step = shape.slice(axis + 1, shape.rank()).size();
        for (int i = 0; i < n; i++) {
            if (isCut(n) && i == EDGE) {
                i = n - EDGE;
            }
            collect(axis + 1, at + i * step, shown);
        }
    }

    private static List<String> words(Dense x, List<Integer> shown) {
        if (x.dtype().isFloating()) {
            return Decimals.aligned(shown.stream().mapToDouble(x::doubleAt).toArray(), x.dtype());
        }
        List<String> plain = shown.stream()
                .map(i -> x.dtype() == DType.BOOL ? truth(x.longAt(i)) : Long.toString(x.longAt(i)))
                .toList();
        int width = Collections.max(plain.stream().map(String::length).toList());
        return plain.stream().map(w -> " ".repeat(width - w.length()) + w).toList();
    }

    /// The text of the next slice along `axis`; every line but the first begins with `indent`.
    private String axis(int axis, String indent, int width) {
        int n = shape.dim(axis);
        List<String> parts = new ArrayList<>();
        boolean last = axis == shape.rank() - 1;
        for (int i = 0; i < n; i++) {
            if (isCut(n) && i == EDGE) {
                parts.add(DOTS);
                i = n - EDGE;
            }
            parts.add(last ? words.next() : axis(axis + 1, indent + " ", width - 1));
        }
        if (!last) {
            return "[" + String.join("\n".repeat(shape.rank() - 1 - axis) + indent, parts) + "]";
        }
        var text = new StringBuilder();
        String line = indent;
        for (int i = 0; i < parts.size(); i++) {
            String word = parts.get(i);
            if (line.length() + word.length() > width - 1 && line.length() > indent.length()) {
                text.append(line.stripTrailing()).append('\n');
                line = indent;
            }
            line += word + (i < parts.size() - 1 ? " " : "");
        }
        return "[" + text.append(line).substring(indent.length()) + "]";
    }
}
