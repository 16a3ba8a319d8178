/// Arrays, automatic differentiation and the bytecode compiler of Kiln: JAX's part of the job.
module kiln.array {
    requires static transitive org.jspecify;
    exports kiln.math;
}
