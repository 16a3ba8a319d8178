package kiln.graph;

import java.util.List;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.UserCode;
import kiln.op.Op;
import kiln.op.TupleOp;
import org.jspecify.annotations.Nullable;

/// A value in a graph; nodes are equal only to themselves.
public sealed interface Node {
    /// {@return element type and shape}
    Aval aval();

    /// {@return what it is computed from: nothing for arguments and constants}
    List<Node> operands();

    /// Tells a visitor which kind of node this is.
    void accept(Visitor visitor);

    /// What a pass does with the kinds of nodes.
    ///
    /// Passes are written as visitors and not with a `switch` over types: that is linked when it is first run, class by class, which is a good
    /// part of what the first model of a JVM would wait for.
    interface Visitor {
        /// An argument.
        default void parameter(Parameter p) {}

        /// A known array.
        void constant(Constant c);

        /// An operation.
        void apply(Apply a);

        /// One of the results of an operation with several.
        void result(Result r);
    }

    /// An argument of the graph.
    final class Parameter implements Node {
        private final int index;
        private final Aval aval;

        /// The `index`-th argument.
        public Parameter(int index, Aval aval) {
            this.index = index;
            this.aval = aval;
        }

        /// {@return the position among the arguments}
        public int index() {
            return index;
        }

        @Override
        public Aval aval() {
            return aval;
        }

        @Override
        public List<Node> operands() {
            return List.of();
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.parameter(this);
        }
    }

    /// Numbers known when the graph was traced, held by reference.
    final class Constant implements Node {
        private final Dense value;

        /// The given numbers.
        public Constant(Dense value) {
            this.value = value;
        }

        /// {@return the numbers}
        public Dense value() {
            return value;
        }

        @Override
        public Aval aval() {
            return value.aval();
        }

        @Override
        public List<Node> operands() {
            return List.of();
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.constant(this);
        }
    }

    /// The result of an operation.
    final class Apply implements Node {
        private final Op op;
        private final List<Node> inputs;
        private final Aval aval;
        private final UserCode.@Nullable Place origin;

        /// The result of `op` on `inputs`, made by the user's line `origin`.
        public Apply(Op op, List<Node> inputs, Aval aval, UserCode.@Nullable Place origin) {
            this.op = op;
            this.inputs = List.copyOf(inputs);
            this.aval = aval;
            this.origin = origin;
        }

        /// {@return the operation}
        public Op op() {
            return op;
        }

        /// {@return its operands}
        public List<Node> inputs() {
            return inputs;
        }

        /// {@return the user's line that made it, if known}
        public UserCode.@Nullable Place origin() {
            return origin;
        }

        @Override
        public Aval aval() {
            return aval;
        }

        @Override
        public List<Node> operands() {
            return inputs;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.apply(this);
        }
    }

    /// One of the results of an operation with several.
    final class Result implements Node {
        private final Call call;
        private final int index;

        private Result(Call call, int index) {
            this.call = call;
            this.index = index;
        }

        /// {@return the operation with its operands}
        public Call call() {
            return call;
        }

        /// {@return the position among the results}
        public int index() {
            return index;
        }

        @Override
        public Aval aval() {
            return call.types.get(index);
        }

        @Override
        public List<Node> operands() {
            return call.inputs;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.result(this);
        }
    }

    /// An operation with several results on its operands: no value itself, its results are.
    final class Call {
        private final TupleOp op;
        private final List<Node> inputs;
        private final List<Aval> types;
        private final List<Result> results;
        private final UserCode.@Nullable Place origin;

        /// The results of `op` on `inputs`, made by the user's line `origin`.
        public Call(TupleOp op, List<Node> inputs, List<Aval> types, UserCode.@Nullable Place origin) {
            this.op = op;
            this.inputs = List.copyOf(inputs);
            this.types = List.copyOf(types);
            this.origin = origin;
            this.results = IntStream.range(0, types.size()).mapToObj(k -> new Result(this, k)).toList();
        }

        /// {@return the operation}
        public TupleOp op() {
            return op;
        }

        /// {@return its operands}
        public List<Node> inputs() {
            return inputs;
        }

        /// {@return its results, in order}
        public List<Result> results() {
            return results;
        }

        /// {@return the user's line that made it, if known}
        public UserCode.@Nullable Place origin() {
            return origin;
        }
    }

    /// {@return the types of nodes}
    static List<Aval> types(List<? extends Node> nodes) {
        return Lists.map(nodes, Node::aval);
    }
}
