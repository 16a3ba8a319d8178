package kiln.infer.inspect;

import static kiln.array.Np.*;
import static kiln.infer.inspect.Inspect.*;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.dist.HalfCauchy;
import kiln.dist.LogNormal;
import kiln.dist.Normal;
import kiln.dist.constraint.Constraints;
import kiln.model.Model;
import kiln.model.Trace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Relations, shapes and pictures of models.
class InspectTest {
    private static void documented() {
        NDArray m = sample("m", new Normal(0, 1));
        NDArray sd = sample("sd", new LogNormal(m, 1));
        try (var _ = plate("N", 10)) {
            sample("obs", new Normal(m, sd), ones(10));
        }
    }

    /// The example of NumPyro's documentation of `get_model_relations`.
    @Test
    void relationsAreThoseThatNumPyroPrints() {
        ModelRelations r = getModelRelations(InspectTest::documented);
        assertThat(r.sampleSample()).isEqualTo(Map.of("m", List.of(), "sd", List.of("m"), "obs", List.of("m", "sd")));
        assertThat(r.sampleParam()).isEqualTo(Map.of("m", List.of(), "sd", List.of(), "obs", List.of()));
        assertThat(r.sampleDist()).isEqualTo(Map.of("m", "Normal", "sd", "LogNormal", "obs", "Normal"));
        assertThat(r.paramConstraint()).isEmpty();
        assertThat(r.plateSample()).isEqualTo(Map.of("N", List.of("obs")));
        assertThat(r.observed()).containsExactly("obs");
    }

    private static final Model SCHOOLS = () -> {
        NDArray mu = sample("mu", new Normal(0, 5));
        NDArray tau = sample("tau", new HalfCauchy(5));
        NDArray sigma = param("sigma", 10, Constraints.positive);
        try (var _ = plate("school", 8)) {
            NDArray z = sample("z", new Normal(0, 1));
            NDArray theta = deterministic("theta", mu.plus(tau.times(z)));
            sample("y", new Normal(theta, sigma), zeros(8));
        }
    };

    @Test
    void deterministicSitesAndParametersAreNodes() {
        ModelRelations r = getModelRelations(SCHOOLS);
        assertThat(r.sampleSample()).containsEntry("theta", List.of("mu", "tau", "z")).containsEntry("y", List.of("theta"));
        assertThat(r.sampleParam()).containsEntry("y", List.of("sigma"));
        assertThat(r.paramConstraint()).containsEntry("sigma", "> 0");
        assertThat(r.plateSample()).containsEntry("school", List.of("z", "theta", "y"));
    }

    @Test
    void theTextForGraphviz() {
        assertThat(renderModel(SCHOOLS).renderParams(true).renderDistributions(true).dot()).isEqualTo("""
                digraph {
                  "sigma" [shape=box]
                  "mu" [shape=ellipse style=filled fillcolor=white]
                  "tau" [shape=ellipse style=filled fillcolor=white]
                  subgraph "cluster_school" {
                    label="school[8]" labeljust=r labelloc=b
                    "z" [shape=ellipse style=filled fillcolor=white]
                    "theta" [shape=ellipse style=dashed]
                    "y" [shape=ellipse style=filled fillcolor=gray]
                  }
                  "mu" -> "theta"
                  "tau" -> "theta"
                  "z" -> "theta"
                  "theta" -> "y"
                  "sigma" -> "y"
                  distributions [label="mu ~ Normal\\ltau ~ HalfCauchy\\lz ~ Normal\\ltheta = Deterministic\\ly ~ Normal\\lsigma: > 0\\l" shape=plaintext]
                }
                """);
    }

    private static final Model CROSSED = () -> {
        NDArray mu = sample("mu", new Normal(0, 1));
        NDArray a;
        NDArray b;
        NDArray c;
        try (var _ = plate("row", 3, dim(-2))) {
            a = sample("row_effect", new Normal(mu, 1));
        }
        try (var _ = plate("column", 4, dim(-1))) {
            b = sample("column_effect", new Normal(mu, 1));
            try (var _ = plate("row", 3, dim(-2))) {
                c = sample("cell", new Normal(a.plus(b), 1));
                try (var _ = plate("repeat", 2)) {
                    sample("y", new Normal(c, 1), zeros(2, 3, 4));
                }
            }
        }
        sample("total", new Normal(c.sum(), 1), 0);
    };

    private static List<Map<String, Double>> shapes(String svg, String tag) {
        return Pattern.compile("<" + tag + " ([^>]*)/>").matcher(svg).results().map(shape -> {
            Map<String, Double> out = new LinkedHashMap<>();
            Pattern.compile("(\\w+)=\"([0-9.-]+)\"").matcher(shape.group(1)).results()
                    .forEach(a -> out.put(a.group(1), Double.parseDouble(a.group(2))));
            return out;
        }).toList();
    }

    private static double get(Map<String, Double> shape, String attribute) {
        return Objects.requireNonNull(shape.get(attribute), attribute);
    }

    private static final Model MIXTURE = () -> {
        NDArray locs;
        try (var _ = plate("components of the mixture", 3)) {
            locs = sample("a", new Normal(0, 1));
        }
        try (var _ = plate("data", 5)) {
            sample("y", new Normal(locs.sum(), 1), zeros(5));
        }
    };

    /// Every site stands inside the frames of its plates and of no others, a frame is wider than its name, and no two sites overlap.
    @Test
    void thePictureShowsWhichSiteIsInWhichPlate() {
        for (Model model : List.of(SCHOOLS, CROSSED, MIXTURE, (Model) InspectTest::documented)) {
            ModelGraph graph = renderModel(model);
            List<String> plates = List.copyOf(graph.relations().plateSample().keySet());
            // The first rectangle is the background.
            List<Map<String, Double>> frames = shapes(graph.svg(), "rect").subList(1, plates.size() + 1);
            List<Map<String, Double>> ellipses = shapes(graph.svg(), "ellipse");
            List<String> sites = graph.nodes();
            assertThat(ellipses).hasSameSizeAs(sites);
            for (int p = 0; p < plates.size(); p++) {
                assertThat(get(frames.get(p), "width")).isGreaterThan(7.6 * graph.plateLabel(plates.get(p)).length());
            }
            for (int i = 0; i < sites.size(); i++) {
                var e = ellipses.get(i);
                for (int p = 0; p < plates.size(); p++) {
                    var frame = frames.get(p);
                    boolean belongs = Objects.requireNonNull(graph.relations().plateSample().get(plates.get(p))).contains(sites.get(i));
                    for (int side : new int[] {-1, 1}) {
                        double x = get(e, "cx") + side * get(e, "rx") - get(frame, "x");
                        double y = get(e, "cy") - get(frame, "y");
                        assertThat(0 < x && x < get(frame, "width") && 0 < y && y < get(frame, "height"))
                                .as(sites.get(i) + " in " + plates.get(p))
                                .isEqualTo(belongs);
                    }
                }
                for (int k = 0; k < i; k++) {
                    var other = ellipses.get(k);
                    boolean apart = Math.abs(get(e, "cy") - get(other, "cy")) > 36
                            || Math.abs(get(e, "cx") - get(other, "cx")) > get(e, "rx") + get(other, "rx");
                    assertThat(apart).as(sites.get(i) + " beside " + sites.get(k)).isTrue();
                }
            }
        }
    }

    @Test
    void filesAreWrittenByTheirEnding(@TempDir Path folder) throws IOException {
        ModelGraph graph = renderModel(InspectTest::documented);
        graph.write(folder.resolve("m.svg"));
        graph.write(folder.resolve("m.dot"));
        assertThat(Files.readString(folder.resolve("m.svg"))).isEqualTo(graph.svg());
        assertThat(Files.readString(folder.resolve("m.dot"))).isEqualTo(graph.dot());
    }

    /// The table of NumPyro's test of `format_shapes`.
    @Test
    void shapesAreLaidOutAsNumPyroDoes() {
        NDArray data = arange(100);
        Trace tr = trace(() -> {
            NDArray mean = param("mean", zeros(100));
            NDArray scale = sample("scale", new LogNormal(0, 1).expand(3).toEvent(1)).sum();
            try (var p = plate("data", 100, subsampleSize(10))) {
                sample("x", new Normal(mean.get(Index.at(p.indices())), scale), data.get(Index.at(p.indices())));
            }
        }, seed(0));
        assertThat(formatShapes(tr).lines().map(String::stripTrailing)).containsExactly(
                "Trace Shapes:",
                " Param Sites:",
                "         mean    100",
                "Sample Sites:",
                "   scale dist      | 3",
                "        value      | 3",
                "   data plate 10   |",
                "       x dist 10   |",
                "        value 10   |");
        assertThat(formatShapesWithLogProb(tr, "Trace Shapes:", "scale").lines().map(String::stripTrailing)).containsExactly(
                "Trace Shapes:",
                " Param Sites:",
                "         mean 100",
                "Sample Sites:",
                "   scale dist   | 3",
                "        value   | 3",
                "     log_prob   |");
    }
}
