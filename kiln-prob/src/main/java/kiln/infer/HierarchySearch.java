package kiln.infer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.TracedValueException;
import kiln.graph.AffineUse;
import kiln.graph.Graph;
import kiln.graph.Node;
import kiln.graph.Provenance;
import kiln.graph.Tracer;
import kiln.infer.reparam.LocatedVariable;
import kiln.model.Message;
import kiln.model.Trace;
import org.jspecify.annotations.Nullable;

/// Finds the sites of a model that are located or scaled by others.
///
/// Those that are so by their distributions are found by a second run of the model, in which their location or scale differs from that of the first. Those that are standard by
/// their distribution, and are located and scaled by what the model computes from them, are found in its graph. Sites in scans, whose location and scale are only known step
/// by step, are left out.
///
/// @param model  as written, without discrete sites
/// @param second a run from another position than that in which its sites were found
record HierarchySearch(UnconstrainedModel model, Supplier<UnconstrainedModel.Run> second) {
    Hierarchy find() {
        List<LatentSite> candidates = model.sites().stream().filter(s -> variable(s, model.firstRun()).isPresent()).toList();
        if (candidates.isEmpty()) {
            return Hierarchy.NONE;
        }
        UnconstrainedModel.Run other = second.get();
        List<LatentSite> located = new ArrayList<>();
        List<LatentSite> standard = new ArrayList<>();
        for (LatentSite s : candidates) {
            if (other.inScans().contains(s.name())) {
                continue;
            }
            if (isHierarchical(s, other.trace())) {
                located.add(s);
            } else if (isStandard(s)) {
                standard.add(s);
            }
        }
        return located.isEmpty() && (standard.isEmpty() || standard.size() == model.sites().size())
                ? Hierarchy.NONE
                : find(located, standard, other);
    }

    private Hierarchy find(List<LatentSite> located, List<LatentSite> standard, UnconstrainedModel.Run other) {
        Graph graph;
        try {
            graph = graph(located, !standard.isEmpty());
        } catch (TracedValueException e) {
            // Which way a model takes that branches on its values could depend on any site.
            return located.isEmpty() ? Hierarchy.NONE : Hierarchy.ofUnknown(located);
        }
        var found = new TreeMap<Integer, Hierarchy.Dependence>();
        List<BitSet> needed = Provenance.of(new Graph(graph.parameters(), graph.outputs().subList(0, 2 * located.size())), marks());
        for (int k = 0; k < located.size(); k++) {
            LatentSite s = located.get(k);
            found.put(model.sites().indexOf(s), new Hierarchy.Dependence(
                    s, needed.get(2 * k), needed.get(2 * k + 1), Coordinates.isSpherical(model.firstRun().sample(s.name())), null));
        }
        byHand(graph, located, standard).forEach((i, use) -> {
            LatentSite s = model.sites().get(i);
            var own = ByHand.of(use);
            boolean isSpherical = own.hasOneScale() && variable(s, model.firstRun()).orElseThrow().isNormal();
            found.put(i, new Hierarchy.Dependence(s, own.loc(), own.scale(), isSpherical, own));
        });
        if (found.isEmpty()) {
            return Hierarchy.NONE;
        }
        return Hierarchy.of(model.sites(), List.copyOf(found.values()),
                Hierarchy.positions(model.sites(), s -> s.support().isUnconstrained() && !found.containsKey(model.sites().indexOf(s))
                        && !other.inScans().contains(s.name())));
    }

    /// The model as a function of the positions of its sites: location and scale of the located ones, and the log densities of all, if they are asked for.
    private Graph graph(List<LatentSite> located, boolean withDensities) {
        List<Aval> types = model.sites().stream().map(s -> new Aval(DType.FLOAT64, s.unconstrainedShape())).toList();
        return Tracer.trace("coordinates", types, x -> {
                    Map<String, NDArray> q = ModelPosterior.named(model, x);
                    Trace trace = model.trace(q);
                    var out = new ArrayList<NDArray>();
                    for (LatentSite s : located) {
                        LocatedVariable v = variable(s, trace).orElseThrow();
                        out.add(v.loc());
                        out.add(v.scale());
                    }
                    if (withDensities) {
                        Map<String, NDArray> densities = model.logDensities(q);
                        model.sites().forEach(s -> out.add(Objects.requireNonNull(densities.get(s.name()))));
                        densities.forEach((name, density) -> {
                            if (!q.containsKey(name)) {
                                out.add(density);
                            }
                        });
                    }
                    return out;
                })
                .graph();
    }

    /// How the standard sites are used that the densities of all others see scaled by others, by their place in the list of sites.
    ///
    /// Neither scale nor location may depend on located sites, whose own are not known before the run gets there, nor on what depends on the site again: of two effects of one
    /// unit each would be the location of the other.
    private Map<Integer, AffineUse> byHand(Graph graph, List<LatentSite> located, List<LatentSite> standard) {
        List<Node> densities = graph.outputs().subList(2 * located.size(), graph.outputs().size());
        BitSet unknown = Hierarchy.positions(model.sites(), located::contains);
        var uses = new LinkedHashMap<Integer, AffineUse>();
        for (LatentSite s : standard) {
            int i = model.sites().indexOf(s);
            var others = new ArrayList<>(densities);
            others.remove(i);
            AffineUse.of(new Graph(graph.parameters(), others), i)
                    .filter(use -> !use.scaleParameters().intersects(unknown))
                    .ifPresent(use -> uses.put(i, use.without(unknown)));
        }
        Map<Integer, BitSet> reached = reached(uses);
        var out = new LinkedHashMap<Integer, AffineUse>();
        uses.forEach((i, use) -> {
            var round = new BitSet();
            reached.forEach((j, from) -> round.set(j, from.get(i)));
            if (!use.scaleParameters().intersects(round)) {
                out.put(i, use.without(round));
            }
        });
        return out;
    }

    /// What scales and locations of some sites depend on, by way of each other.
    private static Map<Integer, BitSet> reached(Map<Integer, AffineUse> uses) {
        var out = new LinkedHashMap<Integer, BitSet>();
        uses.forEach((i, use) -> {
            BitSet own = use.scaleParameters();
            own.or(use.locParameters());
            out.put(i, own);
        });
        for (int k : uses.keySet()) {
            BitSet through = Objects.requireNonNull(out.get(k));
            out.values().stream().filter(own -> own.get(k)).forEach(own -> own.or(through));
        }
        return out;
    }

    private List<BitSet> marks() {
        List<BitSet> marks = new ArrayList<>();
        for (int i = 0; i < model.sites().size(); i++) {
            var own = new BitSet();
            own.set(i);
            marks.add(own);
        }
        return marks;
    }

    private boolean isStandard(LatentSite s) {
        LocatedVariable v = variable(s, model.firstRun()).orElseThrow();
        return s.support().isUnconstrained() && Np.all(v.loc().eq(0)).isTrue() && Np.all(v.scale().eq(1)).isTrue();
    }

    private boolean isHierarchical(LatentSite site, Trace second) {
        LocatedVariable one = variable(site, model.firstRun()).orElseThrow();
        Optional<LocatedVariable> other = variable(site, second);
        return other.isPresent() && !(same(one.loc(), other.get().loc()) && same(one.scale(), other.get().scale()));
    }

    private static Optional<LocatedVariable> variable(LatentSite site, Trace trace) {
        return trace.sites().get(site.name()) instanceof Message.Sample s ? Coordinates.located(s) : Optional.empty();
    }

    private static boolean same(NDArray a, NDArray b) {
        return a.known().sameAs(b.known());
    }
}
