package kiln.infer.enumeration;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kiln.graph.Graph;
import kiln.graph.Node;
import kiln.graph.Provenance;
import kiln.model.PlateFrame;
import kiln.op.Scan;
import org.jspecify.annotations.Nullable;

/// The discrete sites of a scan, summed out step by step from the last to the first.
///
/// ```
/// β[t−1](z[t−1], …) = log Σ over z[t] of exp( Σ factors of step t (z[t], z[t−1], …) + β[t](z[t], …) )
/// ```
///
/// A step depends on the sites of at most [#history] earlier steps: the carry forgets what lies before. The first `history` steps are
/// sites of their own in the elimination around the chain; the chain is one factor of theirs. The factors of all other steps are
/// computed at once, along an axis of time, so that T steps of k values cost `O(T k²)` for a history of 1: see [ChainTables].
final class Chain {
    /// The longest history that is looked for: the table of a step with one more would have too many cells for two values each.
    private static final int MOST = 23;

    private final Node.Call call;
    private final Scan scan;
    private final List<Integer> sites;
    private final List<Integer> reads;
    private final int history;
    /// Which carries depend on the sites.
    private final BitSet carried;

    private Chain(Node.Call call, Scan scan, List<Integer> sites, List<Integer> reads, int history, BitSet carried) {
        this.call = call;
        this.scan = scan;
        this.sites = sites;
        this.reads = reads;
        this.history = history;
        this.carried = carried;
    }

    // ---- which sites

    /// The loops of a run.
    ///
    /// @param chains  those that are summed out step by step
    /// @param endless the sites of others, whose steps depend on too many earlier ones, with the number of steps
    /// @param read    the sites of scans that something outside of the scan reads
    record Found(List<Chain> chains, Map<Integer, Integer> endless, BitSet read) {}

    /// {@return on how many earlier steps a step of an endless scan depends, in words}
    static String endless(int length) {
        return length - 1 <= MOST ? "all earlier ones" : "more than " + MOST + " earlier ones";
    }

    /// {@return the chains of a run}
    ///
    /// @param graph from the values of the sites to the factors
    /// @param n     number of sites
    /// @param needs the sites that each factor depends on
    static Found of(Graph graph, int n, List<BitSet> needs) {
        Map<Node.Call, Map<Integer, Integer>> candidates = new LinkedHashMap<>();
        BitSet used = new BitSet();
        BitSet elsewhere = new BitSet();
        Set<Node.Call> seen = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            if (node instanceof Node.Result r && !seen.add(r.call())) {
                continue;
            }
            List<Node> operands = node.operands();
            for (int k = 0; k < operands.size(); k++) {
                if (!(operands.get(k) instanceof Node.Parameter p) || p.index() >= n) {
                    continue;
                }
                boolean isRead = node instanceof Node.Result r && r.call().op() instanceof Scan s && k >= s.carries() && k < s.carries() + s.reads();
                if (isRead && !used.get(p.index()) && node instanceof Node.Result r) {
                    used.set(p.index());
                    candidates.computeIfAbsent(r.call(), _ -> new LinkedHashMap<>()).put(p.index(), k);
                } else {
                    elsewhere.set(p.index());
                }
            }
        }
        List<Chain> out = new ArrayList<>();
        Map<Integer, Integer> endless = new HashMap<>();
        BitSet outside = new BitSet();
        candidates.forEach((call, reads) -> {
            reads.keySet().forEach(outside::set);
            reads.keySet().removeIf(i -> elsewhere.get(i));
            for (int f = 0; f < needs.size(); f++) {
                Node output = graph.outputs().get(f);
                if (!(output instanceof Node.Result r && r.call() == call && r.index() >= ((Scan) call.op()).carries())) {
                    BitSet needed = needs.get(f);
                    reads.keySet().removeIf(needed::get);
                }
            }
            reads.keySet().forEach(outside::clear);
            Chain chain = reads.isEmpty() ? null : found(call, reads);
            if (chain != null && chain.history < chain.scan.length()) {
                out.add(chain);
            } else {
                reads.keySet().forEach(i -> endless.put(i, ((Scan) call.op()).length()));
            }
        });
        return new Found(out, endless, outside);
    }

    private static @Nullable Chain found(Node.Call call, Map<Integer, Integer> reads) {
        Scan scan = (Scan) call.op();
        List<Integer> sites = List.copyOf(reads.keySet());
        List<Integer> at = List.copyOf(reads.values());
        List<BitSet> carry = new ArrayList<>();
        IntStream.range(0, scan.carries()).forEach(_ -> carry.add(new BitSet()));
        BitSet carried = new BitSet();
        for (int t = 0; t <= MOST; t++) {
            List<BitSet> out = Provenance.of(scan.body(), marks(scan, at, carry)).subList(0, scan.carries());
            List<BitSet> next = out.stream().map(m -> shifted(m, sites.size())).toList();
            if (next.equals(carry)) {
                return new Chain(call, scan, sites, at, t, carried);
            }
            for (int k = 0; k < next.size(); k++) {
                carry.set(k, next.get(k));
                carried.set(k, carried.get(k) || !next.get(k).isEmpty());
            }
        }
        return null;
    }

    /// Site `s` at lag `l` is mark `l · sites + s`.
    private static List<BitSet> marks(Scan scan, List<Integer> reads, List<BitSet> carry) {
        List<BitSet> marks = new ArrayList<>(carry);
        for (int k = scan.carries(); k < scan.body().parameters().size(); k++) {
            BitSet own = new BitSet();
            if (reads.contains(k)) {
                own.set(reads.indexOf(k));
            }
            marks.add(own);
        }
        return marks;
    }

    private static BitSet shifted(BitSet marks, int by) {
        BitSet out = new BitSet();
        marks.stream().forEach(m -> out.set(m + by));
        return out;
    }

    /// {@return the numbers of its sites}
    List<Integer> sites() {
        return sites;
    }

    /// {@return on how many earlier steps a step depends}
    int history() {
        return history;
    }

    /// {@return the operands of the scan, of which the chain needs the values}
    List<Node> operands() {
        return call.results().isEmpty() ? List.of() : call.results().getFirst().operands();
    }

    /// {@return a site of one step}
    static DiscreteSite step(DiscreteSite s) {
        return new DiscreteSite(
                s.name(), s.label(), s.place(), s.batch().slice(1, s.batch().rank()), s.shape().slice(1, s.shape().rank()), s.plates(), s.support());
    }

    /// {@return the marks that each result of a step has when the history before it is complete}
    private List<BitSet> steady() {
        List<BitSet> carry = new ArrayList<>();
        IntStream.range(0, scan.carries()).forEach(_ -> carry.add(new BitSet()));
        List<BitSet> out = List.of();
        for (int t = 0; t <= history; t++) {
            out = Provenance.of(scan.body(), marks(scan, reads, carry));
            for (int k = 0; k < scan.carries(); k++) {
                carry.set(k, t < history ? shifted(out.get(k), sites.size()) : carry.get(k));
            }
        }
        return out;
    }

    /// {@return the loop}
    Scan scan() {
        return scan;
    }

    /// {@return which parameters of a step the sites are}
    List<Integer> reads() {
        return reads;
    }

    /// {@return whether a carry depends on the sites}
    boolean isCarried(int carry) {
        return carried.get(carry);
    }

    // ---- in the elimination around it

    /// The chain with the numbers that its sites have around it.
    ///
    /// @param chain  the chain
    /// @param writes the results of the body that are factors with these sites
    /// @param ofWrite the factor of each
    /// @param head   number of the variable of site `s` in step `t < history`, at `t · sites + s`
    /// @param outer  numbers of the variables around the scan that its factors depend on
    record Placed(Chain chain, List<Integer> writes, List<Factor> ofWrite, List<Integer> head, BitSet outer) {
        /// {@return the factors of the first steps: what each depends on}
        List<Scope> headScopes() {
            List<Scope> out = new ArrayList<>();
            Chain c = chain;
            List<BitSet> carry = new ArrayList<>();
            IntStream.range(0, c.scan.carries()).forEach(_ -> carry.add(new BitSet()));
            for (int t = 0; t < c.history; t++) {
                int step = t;
                List<BitSet> marks = Provenance.of(c.scan.body(), marks(c.scan, c.reads, carry));
                for (int w = 0; w < writes.size(); w++) {
                    BitSet variables = (BitSet) outer.clone();
                    marks.get(writes.get(w)).stream().forEach(m -> variables.set(head.get((step - m / c.sites.size()) * c.sites.size() + m % c.sites.size())));
                    out.add(new Scope(variables, plates(w)));
                }
                for (int k = 0; k < c.scan.carries(); k++) {
                    carry.set(k, shifted(marks.get(k), c.sites.size()));
                }
            }
            return out;
        }

        /// {@return the factors of a step behind the first ones: what each depends on}
        ///
        /// @param base number of the site at lag 0; site `s` at lag `l` is `base + l · sites + s`
        List<Scope> stepScopes(int base) {
            List<BitSet> marks = chain.steady();
            List<Scope> out = new ArrayList<>();
            for (int w = 0; w < writes.size(); w++) {
                BitSet variables = (BitSet) outer.clone();
                marks.get(writes.get(w)).stream().forEach(m -> variables.set(base + m));
                out.add(new Scope(variables, plates(w)));
            }
            return out;
        }

        private Set<String> plates(int write) {
            return ofWrite.get(write).plates().stream().map(PlateFrame::name).collect(Collectors.toUnmodifiableSet());
        }

        /// {@return what the chain as one factor depends on}
        ///
        /// @param plates plates of the sites that reach a next step
        Scope scope(Set<String> plates) {
            BitSet variables = (BitSet) outer.clone();
            state().forEach(m -> variables.set(headOf(m)));
            return new Scope(variables, plates);
        }

        /// {@return the marks of what a step needs of earlier ones}
        List<Integer> state() {
            int n = chain.sites.size();
            SortedSet<Integer> out = new TreeSet<>();
            // What a step needs at lag l, the step before needs at lag l − 1.
            List<BitSet> marks = chain.steady();
            BitSet reached = new BitSet();
            writes.forEach(w -> reached.or(marks.get(w)));
            reached.stream().forEach(m -> {
                for (int k = m; k >= n; k -= n) {
                    out.add(k);
                }
            });
            return List.copyOf(out);
        }

        /// {@return the number that the site at a lag has, seen from the first step behind the head}
        int headOf(int mark) {
            int n = chain.sites.size();
            return head.get((chain.history - mark / n) * n + mark % n);
        }
    }
}
