/// Arrays, automatic differentiation and the bytecode compiler of Kiln: JAX's part of the job.
@SuppressWarnings("module") // the modules to which some packages are exported are built after this one
module kiln.array {
    requires static transitive org.jspecify;
    requires static jdk.incubator.vector;

    exports kiln.array;
    exports kiln.func;
    exports kiln.math to
            kiln.prob,
            kiln.bench;
    exports kiln.op to
            kiln.prob;
    exports kiln.graph to
            kiln.prob;
    exports kiln.compile to
            kiln.prob;
}
