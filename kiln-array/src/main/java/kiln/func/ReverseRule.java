package kiln.func;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.UserCode;
import kiln.op.TupleOp.Forward;
import kiln.op.TupleOp.Reverse;
import org.jspecify.annotations.Nullable;

/// The user's reverse derivative; there is no forward one.
///
/// @param results  number of values of the function
/// @param forward  from the arguments to the values and the residuals
/// @param backward from the residuals and the cotangents of the values to those of the arguments
record ReverseRule(int results, UnaryOperator<List<NDArray>> forward, UnaryOperator<List<NDArray>> backward)
        implements RuledCall.Rule {
    @Override
    public String name() {
        return "customVjp";
    }

    @Override
    public Forward jvp(List<NDArray> x, List<NDArray> dx) {
        throw new DomainException(new Diagnosis(name(), "the function has no forward derivative")
                .at(UserCode.line())
                .fix("differentiate in reverse (grad, vjp, jacrev), or give the rule with customJvp, which serves both ways."));
    }

    @Override
    public Reverse vjp(List<NDArray> x, boolean[] active) {
        List<NDArray> out = forward.apply(x);
        List<NDArray> values = out.subList(0, results);
        List<NDArray> residuals = out.subList(results, out.size());
        return new Reverse(values, ct -> {
            List<NDArray> in = new ArrayList<>(residuals);
            for (int k = 0; k < results; k++) {
                NDArray c = ct.get(k);
                in.add(c == null ? Np.zerosLike(values.get(k)) : c);
            }
            return new ArrayList<@Nullable NDArray>(backward.apply(in));
        });
    }

    /// An argument that all lanes share gets the sum of what they pass back.
    @Override
    public ReverseRule batched(boolean[] mapped, int size) {
        return new ReverseRule(
                results,
                x -> Functions.vmapped(x, mapped, forward),
                in -> {
                    boolean[] all = new boolean[in.size()];
                    Arrays.fill(all, true);
                    List<NDArray> lanes = new ArrayList<>(Functions.vmapped(in, all, backward));
                    for (int i = 0; i < mapped.length; i++) {
                        if (!mapped[i]) {
                            lanes.set(i, lanes.get(i).sum(0));
                        }
                    }
                    return lanes;
                });
    }

    static boolean[] twice(boolean[] flags) {
        boolean[] out = Arrays.copyOf(flags, 2 * flags.length);
        System.arraycopy(flags, 0, out, flags.length, flags.length);
        return out;
    }
}
