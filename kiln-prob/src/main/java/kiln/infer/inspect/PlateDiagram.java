package kiln.infer.inspect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Places the sites of a model on a grid and draws them.
///
/// A row is a step of dependence: a site stands below all its parents. A column block belongs to one combination of plates, and the
/// blocks of a plate are neighbours, so that its frame holds its own sites and no others, crossed plates included. Sites of no plate
/// that depend on nothing inside one stand above the frames, those that everything leads to below.
final class PlateDiagram {
    private static final double PAD = 14;
    private static final double LABEL = 16;
    private static final double NODE_HEIGHT = 36;
    private static final double GAP = 24;

    private final ModelGraph graph;
    private final List<String> nodes;
    private final Map<String, List<String>> parents = new LinkedHashMap<>();
    private final Map<String, Integer> rows = new HashMap<>();
    private final Map<String, double[]> places = new LinkedHashMap<>();
    private final List<Set<String>> blocks = new ArrayList<>();
    /// Left and right end of every block.
    private final List<double[]> ends = new ArrayList<>();
    /// Sites above and below the frames, which belong to no block.
    private final Set<String> outside = new LinkedHashSet<>();
    private double width;
    private double lowestFrame;

    PlateDiagram(ModelGraph graph) {
        this.graph = graph;
        this.nodes = graph.nodes();
        nodes.forEach(n -> parents.put(n, new ArrayList<>()));
        graph.edges().forEach((from, to) -> to.forEach(t -> parentsOf(t).add(from)));
        assignRows();
        orderBlocks();
        place();
    }

    private List<String> parentsOf(String node) {
        return parents.computeIfAbsent(node, _ -> new ArrayList<>());
    }

    private Set<String> platesOf(String node) {
        return new LinkedHashSet<>(graph.relations().platesOf(node));
    }

    private int row(String node) {
        return rows.getOrDefault(node, 0);
    }

    // ---- rows

    private void assignRows() {
        Set<String> behindPlates = new LinkedHashSet<>();
        for (String n : inOrder()) {
            if (!platesOf(n).isEmpty() || parentsOf(n).stream().anyMatch(behindPlates::contains)) {
                behindPlates.add(n);
            } else {
                rows.put(n, parentsOf(n).stream().mapToInt(p -> row(p) + 1).max().orElse(0));
                outside.add(n);
            }
        }
        int base = outside.stream().mapToInt(n -> row(n) + 1).max().orElse(0);
        for (String n : inOrder()) {
            if (behindPlates.contains(n)) {
                rows.put(n, parentsOf(n).stream().mapToInt(p -> row(p) + 1).max().orElse(0));
                rows.merge(n, base, Math::max);
            }
        }
        int last = behindPlates.stream().filter(n -> !platesOf(n).isEmpty()).mapToInt(this::row).max().orElse(-1);
        for (String n : inOrder()) {
            if (behindPlates.contains(n) && platesOf(n).isEmpty() && leadsToNoPlate(n)) {
                int below = parentsOf(n).stream().mapToInt(p -> row(p) + 1).max().orElse(0);
                rows.put(n, Math.max(below, last + 1));
                outside.add(n);
            }
        }
    }

    /// Sites with every parent before its children: the order of the model, but for parameters, which have no parents.
    private List<String> inOrder() {
        List<String> out = new ArrayList<>();
        List<String> left = new ArrayList<>(nodes);
        while (!left.isEmpty()) {
            String next = left.stream()
                    .filter(n -> out.containsAll(parentsOf(n).stream().filter(nodes::contains).toList()))
                    .findFirst()
                    .orElse(left.getFirst());
            left.remove(next);
            out.add(next);
        }
        return out;
    }

    private boolean leadsToNoPlate(String node) {
        return nodes.stream()
                .filter(n -> parentsOf(n).contains(node))
                .allMatch(n -> platesOf(n).isEmpty() && leadsToNoPlate(n));
    }

    // ---- columns

    private void orderBlocks() {
        Set<Set<String>> found = new LinkedHashSet<>();
        nodes.stream().filter(n -> !outside.contains(n)).forEach(n -> found.add(platesOf(n)));
        List<Set<String>> given = List.copyOf(found);
        List<Set<String>> ordered = given.size() <= 7 ? arranged(new ArrayList<>(), given) : List.of();
        blocks.addAll(ordered.isEmpty() ? given : ordered);
    }

    /// {@return an order in which the blocks of every plate are neighbours; empty if there is none}
    private static List<Set<String>> arranged(List<Set<String>> chosen, List<Set<String>> all) {
        if (!areNeighbours(chosen)) {
            return List.of();
        }
        if (chosen.size() == all.size()) {
            return List.copyOf(chosen);
        }
        for (Set<String> next : all) {
            if (!chosen.contains(next)) {
                chosen.add(next);
                List<Set<String>> done = arranged(chosen, all);
                if (!done.isEmpty()) {
                    return done;
                }
                chosen.removeLast();
            }
        }
        return List.of();
    }

    private static boolean areNeighbours(List<Set<String>> order) {
        Set<String> closed = new LinkedHashSet<>();
        for (int i = 1; i < order.size(); i++) {
            Set<String> left = new LinkedHashSet<>(order.get(i - 1));
            left.removeAll(order.get(i));
            closed.addAll(left);
            if (order.get(i).stream().anyMatch(closed::contains)) {
                return false;
            }
        }
        return true;
    }

    // ---- places

    private static double textWidth(String text) {
        return 7.6 * text.length();
    }

    private static double nodeWidth(String node) {
        return Math.max(56, textWidth(node) + 26);
    }

    private void place() {
        double x = GAP;
        Set<String> before = Set.of();
        for (Set<String> block : blocks) {
            x += PAD * changes(before, block);
            double need = block.stream().mapToDouble(p -> textWidth(graph.plateLabel(p)) + 12).max().orElse(0);
            for (int r : new LinkedHashSet<>(rows.values())) {
                need = Math.max(need, inBlock(block, r).stream().mapToDouble(n -> nodeWidth(n) + GAP).sum());
            }
            ends.add(new double[] {x, x + need});
            x += need;
            before = block;
        }
        x += PAD * before.size();
        double widestRow = 0;
        for (int r : new LinkedHashSet<>(rows.values())) {
            widestRow = Math.max(widestRow, outsideIn(r).stream().mapToDouble(n -> nodeWidth(n) + GAP).sum());
        }
        width = Math.max(x + GAP, widestRow + 2 * GAP);
        double shift = (width - x - GAP) / 2;
        ends.forEach(e -> {
            e[0] += shift;
            e[1] += shift;
        });
        int lastRow = rows.values().stream().mapToInt(r -> r).max().orElse(0);
        for (int r = 0; r <= lastRow; r++) {
            line(outsideIn(r), GAP, width - GAP, r);
            for (int b = 0; b < blocks.size(); b++) {
                line(inBlock(blocks.get(b), r), ends.get(b)[0], ends.get(b)[1], r);
            }
        }
    }

    private static int changes(Set<String> a, Set<String> b) {
        Set<String> all = new LinkedHashSet<>(a);
        all.addAll(b);
        all.removeIf(p -> a.contains(p) && b.contains(p));
        return all.size();
    }

    private List<String> inBlock(Set<String> block, int row) {
        return nodes.stream()
                .filter(n -> !outside.contains(n) && row(n) == row && platesOf(n).equals(block))
                .toList();
    }

    private List<String> outsideIn(int row) {
        return nodes.stream().filter(n -> outside.contains(n) && row(n) == row).toList();
    }

    /// Spreads sites over a stretch of a row, those whose parents stand further left first.
    private void line(List<String> some, double left, double right, int row) {
        List<String> sorted = new ArrayList<>(some);
        sorted.sort(java.util.Comparator.comparingDouble(this::middleOfParents));
        double free = right - left - sorted.stream().mapToDouble(PlateDiagram::nodeWidth).sum();
        double gap = free / Math.max(1, sorted.size());
        double x = left + gap / 2;
        for (String n : sorted) {
            places.put(n, new double[] {x + nodeWidth(n) / 2, GAP + NODE_HEIGHT / 2 + row * rowHeight()});
            x += nodeWidth(n) + gap;
        }
    }

    private double middleOfParents(String node) {
        return parentsOf(node).stream()
                .filter(places::containsKey)
                .mapToDouble(p -> at(p)[0])
                .average()
                .orElse(0);
    }

    private double[] at(String node) {
        return java.util.Objects.requireNonNull(places.get(node), node);
    }

    private double rowHeight() {
        int deepest = nodes.stream().mapToInt(n -> platesOf(n).size()).max().orElse(0);
        return NODE_HEIGHT + 34 + deepest * (PAD + LABEL);
    }

    // ---- drawing

    String svg() {
        var body = new StringBuilder();
        for (String plate : graph.relations().plateSample().keySet()) {
            frame(body, plate);
        }
        graph.edges().forEach((from, to) -> to.forEach(t -> arrow(body, from, t)));
        nodes.forEach(n -> node(body, n));
        double lowest = places.values().stream().mapToDouble(c -> c[1] + NODE_HEIGHT / 2).max().orElse(0);
        double height = GAP + Math.max(lowest, lowestFrame);
        double full = width;
        if (graph.renderDistributions()) {
            List<String> lines = graph.distributions();
            for (int i = 0; i < lines.size(); i++) {
                text(body, lines.get(i), width + GAP, GAP + 16 + 18 * i, "start");
            }
            full += 2 * GAP + lines.stream().mapToDouble(PlateDiagram::textWidth).max().orElse(0);
            height = Math.max(height, 2 * GAP + 18 * lines.size());
        }
        return String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" font-family="Helvetica, Arial, sans-serif" font-size="14">
                <defs><marker id="tip" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L10 5 L0 10 z"/></marker></defs>
                <rect width="100%%" height="100%%" fill="white"/>
                """, full, height, full, height) + body + "</svg>\n";
    }

    private void frame(StringBuilder out, String plate) {
        List<String> inside = nodes.stream().filter(n -> platesOf(n).contains(plate)).toList();
        if (inside.isEmpty()) {
            return;
        }
        double left = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        for (int b = 0; b < blocks.size(); b++) {
            if (blocks.get(b).contains(plate)) {
                left = Math.min(left, ends.get(b)[0]);
                right = Math.max(right, ends.get(b)[1]);
            }
        }
        double top = inside.stream().mapToDouble(n -> at(n)[1]).min().orElse(0) - NODE_HEIGHT / 2;
        double bottom = inside.stream().mapToDouble(n -> at(n)[1]).max().orElse(0) + NODE_HEIGHT / 2;
        int within = depthWithin(plate);
        left -= PAD * 0.5 * within;
        right += PAD * 0.5 * within;
        top -= 8 + PAD * 0.5 * within;
        bottom += 6 + LABEL + (LABEL + 4) * within;
        lowestFrame = Math.max(lowestFrame, bottom);
        out.append(String.format(Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"6\" fill=\"none\" stroke=\"#444\"/>\n", left, top,
                right - left, bottom - top));
        text(out, graph.plateLabel(plate), right - 6, bottom - 5, "end");
    }

    /// {@return how many frames lie inside this one, one within the other: the room that their borders need}
    private int depthWithin(String plate) {
        List<String> own = sitesIn(plate);
        int depth = 0;
        for (String other : graph.relations().plateSample().keySet()) {
            List<String> theirs = sitesIn(other);
            boolean isSmaller = theirs.size() < own.size()
                    || (theirs.size() == own.size() && order(other) > order(plate));
            if (!other.equals(plate) && !theirs.isEmpty() && own.containsAll(theirs) && isSmaller) {
                depth = Math.max(depth, 1 + depthWithin(other));
            }
        }
        // Of two crossed plates one has the wider frame, so that their borders do not run into each other.
        boolean isCrossed = graph.relations().plateSample().keySet().stream().anyMatch(other -> order(other) < order(plate)
                && sitesIn(other).stream().anyMatch(own::contains)
                && !sitesIn(other).containsAll(own)
                && !own.containsAll(sitesIn(other)));
        return isCrossed ? depth + 1 : depth;
    }

    private List<String> sitesIn(String plate) {
        return nodes.stream().filter(n -> platesOf(n).contains(plate)).toList();
    }

    private int order(String plate) {
        return List.copyOf(graph.relations().plateSample().keySet()).indexOf(plate);
    }

    private void arrow(StringBuilder out, String from, String to) {
        double[] a = edgeOf(from, at(to));
        double[] b = edgeOf(to, at(from));
        boolean isLong = row(to) - row(from) > 1;
        double bend = isLong ? 0.35 * (b[1] - a[1]) : 0;
        double middleX = (a[0] + b[0]) / 2 + (at(from)[0] <= at(to)[0] ? -bend : bend);
        double middleY = (a[1] + b[1]) / 2;
        if (isLong) {
            a = edgeOf(from, new double[] {middleX, middleY});
            b = edgeOf(to, new double[] {middleX, middleY});
        }
        out.append(String.format(Locale.ROOT,
                "<path d=\"M%.1f %.1f Q%.1f %.1f %.1f %.1f\" fill=\"none\" stroke=\"black\" marker-end=\"url(#tip)\"/>\n", a[0], a[1],
                middleX, middleY, b[0], b[1]));
    }

    /// {@return where the border of a site is crossed on the way to a point}
    private double[] edgeOf(String node, double[] towards) {
        double[] c = at(node);
        double dx = towards[0] - c[0];
        double dy = towards[1] - c[1];
        double rx = nodeWidth(node) / 2;
        double ry = NODE_HEIGHT / 2;
        double scale = graph.isParam(node)
                ? 1 / Math.max(Math.abs(dx) / rx, Math.abs(dy) / ry)
                : 1 / Math.sqrt(dx * dx / (rx * rx) + dy * dy / (ry * ry));
        return new double[] {c[0] + dx * scale, c[1] + dy * scale};
    }

    private void node(StringBuilder out, String node) {
        double[] c = at(node);
        double w = nodeWidth(node);
        if (graph.isParam(node)) {
            out.append(String.format(Locale.ROOT,
                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"white\" stroke=\"black\"/>\n", c[0] - w / 2,
                    c[1] - NODE_HEIGHT / 2, w, NODE_HEIGHT));
        } else {
            out.append(String.format(Locale.ROOT,
                    "<ellipse cx=\"%.1f\" cy=\"%.1f\" rx=\"%.1f\" ry=\"%.1f\" fill=\"%s\" stroke=\"black\"%s/>\n", c[0], c[1], w / 2,
                    NODE_HEIGHT / 2, graph.isObserved(node) ? "#cccccc" : "white",
                    graph.isDeterministic(node) ? " stroke-dasharray=\"5 3\"" : ""));
        }
        text(out, node, c[0], c[1] + 5, "middle");
    }

    private static void text(StringBuilder out, String text, double x, double y, String anchor) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        out.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor, escaped));
    }
}
