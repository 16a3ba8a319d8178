package kiln.infer.enumeration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.func.Functions;
import kiln.graph.Tracer;
import kiln.model.HandlerException;
import org.jspecify.annotations.Nullable;

/// A log joint density for all values of its discrete sites, and what follows from it by elimination: their sum, draws, the most
/// probable values.
///
/// ```
/// log Σ_z exp( Σ_f f(z) )
/// ```
///
/// The factors may be traced, so that the results can be differentiated and compiled.
public final class Enumeration {
    private final List<DiscreteSite> sites;
    private final Eliminator eliminator;
    private final List<Table> tables;
    private final List<ChainElimination> chains;
    private final SequencedMap<String, NDArray> free;
    /// The factors of the first tables.
    private final List<Factor> factors;
    /// Number of the variable of each site that is in no chain.
    private final Map<Integer, Integer> numbers;

    private volatile @Nullable Pass sum;
    private volatile @Nullable Pass best;

    Enumeration(
            List<DiscreteSite> sites,
            Eliminator eliminator,
            List<Table> tables,
            List<ChainElimination> chains,
            SequencedMap<String, NDArray> free,
            List<Factor> factors,
            Map<Integer, Integer> numbers) {
        this.sites = sites;
        this.eliminator = eliminator;
        this.tables = tables;
        this.chains = chains;
        this.free = free;
        this.factors = factors;
        this.numbers = numbers;
    }

    /// Runs a model for all values of its discrete sites.
    ///
    /// @param sites the discrete sites
    /// @param run   from one value of each site to the terms of the log joint; run once, on traced values
    /// @throws HandlerException if a table is too large
    public static Enumeration of(List<DiscreteSite> sites, Function<List<NDArray>, List<Factor>> run) {
        return tabulation(sites, run).run();
    }

    /// Checks that a model can be summed out: that its tables are not too large, and that copies in a plate do not depend on the values of
    /// discrete sites in other copies, at random values that differ from copy to copy.
    ///
    /// @param sites the discrete sites
    /// @param run   from values to factors, as in [#of], everything else known; run once on traced values, and on known ones if there are copies
    /// @param keys  sources of values, one for each time that the copies are looked at
    /// @throws HandlerException if a table is too large, or a copy depends on another one
    public static void verify(List<DiscreteSite> sites, Function<List<NDArray>, List<Factor>> run, PRNGKey[] keys) {
        Tabulation tabulation = tabulation(sites, run);
        if (tabulation.hasCopies()) {
            Enumeration made = tabulation.run();
            var copies = new Copies(sites, made.eliminator, made.tables, made.chains, made.factors, made.numbers);
            for (PRNGKey key : keys) {
                copies.check(run, key);
            }
        }
    }

    private static Tabulation tabulation(List<DiscreteSite> sites, Function<List<NDArray>, List<Factor>> run) {
        List<Factor> factors = new ArrayList<>();
        List<Aval> types = sites.stream().map(s -> new Aval(s.dtype(), s.shape())).toList();
        Tracer.Closure closure = Tracer.trace("enumeration", types, z -> {
            factors.addAll(run.apply(z));
            return factors.stream().map(Factor::density).toList();
        });
        return new Tabulation(sites, factors, closure);
    }

    // ---- elimination

    private record Pass(List<ChainElimination.Message> messages, List<Table> all) {}

    /// The sum, or the maximum, made when it is first asked for.
    private Pass pass(boolean max) {
        Pass known = max ? best : sum;
        if (known == null) {
            known = run(max, Map.of(), List.of());
            best = max ? known : best;
            sum = max ? sum : known;
        }
        return known;
    }

    /// @param further  further log factors of variables
    /// @param ofChains those of the steps of all chains, one site after the other; or none
    private Pass run(boolean max, Map<Integer, NDArray> further, List<NDArray> ofChains) {
        List<ChainElimination.Message> messages = new ArrayList<>();
        int at = 0;
        for (ChainElimination c : chains) {
            int own = ofChains.isEmpty() ? 0 : c.shapes().size();
            messages.add(c.message(max, ofChains.subList(at, at + own)));
            at += own;
        }
        List<Table> given = new ArrayList<>(tables);
        messages.forEach(m -> given.add(m.table()));
        return new Pass(messages, eliminator.run(given, max, further));
    }

    // ---- results

    /// {@return the terms of the log density with the discrete sites summed out: those of the sites that do not depend on them, and one
    /// for all others}
    public SequencedMap<String, NDArray> terms() {
        var out = new LinkedHashMap<>(free);
        String all = sites.stream().map(DiscreteSite::name).collect(Collectors.joining(", "));
        out.put(all, eliminator.result(pass(false).all()).values());
        return out;
    }

    /// {@return a draw of all discrete sites from their joint distribution given everything else}
    ///
    /// @param key source of the draw
    public SequencedMap<String, NDArray> sample(PRNGKey key) {
        List<Shape> shapes = noise();
        PRNGKey[] keys = key.split(shapes.size());
        return sample(IntStream.range(0, keys.length).mapToObj(i -> keys[i].gumbel(shapes.get(i))).toList());
    }

    /// {@return the shapes of the random numbers that a draw takes}
    public List<Shape> noise() {
        List<Shape> out = new ArrayList<>();
        eliminator.variables().forEach(v -> out.add(Shape.of((int) v.size()).then(eliminator.copies(v))));
        chains.forEach(c -> out.addAll(c.shapes()));
        return out;
    }

    /// {@return a draw, as a function of its random numbers, so that many draws can be compiled}
    ///
    /// @param noise independent Gumbel numbers, of the shapes of [#noise()]
    public SequencedMap<String, NDArray> sample(List<NDArray> noise) {
        return backwards(pass(false), noise);
    }

    /// {@return the values of all discrete sites that are most probable together, given everything else}
    public SequencedMap<String, NDArray> mostProbable() {
        return backwards(pass(true), List.of());
    }

    /// @param noise none to choose the most probable values
    private SequencedMap<String, NDArray> backwards(Pass pass, List<NDArray> noise) {
        int at = eliminator.variables().size();
        Map<Integer, NDArray> index = new HashMap<>();
        eliminator.backwards(pass.all(), index, noise.isEmpty() ? null : noise::get);
        Map<Integer, NDArray> values = new HashMap<>();
        numbers.forEach((site, v) -> values.put(site, eliminator.value(v, Objects.requireNonNull(index.get(v)))));
        for (int c = 0; c < chains.size(); c++) {
            int own = chains.get(c).shapes().size();
            List<NDArray> drawn =
                    chains.get(c).backwards(pass.messages().get(c), index, noise.isEmpty() ? noise : noise.subList(at, at + own));
            at += own;
            List<Integer> places = sitesOf(chains.get(c));
            for (int s = 0; s < places.size(); s++) {
                values.put(places.get(s), drawn.get(s));
            }
        }
        var out = new LinkedHashMap<String, NDArray>();
        for (int i = 0; i < sites.size(); i++) {
            out.put(sites.get(i).name(), Objects.requireNonNull(values.get(i)));
        }
        return out;
    }

    private static List<Integer> sitesOf(ChainElimination chain) {
        return chain.tables().plan().placed().chain().sites();
    }

    /// {@return the marginal probabilities of the values of each discrete site given everything else, `[values] + plates of the site`;
    /// of a site of a scan that is summed out step by step `[values, steps] + plates`}
    ///
    /// Elements that are enumerated together have one probability for each combination of their values.
    public SequencedMap<String, NDArray> marginals() {
        List<Shape> shapes = noise();
        int n = eliminator.variables().size();
        List<NDArray> zeros = shapes.stream().map(s -> Np.zeros(s.dims())).toList();
        // d log Z / d (a further log factor of one variable) is the probability of its value.
        List<NDArray> gradient = Functions.<List<NDArray>>grad(further -> {
                    Map<Integer, NDArray> own = new HashMap<>();
                    for (int v = 0; v < n; v++) {
                        own.put(v, further.get(v));
                    }
                    return eliminator.result(run(false, own, further.subList(n, further.size())).all()).values();
                })
                .apply(zeros);
        Map<Integer, NDArray> found = new HashMap<>();
        numbers.forEach((site, v) -> found.put(site, gradient.get(v)));
        int at = n;
        for (ChainElimination c : chains) {
            List<Integer> places = sitesOf(c);
            List<NDArray> all = c.whole(c.first(gradient::get), gradient.subList(at, at + places.size()));
            at += places.size();
            for (int s = 0; s < places.size(); s++) {
                found.put(places.get(s), Np.moveaxis(all.get(s), 0, 1));
            }
        }
        var out = new LinkedHashMap<String, NDArray>();
        for (int i = 0; i < sites.size(); i++) {
            out.put(sites.get(i).name(), Objects.requireNonNull(found.get(i)));
        }
        return out;
    }
}
