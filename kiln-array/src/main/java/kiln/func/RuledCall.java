package kiln.func;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.graph.Graph;
import kiln.graph.Vectorization;
import kiln.op.Bind;
import kiln.op.CustomCall;
import org.jspecify.annotations.Nullable;

/// A function whose derivative is the user's: what [Functions#customJvp] and [Functions#customVjp] record.
///
/// Compiled code contains the function itself; the rule is asked when a derivative is taken.
///
/// @param body the function; behind its own arguments come the values that it captures
/// @param own  number of its own arguments
/// @param rule the derivative
record RuledCall(Graph body, int own, Rule rule) implements CustomCall {
    /// A derivative in terms of arrays: structures are taken apart and put together around it.
    sealed interface Rule permits ForwardRule, ReverseRule, SensitivityRule {
        /// {@return the name for messages}
        String name();

        /// {@return values and tangents}
        ///
        /// @param x  own arguments
        /// @param dx their tangents, zeros where there is none
        Forward jvp(List<NDArray> x, List<NDArray> dx);

        /// {@return values and the way back}
        ///
        /// @param x      own arguments
        /// @param active which of them have a derivative
        Reverse vjp(List<NDArray> x, boolean[] active);

        /// {@return the rule of the function along axis 0 of some arguments; all of its results have the new axis}
        Rule batched(boolean[] mapped, int size);
    }

    @Override
    public String label() {
        return rule.name();
    }

    @Override
    public List<Aval> types(List<Aval> in) {
        return body.outputTypes();
    }

    @Override
    public List<Dense> eval(List<Dense> in) {
        return body.eval(in);
    }

    @Override
    public Optional<Graph> inlined() {
        return Optional.of(body);
    }

    @Override
    public Forward jvp(List<NDArray> x, List<@Nullable NDArray> dx) {
        requireOwn(IntStream.range(own, x.size()).anyMatch(i -> dx.get(i) != null));
        List<NDArray> tangents = new ArrayList<>();
        for (int i = 0; i < own; i++) {
            NDArray t = dx.get(i);
            tangents.add(t == null ? Np.zerosLike(x.get(i)) : t);
        }
        return rule.jvp(x.subList(0, own), tangents);
    }

    @Override
    public Reverse vjp(List<NDArray> x, boolean[] active, boolean isHidden) {
        requireOwn(IntStream.range(own, x.size()).anyMatch(i -> active[i]));
        Reverse reverse = rule.vjp(x.subList(0, own), active);
        return new Reverse(reverse.results(), ct -> {
            List<@Nullable NDArray> all = new ArrayList<>(reverse.pullback().apply(ct));
            all.addAll(Arrays.asList(new @Nullable NDArray[x.size() - own]));
            return all;
        });
    }

    private void requireOwn(boolean capturedIsDifferentiated) {
        if (capturedIsDifferentiated) {
            throw new DomainException(new Diagnosis(rule.name(), "the function is differentiated by a value that it captures")
                    .expected("derivatives by its argument: only for these there is a rule")
                    .at(UserCode.line())
                    .fix("pass the value as part of the argument."));
        }
    }

    @Override
    public Batched batch(List<NDArray> in, boolean[] batched, int size) {
        boolean[] all = new boolean[body.outputs().size()];
        Arrays.fill(all, true);
        Graph mapped = Vectorization.vmap(body, batched, size, all).graph();
        var call = new RuledCall(mapped, own, rule.batched(Arrays.copyOf(batched, own), size));
        return new Batched(Bind.apply(call, in), all);
    }

    /// {@return the arrays that a rule returned, if they are of the shapes and element types that they must have}
    ///
    /// @param what what the rule returned, for the message
    static List<NDArray> checked(String who, String what, List<NDArray> got, List<NDArray> like) {
        List<NDArray> out = new ArrayList<>();
        for (int i = 0; i < Math.max(got.size(), like.size()); i++) {
            if (i >= got.size() || i >= like.size() || !got.get(i).shape().equals(like.get(i).shape())) {
                throw new ShapeException(new Diagnosis(who, "the rule returned " + what + " of another structure or shape")
                        .expected(like.stream().map(NDArray::shape).toList().toString())
                        .got(got.stream().map(NDArray::shape).toList().toString())
                        .at(UserCode.line()));
            }
            out.add(got.get(i).astype(like.get(i).dtype()));
        }
        return out;
    }
}
