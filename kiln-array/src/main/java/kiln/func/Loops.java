package kiln.func;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import kiln.array.Aval;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.ShapeException;
import kiln.array.UserCode;

/// What the loops of [Control] have in common: tracing a body whose results go in again, and the complaints if they do not fit.
final class Loops {
    private Loops() {}

    /// {@return the arrays of a structure, Java numbers with the types that `types` says}
    static List<NDArray> typed(List<NDArray> leaves, List<Aval> types) {
        List<NDArray> out = new ArrayList<>();
        for (int i = 0; i < leaves.size(); i++) {
            out.add(leaves.get(i).astype(types.get(i).dtype()));
        }
        return out;
    }

    /// Traces the body of a loop. A carry that starts as a Java number takes the type that the body gives it.
    ///
    /// @param who     the loop, for messages
    /// @param carry   the carry before the first step
    /// @param further types of the body's other arguments
    /// @param carryOf from the body's result to the carry
    /// @param types   receives the types of the carry
    static <R> Flat<R> body(
            String who,
            Object carry,
            List<Aval> further,
            Function<List<NDArray>, R> body,
            Function<R, Object> carryOf,
            List<Aval> types) {
        List<NDArray> start = Pytree.leaves(carry);
        int n = start.size();
        types.addAll(Flat.types(start));
        for (int attempt = 0; ; attempt++) {
            List<Aval> all = new ArrayList<>(types);
            all.addAll(further);
            int last = attempt;
            Flat<R> traced = Flat.trace(who, all, leaves -> fitted(who, carry, types, start, body.apply(leaves), carryOf, last));
            List<Aval> out = traced.outputs().subList(0, n);
            if (out.equals(types)) {
                return traced;
            }
            types.clear();
            types.addAll(out);
        }
    }

    private static <R> R fitted(
            String who, Object carry, List<Aval> types, List<NDArray> start, R result, Function<R, Object> carryOf, int attempt) {
        if (result == null) {
            return result;
        }
        Object next = carryOf.apply(result);
        if (!Pytree.skeleton(next).equals(Pytree.skeleton(carry))) {
            throw new ShapeException(new Diagnosis(who, "the body returns a carry of another structure")
                    .expected(carry.getClass().getSimpleName() + " with " + types.size() + " arrays, as at the start")
                    .got(next.getClass().getSimpleName() + " with " + Pytree.leaves(next).size() + " arrays")
                    .at(UserCode.line())
                    .fix("return the carry with the structure it came in."));
        }
        List<NDArray> leaves = Pytree.leaves(next);
        List<NDArray> fitted = new ArrayList<>(Pytree.leaves(result));
        for (int k = 0; k < types.size(); k++) {
            Aval want = types.get(k);
            Aval got = leaves.get(k).aval();
            boolean free = attempt < types.size() && start.get(k).aval().weak();
            if (!got.shape().equals(want.shape()) || (got.dtype() != want.dtype() && !got.weak() && !free)) {
                throw carryChanges(who, k, want, got);
            }
            // A Java number in the body takes the carry's type; a carry that starts as a Java number takes the body's.
            if (got.dtype() != want.dtype() && got.weak() && !(free && want.dtype().isInteger() && got.dtype().isFloating())) {
                fitted.set(k, leaves.get(k).astype(want.dtype()));
            }
        }
        return Pytree.withLeaves(result, fitted);
    }

    private static RuntimeException carryChanges(String who, int k, Aval want, Aval got) {
        boolean shape = !got.shape().equals(want.shape());
        Diagnosis text = new Diagnosis(who, "the body changes the " + (shape ? "shape" : "type") + " of the carry")
                .expected("array " + k + " of the carry stays " + want)
                .got(got.toString())
                .at(UserCode.line())
                .fix(shape
                        ? "start with the shape that the body returns, or return the shape it got."
                        : "convert it with astype, at the start or in the body.");
        return shape ? new ShapeException(text) : new DomainException(text);
    }

    /// {@return the result of the branches, which all have the structure, shapes and types of the first}
    static <R> List<Flat<R>> agreed(String who, List<Flat<R>> branches) {
        Flat<R> first = branches.getFirst();
        for (int b = 1; b < branches.size(); b++) {
            Flat<R> other = branches.get(b);
            boolean same = Pytree.skeleton(other.like()).equals(Pytree.skeleton(first.like()));
            if (!same || !other.outputs().equals(first.outputs())) {
                throw new ShapeException(new Diagnosis(who, "the branches do not return the same structure, shapes and types")
                        .expected(first.outputs() + " as branch 0 returns")
                        .got(other.outputs() + " from branch " + b + (same ? "" : ", in another structure"))
                        .at(UserCode.line())
                        .fix("convert with astype, or broadcast, so that every branch returns the same."));
            }
        }
        return branches;
    }

    /// {@return the one length of the first axes}
    static int length(List<NDArray> xs, int given) {
        int length = given;
        for (int i = 0; i < xs.size(); i++) {
            NDArray x = xs.get(i);
            if (x.rank() == 0 || (length >= 0 && x.size(0) != length)) {
                throw new ShapeException(new Diagnosis("scan", "the arrays to scan over do not have one length")
                        .expected("a leading axis" + (length < 0 ? "" : " of length " + length) + " in every array of xs")
                        .got("array " + i + " of shape " + x.shape())
                        .at(UserCode.line())
                        .fix("slice the arrays to one length; capture in the body what is the same for all steps."));
            }
            length = x.size(0);
        }
        if (length < 0) {
            throw new ShapeException(new Diagnosis("scan", "there is neither an array to scan over nor a length")
                    .at(UserCode.line())
                    .fix("pass the number of steps: scan(f, init, length)."));
        }
        return length;
    }

    /// {@return the first axes of arrays stripped off}
    static List<Aval> slices(List<NDArray> xs) {
        return Flat.types(xs).stream()
                .map(a -> a.withShape(a.shape().slice(1, a.shape().rank())))
                .toList();
    }

    /// Whether a whole structure is known.
    static boolean isKnown(Object... trees) {
        return Arrays.stream(trees).flatMap(t -> Pytree.leaves(t).stream()).allMatch(NDArray::isKnown);
    }
}
