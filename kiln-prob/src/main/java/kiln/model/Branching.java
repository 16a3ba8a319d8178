package kiln.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.UserCode;
import kiln.dist.Distribution;
import kiln.func.Pytree;
import org.jspecify.annotations.Nullable;

/// One [Primitives#cond] of a model.
///
/// Both branches are run unseen, again and again, each time with one more value: so the distributions of the next random variable are known in
/// either branch, their parameters are chosen between, and the model proper gets one statement with the chosen ones.
///
/// @param <P> what the branches read
/// @param <R> what they return
final class Branching<P, R> {
    private final Scope scope;
    private final NDArray predicate;
    private final Function<P, R> yes;
    private final Function<P, R> no;
    private final P operand;
    private final Map<String, NDArray> known = new LinkedHashMap<>();

    Branching(Scope scope, NDArray predicate, Function<P, R> yes, Function<P, R> no, P operand) {
        this.scope = scope;
        this.predicate = predicate;
        this.yes = yes;
        this.no = no;
        this.operand = operand;
    }

    /// A run that nobody sees.
    private record Unseen<R>(Trace trace, R result) {}

    R run() {
        if (predicate.rank() != 0) {
            throw refused("the predicate is not a single truth value", "shape []", "shape " + predicate.shape(),
                    "reduce it with all() or any(), or choose element by element with where(…).");
        }
        PRNGKey key = scope.key().orElse(null);
        Unseen<R> a = unseen(yes);
        Unseen<R> b = unseen(no);
        List<String> names = List.copyOf(a.trace().sites().keySet());
        if (!names.equals(List.copyOf(b.trace().sites().keySet()))) {
            throw refused("the branches do not make the same statements", Names.list(names), Names.list(b.trace().sites().keySet()),
                    "give both the same sites in the same order; a site that one of them does not need can stand there unused.");
        }
        for (String name : names) {
            switch (both(a, b, name)) {
                case Message.Sample[] s -> {
                    @Nullable PRNGKey own = null;
                    if (!s[0].isObserved() && key != null) {
                        PRNGKey[] split = key.split(2);
                        key = split[0];
                        own = split[1];
                    }
                    known.put(name, stated(s[0], s[1], own));
                    a = unseen(yes);
                    b = unseen(no);
                }
                case Message.Deterministic[] d ->
                    Primitives.deterministic(name, Np.where(predicate, d[0].value(), d[1].value()));
                default -> throw refused("only random variables and deterministic values can stand in a branch",
                        "sample and deterministic", both(a, b, name)[0].label(), "put the statement before the cond.");
            }
        }
        return choose(a.result(), b.result());
    }

    private Unseen<R> unseen(Function<P, R> branch) {
        var recorder = new Trace.Recorder();
        List<R> result = new ArrayList<>();
        Map<String, NDArray> given = Map.copyOf(known);
        Scope.run(() -> result.add(branch.apply(operand)),
                List.of(Handlers.substitute(given), Handlers.seed(PRNGKey.key(0)), () -> recorder, Handlers.block()));
        return new Unseen<>(recorder.trace(), result.getFirst());
    }

    /// The two messages of a site, as an array of what they both are.
    private Message[] both(Unseen<R> a, Unseen<R> b, String name) {
        Message first = java.util.Objects.requireNonNull(a.trace().sites().get(name));
        Message second = java.util.Objects.requireNonNull(b.trace().sites().get(name));
        if (first instanceof Message.Sample s && second instanceof Message.Sample t) {
            return new Message.Sample[] {s, t};
        }
        if (first instanceof Message.Deterministic s && second instanceof Message.Deterministic t) {
            return new Message.Deterministic[] {s, t};
        }
        return new Message[] {first, second};
    }

    private NDArray stated(Message.Sample a, Message.Sample b, @Nullable PRNGKey key) {
        if (a.isObserved() != b.isObserved() || a.mask() != null || b.mask() != null || a.scale() != Message.Sample.ONE
                || b.scale() != Message.Sample.ONE || !a.plates().isEmpty() || !b.plates().isEmpty()) {
            throw refused(a.label() + " is not the same kind of statement in both branches",
                    "observed in both or in none; no plate, mask or scale inside a branch", a.place() + " and " + b.place(),
                    "open plates and other handlers around the cond.");
        }
        Distribution chosen = chooseDistribution(a, b);
        NDArray obs = a.isObserved() ? Np.where(predicate, a.requireValue(), b.requireValue()) : null;
        return key == null
                ? Primitives.sample(a.name(), chosen, obs)
                : Primitives.sample(a.name(), chosen, obs, Primitives.rngKey(key));
    }

    private Distribution chooseDistribution(Message.Sample a, Message.Sample b) {
        Distribution p = a.distribution();
        Distribution q = b.distribution();
        if (!p.getClass().equals(q.getClass()) || !p.batchShape().equals(q.batchShape()) || !p.eventShape().equals(q.eventShape())) {
            throw refused(a.label() + " has another distribution in the other branch", Sites.describe(p), Sites.describe(q),
                    "use the same distribution in both, with other parameters.");
        }
        return choose(p, q);
    }

    private <T> T choose(T a, T b) {
        List<NDArray> first = Pytree.leaves(a);
        List<NDArray> second = Pytree.leaves(b);
        if (first.size() != second.size()) {
            throw refused("the branches return different structures", first.size() + " arrays", second.size() + " arrays",
                    "return the same structure from both.");
        }
        List<NDArray> out = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            out.add(Np.where(predicate, first.get(i), second.get(i)));
        }
        return Pytree.withLeaves(a, out);
    }

    private static HandlerException refused(String what, String expected, String got, String fix) {
        return new HandlerException(new Diagnosis("cond", what).expected(expected).got(got).at(UserCode.line()).fix(fix));
    }
}
