package kiln.graph;

import java.util.List;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.op.Op;
import org.jspecify.annotations.Nullable;

/// A value in a graph; nodes are equal only to themselves.
public sealed interface Node {
    /// {@return element type and shape}
    Aval aval();

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
    }

    /// The result of an operation.
    final class Apply implements Node {
        private final Op op;
        private final List<Node> inputs;
        private final Aval aval;
        private final StackWalker.@Nullable StackFrame origin;

        /// The result of `op` on `inputs`, made by the user's line `origin`.
        public Apply(Op op, List<Node> inputs, Aval aval, StackWalker.@Nullable StackFrame origin) {
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
        public StackWalker.@Nullable StackFrame origin() {
            return origin;
        }

        @Override
        public Aval aval() {
            return aval;
        }
    }
}
