/// Arrays, automatic differentiation and the bytecode compiler of Kiln: JAX's part of the job.
@SuppressWarnings("module") // kiln.prob, to which some packages are exported, is built after this module
module kiln.array {
    requires static transitive org.jspecify;
    requires static jdk.incubator.vector;

    exports kiln.math;
    exports kiln.array;
    exports kiln.func;
    exports kiln.op to
            kiln.prob;
    exports kiln.graph to
            kiln.prob;
    exports kiln.compile to
            kiln.prob;
}
