package kiln.infer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.TracedValueException;
import kiln.dist.MultivariateNormal;
import kiln.graph.AffineUse;
import kiln.graph.Graph;
import kiln.graph.Node;
import kiln.graph.Provenance;
import kiln.graph.Tracer;
import kiln.infer.reparam.LocatedVariable;
import kiln.model.Message;
import kiln.model.Trace;

/// Finds the sites of a model that are located or scaled by others, in its graph.
///
/// They are so by the parameters of their distributions, or standard by those, and located and scaled by what the model computes from them. Sites in scans, whose location and scale
/// are only known step by step, are left out.
///
/// @param model   as written, without discrete sites
/// @param inScans sites that are drawn step by step
/// @param second  a run from another position than that in which its sites were found, for models that branch on values
record HierarchySearch(UnconstrainedModel model, Set<String> inScans, Supplier<Trace> second) {
    Hierarchy find() {
        List<LatentSite> candidates = model.sites().stream().filter(s -> !inScans.contains(s.name()) && variable(s, model.firstRun()).isPresent()).toList();
        List<LatentSite> vectors = model.sites().stream().filter(s -> !inScans.contains(s.name()) && vectors(s, model.firstRun()).isPresent()).toList();
        if (candidates.isEmpty() && vectors.isEmpty()) {
            return Hierarchy.NONE;
        }
        Graph graph;
        try {
            graph = graph(candidates, vectors, candidates.stream().anyMatch(this::isStandard));
        } catch (TracedValueException e) {
            // Which way a model takes that branches on its values could depend on any site: a second run shows which locations and scales move.
            Trace other = second.get();
            return Hierarchy.ofUnknown(candidates.stream().filter(s -> isHierarchical(s, other)).toList());
        }
        int parts = 2 * (candidates.size() + vectors.size());
        var found = new TreeMap<Integer, Hierarchy.Dependence>();
        List<LatentSite> located = new ArrayList<>();
        List<LatentSite> standard = new ArrayList<>();
        List<BitSet> needed = Provenance.of(new Graph(graph.parameters(), graph.outputs().subList(0, parts)), Provenance.singles(model.sites().size()));
        for (int k = 0; k < candidates.size(); k++) {
            LatentSite s = candidates.get(k);
            BitSet loc = needed.get(2 * k);
            BitSet scale = needed.get(2 * k + 1);
            if (!loc.isEmpty() || !scale.isEmpty()) {
                located.add(s);
                boolean isSpherical = Coordinates.isSpherical(model.firstRun().sample(s.name()));
                found.put(model.sites().indexOf(s), new Hierarchy.Dependence(s, loc, scale, isSpherical, null));
            } else if (isStandard(s)) {
                standard.add(s);
            }
        }
        List<LatentSite> moved = new ArrayList<>();
        var scales = new BitSet();
        for (int k = 0; k < vectors.size(); k++) {
            int i = model.sites().indexOf(vectors.get(k));
            BitSet loc = needed.get(2 * (candidates.size() + k));
            BitSet scale = needed.get(2 * (candidates.size() + k) + 1);
            // Where what others follow is looked for, their scales are needed before the vectors have their places.
            if (!(loc.isEmpty() && scale.isEmpty()) && found.values().stream().noneMatch(d -> d.scale().get(i))) {
                moved.add(vectors.get(k));
                scales.or(scale);
            }
        }
        BitSet unknown = Hierarchy.positions(model.sites(), s -> located.contains(s) || moved.contains(s));
        List<Node> densities = graph.outputs().subList(parts, graph.outputs().size());
        byHand(new Graph(graph.parameters(), densities), unknown, standard).forEach((i, use) -> {
            LatentSite s = model.sites().get(i);
            var own = ByHand.of(use);
            boolean isSpherical = own.hasOneScale() && variable(s, model.firstRun()).orElseThrow().isNormal();
            found.put(i, new Hierarchy.Dependence(s, own.loc(), own.scale(), isSpherical, own));
        });
        BitSet asWritten = Hierarchy.positions(model.sites(), s -> s.support().isUnconstrained() && !found.containsKey(model.sites().indexOf(s))
                && !moved.contains(s) && !inScans.contains(s.name()));
        var free = (BitSet) asWritten.clone();
        free.andNot(scales);
        return Hierarchy.of(model.sites(), List.copyOf(found.values()), free)
                .withVectors(model.sites(), moved, asWritten.stream().mapToObj(model.sites()::get).toList(), without(moved, found));
    }

    /// The members whose locations and scales depend on no vectors, not by way of other members either.
    private List<LatentSite> without(List<LatentSite> vectors, Map<Integer, Hierarchy.Dependence> found) {
        BitSet dependent = Hierarchy.positions(model.sites(), vectors::contains);
        for (int before = -1; before < dependent.cardinality();) {
            before = dependent.cardinality();
            found.forEach((i, d) -> {
                if (d.loc().intersects(dependent) || d.scale().intersects(dependent)) {
                    dependent.set(i);
                }
            });
        }
        return found.entrySet().stream().filter(e -> !dependent.get(e.getKey())).map(e -> e.getValue().site()).toList();
    }

    /// The model as a function of the positions of its sites: location and scale of some, and of some vectors, and the log densities of all, if they are asked for.
    private Graph graph(List<LatentSite> some, List<LatentSite> vectors, boolean withDensities) {
        List<Aval> types = model.sites().stream().map(s -> new Aval(DType.FLOAT64, s.unconstrainedShape())).toList();
        return Tracer.trace("coordinates", types, x -> {
                    Map<String, NDArray> q = ModelPosterior.named(model, x);
                    UnconstrainedModel.Terms run = model.terms(q);
                    var out = new ArrayList<NDArray>();
                    for (LatentSite s : some) {
                        LocatedVariable v = variable(s, run.trace()).orElseThrow();
                        out.add(v.loc());
                        out.add(v.scale());
                    }
                    for (LatentSite s : vectors) {
                        MultivariateNormal v = vectors(s, run.trace()).orElseThrow();
                        out.add(v.loc());
                        out.add(v.scaleTril());
                    }
                    if (withDensities) {
                        Map<String, NDArray> densities = run.densities();
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
    ///
    /// @param graph   the log densities: of the sites in their order, and of what else the model has
    /// @param unknown the located sites, and vectors
    private Map<Integer, AffineUse> byHand(Graph graph, BitSet unknown, List<LatentSite> standard) {
        var uses = new LinkedHashMap<Integer, AffineUse>();
        var asked = new AffineUse.Asked(graph);
        for (LatentSite s : standard) {
            int i = model.sites().indexOf(s);
            var others = new ArrayList<>(graph.outputs());
            others.remove(i);
            asked.use(i, others)
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

    private static Optional<MultivariateNormal> vectors(LatentSite site, Trace trace) {
        return trace.sites().get(site.name()) instanceof Message.Sample s ? VectorLikelihood.located(s) : Optional.empty();
    }

    private static boolean same(NDArray a, NDArray b) {
        return a.known().sameAs(b.known());
    }
}
