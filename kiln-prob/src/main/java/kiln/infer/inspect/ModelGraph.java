package kiln.infer.inspect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kiln.array.Diagnosis;
import kiln.array.UserCode;

/// The plate diagram of a model: an ellipse for every random variable, grey where it is observed, dashed where it is deterministic; a
/// box for every parameter; a frame for every plate.
///
/// ```java
/// renderModel(model).renderDistributions(true).write(Path.of("model.svg"));
/// ```
///
/// @param relations           the sites and their parents
/// @param renderDistributions whether the distributions are listed
/// @param renderParams        whether parameters are drawn
public record ModelGraph(ModelRelations relations, boolean renderDistributions, boolean renderParams) {
    /// {@return a copy that lists the distributions, or does not}
    public ModelGraph renderDistributions(boolean v) {
        return new ModelGraph(relations, v, renderParams);
    }

    /// {@return a copy that draws parameters, or does not}
    public ModelGraph renderParams(boolean v) {
        return new ModelGraph(relations, renderDistributions, v);
    }

    /// {@return the diagram as a picture, SVG 1.1, which needs no other program}
    public String svg() {
        return new PlateDiagram(this).svg();
    }

    /// {@return the diagram in the language of Graphviz}
    public String dot() {
        var out = new StringBuilder("digraph {\n");
        List<String> open = new ArrayList<>();
        for (String site : nodesByPlate()) {
            List<String> plates = relations.platesOf(site);
            int common = 0;
            while (common < Math.min(open.size(), plates.size()) && open.get(common).equals(plates.get(common))) {
                common++;
            }
            for (int depth = open.size(); depth > common; depth--) {
                out.append("  ".repeat(depth)).append("}\n");
                open.removeLast();
            }
            for (int depth = common; depth < plates.size(); depth++) {
                open.add(plates.get(depth));
                String tab = "  ".repeat(depth + 1);
                out.append(tab).append("subgraph ").append(quoted("cluster_" + String.join("_", open))).append(" {\n");
                out.append(tab).append("  label=").append(quoted(plateLabel(plates.get(depth)))).append(" labeljust=r labelloc=b\n");
            }
            out.append("  ".repeat(open.size() + 1)).append(quoted(site)).append(" [").append(style(site)).append("]\n");
        }
        for (int depth = open.size(); depth > 0; depth--) {
            out.append("  ".repeat(depth)).append("}\n");
        }
        edges().forEach((from, to) -> to.forEach(
                t -> out.append("  ").append(quoted(from)).append(" -> ").append(quoted(t)).append('\n')));
        if (renderDistributions) {
            out.append("  distributions [label=")
                    .append(quoted(String.join("\\l", distributions()) + "\\l").replace("\\\\l", "\\l"))
                    .append(" shape=plaintext]\n");
        }
        return out.append("}\n").toString();
    }

    /// Writes the diagram: `.svg` as a picture, `.dot` or `.gv` as text for Graphviz.
    ///
    /// @throws IOException if the file cannot be written
    /// @throws IllegalArgumentException if the name ends otherwise
    public void write(Path file) throws IOException {
        String name = file.toString();
        if (name.endsWith(".svg")) {
            Files.writeString(file, svg());
        } else if (name.endsWith(".dot") || name.endsWith(".gv")) {
            Files.writeString(file, dot());
        } else {
            throw new IllegalArgumentException(new Diagnosis("renderModel", "the format of the file is not known")
                    .expected("a name that ends in .svg, .dot or .gv")
                    .got(name)
                    .at(UserCode.line())
                    .fix("write model.svg, or convert model.dot with Graphviz: dot -Tpng model.dot.")
                    .message());
        }
    }

    // ---- what is drawn

    /// {@return the sites that are drawn, parameters first, then in the order of the model}
    List<String> nodes() {
        List<String> out = new ArrayList<>();
        if (renderParams) {
            out.addAll(relations.paramConstraint().keySet());
        }
        out.addAll(relations.sampleDist().keySet());
        return out;
    }

    private List<String> nodesByPlate() {
        List<String> out = new ArrayList<>(nodes());
        out.sort(java.util.Comparator.comparing(site -> String.join("\u0000", relations.platesOf(site))));
        return out;
    }

    /// {@return the arrows by their beginning}
    Map<String, List<String>> edges() {
        Map<String, List<String>> out = new java.util.LinkedHashMap<>();
        for (String site : relations.sampleDist().keySet()) {
            List<String> parents = new ArrayList<>(relations.sampleSample().getOrDefault(site, List.of()));
            if (renderParams) {
                parents.addAll(relations.sampleParam().getOrDefault(site, List.of()));
            }
            parents.forEach(p -> out.computeIfAbsent(p, _ -> new ArrayList<>()).add(site));
        }
        return out;
    }

    /// {@return one line for each site: `obs ~ Normal`}
    List<String> distributions() {
        List<String> out = new ArrayList<>();
        relations.sampleDist().forEach((site, dist) -> out.add(dist.equals("Deterministic") ? site + " = " + dist : site + " ~ " + dist));
        if (renderParams) {
            relations.paramConstraint().forEach((param, constraint) -> out.add(param + ": " + constraint));
        }
        return out;
    }

    String plateLabel(String plate) {
        return plate + "[" + relations.plateSize().get(plate) + "]";
    }

    boolean isParam(String site) {
        return relations.paramConstraint().containsKey(site);
    }

    boolean isObserved(String site) {
        return relations.observed().contains(site);
    }

    boolean isDeterministic(String site) {
        return "Deterministic".equals(relations.sampleDist().get(site));
    }

    private String style(String site) {
        if (isParam(site)) {
            return "shape=box";
        }
        return isDeterministic(site)
                ? "shape=ellipse style=dashed"
                : "shape=ellipse style=filled fillcolor=" + (isObserved(site) ? "gray" : "white");
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
