package kiln.infer.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kiln.array.Shape;
import kiln.model.Message;
import kiln.model.Trace;

/// The shapes of the sites of a run as a right-justified table of three columns: names, batch axes with a bar, event axes.
///
/// @param trace          the run
/// @param computeLogProb whether the shapes of the log densities are shown
/// @param title          the first line
/// @param lastSite       the site after which the table ends; an empty text for all sites
record ShapeTable(Trace trace, boolean computeLogProb, String title, String lastSite) {
    ShapeTable(Trace trace) {
        this(trace, false, "Trace Shapes:", "");
    }

    /// The cells of a line, by column.
    private record Line(List<String> name, List<String> batch, List<String> event) {
        Line(String name) {
            this(List.of(name), List.of(), List.of());
        }

        List<String> column(int i) {
            return switch (i) {
                case 0 -> name;
                case 1 -> batch;
                default -> event;
            };
        }
    }

    private static List<String> sizes(Shape shape) {
        return Arrays.stream(shape.dims()).mapToObj(Integer::toString).collect(Collectors.toCollection(ArrayList::new));
    }

    private static Line line(String name, Shape batch, Shape event) {
        List<String> cells = sizes(batch);
        cells.add("|");
        return new Line(List.of(name), cells, sizes(event));
    }

    private List<Message> shown() {
        List<Message> out = new ArrayList<>();
        for (Message m : trace.sites().values()) {
            out.add(m);
            if (m.name().equals(lastSite)) {
                break;
            }
        }
        return out;
    }

    private List<Line> lines() {
        List<Line> out = new ArrayList<>();
        out.add(new Line(title));
        out.add(new Line("Param Sites:"));
        for (Message m : shown()) {
            if (m instanceof Message.Param p) {
                out.add(new Line(List.of(p.name()), sizes(p.requireValue().shape()), List.of()));
            }
        }
        out.add(new Line("Sample Sites:"));
        for (Message m : shown()) {
            if (m instanceof Message.Sample s) {
                Shape value = s.requireValue().shape();
                int event = s.distribution().eventShape().rank();
                out.add(line(s.name() + " dist", s.distribution().batchShape(), s.distribution().eventShape()));
                out.add(line("value", value.dropLast(event), value.last(event)));
                if (computeLogProb) {
                    out.add(line("log_prob", s.logProb().shape(), Shape.SCALAR));
                }
            } else if (m instanceof Message.Plate p) {
                out.add(line(p.name() + " plate", p.requireValue().shape(), Shape.SCALAR));
            }
        }
        return out;
    }

    @Override
    public String toString() {
        List<Line> lines = lines();
        int[] cells = IntStream.range(0, 3)
                .map(c -> lines.stream().mapToInt(l -> l.column(c).size()).max().orElse(0))
                .toArray();
        List<List<String>> rows = lines.stream().map(l -> padded(l, cells)).toList();
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(c -> rows.stream().mapToInt(r -> r.get(c).length()).max().orElse(0))
                .toArray();
        return rows.stream()
                .map(r -> IntStream.range(0, r.size())
                        .mapToObj(c -> " ".repeat(widths[c] - r.get(c).length()) + r.get(c))
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining("\n"));
    }

    /// Names and batch axes end at the right of their column, event axes begin at its left.
    private static List<String> padded(Line line, int[] cells) {
        List<String> out = new ArrayList<>();
        for (int c = 0; c < 3; c++) {
            List<String> own = line.column(c);
            List<String> empty = java.util.Collections.nCopies(cells[c] - own.size(), "");
            out.addAll(c < 2 ? empty : own);
            out.addAll(c < 2 ? own : empty);
        }
        return out;
    }
}
