package kiln.array;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Writes arrays as NumPy prints them: aligned columns, nested brackets, long axes shortened.
final class Printing {
    private static final int SUMMARY_ABOVE = 1000;
    private static final int EDGE = 3;
    private static final int LINE = 100;

    private Printing() {}

    static String text(Dense x) {
        boolean shortened = x.size() > SUMMARY_ABOVE;
        List<Integer> shown = new ArrayList<>();
        collect(x.shape(), 0, 0, shortened, shown);
        List<String> words = words(x, shown);
        int width = x.rank() == 0 ? 0 : words.stream().mapToInt(String::length).max().orElse(0);
        var text = new StringBuilder();
        new Object() {
            int next = 0;

            void write(int axis, int indent) {
                if (axis == x.rank()) {
                    String w = words.get(next++);
                    text.repeat(' ', Math.max(0, width - w.length())).append(w);
                    return;
                }
                int n = x.shape().dim(axis);
                boolean cut = shortened && n > 2 * EDGE;
                text.append('[');
                int column = indent + 1;
                for (int i = 0; i < n; i++) {
                    if (cut && i == EDGE) {
                        text.append(axis == x.rank() - 1 ? " ..." : "\n" + " ".repeat(indent + 1) + "...");
                        i = n - EDGE - 1;
                        column += 4;
                        continue;
                    }
                    if (i > 0) {
                        if (axis < x.rank() - 1) {
                            text.repeat('\n', x.rank() - 1 - axis).repeat(' ', indent + 1);
                        } else if (column + width + 1 > LINE) {
                            text.append('\n').repeat(' ', indent + 1);
                            column = indent + 1;
                        } else {
                            text.append(' ');
                        }
                    }
                    write(axis + 1, indent + 1);
                    column += width + 1;
                }
                text.append(']');
            }
        }.write(0, 0);
        return text.toString();
    }

    private static void collect(Shape shape, int axis, int at, boolean shortened, List<Integer> shown) {
        if (axis == shape.rank()) {
            shown.add(at);
            return;
        }
        int n = shape.dim(axis);
        int step = shape.slice(axis + 1, shape.rank()).size();
        for (int i = 0; i < n; i++) {
            if (shortened && n > 2 * EDGE && i == EDGE) {
                i = n - EDGE;
            }
            collect(shape, axis + 1, at + i * step, shortened, shown);
        }
    }

    private static List<String> words(Dense x, List<Integer> shown) {
        if (x.dtype() == DType.BOOL) {
            return shown.stream().map(i -> x.longAt(i) != 0 ? "true" : "false").toList();
        }
        if (!x.dtype().isFloating()) {
            return shown.stream().map(i -> Long.toString(x.longAt(i))).toList();
        }
        double[] values = shown.stream().mapToDouble(x::doubleAt).toArray();
        double largest = 0;
        double smallest = Double.POSITIVE_INFINITY;
        for (double v : values) {
            double a = Math.abs(v);
            if (a > 0 && a <= Double.MAX_VALUE) {
                largest = Math.max(largest, a);
                smallest = Math.min(smallest, a);
            }
        }
        boolean scientific = largest >= 1e8 || (largest > 0 && smallest < 1e-4);
        int digits = 0;
        for (double v : values) {
            digits = Math.max(digits, decimals(v, x.dtype(), scientific));
        }
        int places = digits;
        List<String> out = new ArrayList<>();
        for (double v : values) {
            out.add(word(v, places, scientific));
        }
        return out;
    }

    /// How many decimals show a number at eight significant places or fewer.
    private static int decimals(double v, DType dtype, boolean scientific) {
        if (Double.isNaN(v) || Double.isInfinite(v)) {
            return 0;
        }
        int most = 8;
        for (int d = 0; d < most; d++) {
            double shown = Double.parseDouble(String.format(Locale.ROOT, scientific ? "%." + d + "e" : "%." + d + "f", v));
            boolean exact = dtype == DType.FLOAT32 ? (float) shown == (float) v : shown == v;
            if (exact) {
                return d;
            }
        }
        return most;
    }

    private static String word(double v, int places, boolean scientific) {
        if (Double.isNaN(v)) {
            return "nan";
        }
        if (Double.isInfinite(v)) {
            return v > 0 ? "inf" : "-inf";
        }
        if (scientific) {
            return String.format(Locale.ROOT, "%." + places + "e", v);
        }
        String s = String.format(Locale.ROOT, "%." + places + "f", v);
        return places == 0 ? s + "." : s;
    }
}
