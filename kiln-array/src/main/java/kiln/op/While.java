package kiln.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.UserCode;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.graph.Tracer;
import kiln.graph.Vectorization;
import org.jspecify.annotations.Nullable;

/// A loop that runs as long as a condition on the carried values holds.
///
/// ```
/// while condition(c, k):  c = body(c, k)
/// ```
///
/// Operands are the carries and the values that are the same for all steps; results are the last carries. The number of steps is
/// not known before, so that there is no reverse derivative: what it needs of the forward sweep has no fixed size.
///
/// @param condition (carries…, constants…) ↦ a truth value
/// @param body      (carries…, constants…) ↦ carries
/// @param label     the function that the user called
public record While(Graph condition, Graph body, String label) implements TupleOp {
    /// {@return number of carried values}
    public int carries() {
        return body.outputs().size();
    }

    @Override
    public List<Aval> types(List<Aval> in) {
        return in.subList(0, carries()).stream().map(a -> new Aval(a.dtype(), a.shape())).toList();
    }

    @Override
    public List<Dense> eval(List<Dense> in) {
        var test = condition.function();
        var step = body.function();
        List<NDArray> arguments = new ArrayList<>(in);
        while (test.apply(arguments).getFirst().isTrue()) {
            List<NDArray> next = step.apply(arguments);
            for (int k = 0; k < next.size(); k++) {
                arguments.set(k, next.get(k));
            }
        }
        List<Aval> types = types(Op.types(in));
        return IntStream.range(0, carries())
                .mapToObj(k -> Dense.of(types.get(k), arguments.get(k).known().storage()))
                .toList();
    }

    @Override
    public Forward jvp(List<NDArray> x, List<@Nullable NDArray> dx) {
        int n = body.parameters().size();
        int carries = carries();
        boolean[] active = new boolean[n];
        for (int i = 0; i < n; i++) {
            active[i] = dx.get(i) != null || (i < carries && x.get(i).dtype().isFloating());
        }
        List<Integer> wrt = IntStream.range(0, n).filter(i -> active[i]).boxed().toList();
        List<Integer> moving = wrt.stream().filter(i -> i < carries).toList();
        Graph both = Derivatives.jvp(body, wrt);
        // Parameters: carries, their tangents, constants, their tangents.
        List<NDArray> operands = new ArrayList<>(x.subList(0, carries));
        moving.forEach(i -> operands.add(Scan.orZeros(dx.get(i), x.get(i))));
        operands.addAll(x.subList(carries, n));
        wrt.stream().filter(i -> i >= carries).forEach(i -> operands.add(Scan.orZeros(dx.get(i), x.get(i))));
        List<Aval> types = operands.stream().map(a -> new Aval(a.dtype(), a.shape())).toList();
        int m = moving.size();
        Graph test = Tracer.build(types, a -> condition.call(primals(a, m)));
        Graph step = Tracer.build(types, a -> {
                    List<NDArray> own = new ArrayList<>(primals(a, m));
                    own.addAll(a.subList(carries, carries + m));
                    own.addAll(a.subList(n + m, a.size()));
                    List<NDArray> out = both.call(own);
                    List<NDArray> results = new ArrayList<>(out.subList(0, carries));
                    moving.forEach(k -> results.add(out.get(carries + k)));
                    return results;
                });
        List<NDArray> out = Bind.apply(new While(test, step, label), operands);
        @Nullable NDArray[] tangents = new @Nullable NDArray[carries];
        for (int k = 0; k < m; k++) {
            tangents[moving.get(k)] = out.get(carries + k);
        }
        return new Forward(out.subList(0, carries), Arrays.asList(tangents));
    }

    private List<NDArray> primals(List<NDArray> all, int tangents) {
        List<NDArray> own = new ArrayList<>(all.subList(0, carries()));
        own.addAll(all.subList(carries() + tangents, body.parameters().size() + tangents));
        return own;
    }

    @Override
    public Reverse vjp(List<NDArray> x, boolean[] active, boolean isHidden) {
        String line = UserCode.line();
        return new Reverse(Bind.apply(this, x), _ -> {
            throw new DomainException(new Diagnosis(label, "a loop whose number of steps is traced has no reverse derivative")
                    .expected("a number of steps that is known when the function is traced")
                    .at(line)
                    .fix("use scan, or foriLoop with known bounds, or differentiate forwards with jvp or jacfwd."));
        });
    }

    @Override
    public Batched batch(List<NDArray> in, boolean[] batched, int size) {
        int carries = carries();
        boolean[] flags = batched.clone();
        Graph step = Vectorization.loop(body, flags, carries, size).graph();
        Vectorization.Mapped test = Vectorization.vmap(condition, flags, size, new boolean[1]);
        if (test.batched()[0]) {
            // Every lane has a condition of its own: the loop runs while one of them holds, and lanes that are done keep still.
            Arrays.fill(flags, 0, carries, true);
            Vectorization.Mapped all = Vectorization.loop(body, flags, carries, size);
            Graph own = Vectorization.vmap(condition, flags, size, new boolean[] {true}).graph();
            List<Aval> types = all.graph().parameters().stream().map(p -> p.aval()).toList();
            Graph any = Tracer.build(types, a -> List.of(Np.any(own.call(a).getFirst())));
            Graph masked = Tracer.build(types, a -> {
                        NDArray going = own.call(a).getFirst();
                        List<NDArray> next = all.graph().call(a);
                        return IntStream.range(0, carries)
                                .mapToObj(k -> Np.where(alignedWith(going, a.get(k)), next.get(k), a.get(k)))
                                .toList();
                    });
            return results(new While(any, masked, label), in, batched, flags, size);
        }
        return results(new While(test.graph(), step, label), in, batched, flags, size);
    }

    private static Batched results(While loop, List<NDArray> in, boolean[] batched, boolean[] flags, int size) {
        List<NDArray> operands = new ArrayList<>();
        for (int i = 0; i < in.size(); i++) {
            operands.add(flags[i] ? Vectorization.spread(in.get(i), batched[i], size) : in.get(i));
        }
        return new Batched(Bind.apply(loop, operands), Arrays.copyOf(flags, loop.carries()));
    }

    /// {@return a vector of truth values with axes of size 1 behind, so that it broadcasts with `x` along its first axis}
    static NDArray alignedWith(NDArray lanes, NDArray x) {
        int[] dims = new int[x.rank()];
        Arrays.fill(dims, 1);
        dims[0] = lanes.size();
        return lanes.reshape(Shape.of(dims));
    }
}
