package kiln.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import kiln.array.Dense;
import kiln.array.NDArray;

/// Writes the sites of a run as a table.
final class TraceTable {
    private static final List<String> HEAD = List.of("site", "kind", "distribution", "batch", "event", "plates", "value", "log prob");
    private static final int VALUE_WIDTH = 40;

    private TraceTable() {}

    static String text(Collection<Message> sites) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        for (Message site : sites) {
            rows.add(row(site));
        }
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining("\n"));
    }

    private static String line(List<String> row, int[] widths) {
        var out = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            if (widths[c] > 0) {
                out.append(row.get(c)).repeat(' ', widths[c] - row.get(c).length() + 2);
            }
        }
        return out.toString().stripTrailing();
    }

    private static List<String> row(Message site) {
        NDArray value = site.requireValue();
        String plates = site.plates().stream().map(PlateFrame::toString).collect(Collectors.joining(", "));
        return switch (site) {
            case Message.Sample s -> List.of(
                    s.name(),
                    s.isObserved() ? "observed" : "sample",
                    Sites.title(s.distribution()),
                    s.distribution().batchShape().toString(),
                    s.distribution().eventShape().toString(),
                    plates,
                    shortened(value),
                    density(s));
            case Message.Param p -> List.of(p.name(), "param", "", value.shape().toString(), "", plates, shortened(value), "");
            case Message.Deterministic d ->
                List.of(d.name(), "deterministic", "", value.shape().toString(), "", plates, shortened(value), "");
            case Message.Plate p -> List.of(p.name(), "plate", "", value.shape().toString(), "", plates, "", "");
            case Message.Mutable v -> List.of(v.name(), "mutable", "", value.shape().toString(), "", plates, shortened(value), "");
            case Message.Request k -> throw new IllegalStateException(k.label() + " is not a site");
        };
    }

    private static String density(Message.Sample s) {
        return s.logProb().sum() instanceof Dense d ? number(d.item()) : "traced";
    }

    private static String shortened(NDArray x) {
        if (!(x instanceof Dense d)) {
            return "traced";
        }
        String text = d.toString().replaceAll("\\s+", " ");
        return text.length() <= VALUE_WIDTH ? text : text.substring(0, VALUE_WIDTH - 1) + "…";
    }

    private static String number(double x) {
        if (Double.isNaN(x)) {
            return "nan";
        }
        return Double.isInfinite(x) ? (x > 0 ? "inf" : "-inf") : String.format(Locale.ROOT, "%.4f", x);
    }
}
