/// Distributions, models, inference and diagnostics of Kiln: NumPyro's part of the job.
module kiln.prob {
    requires transitive kiln.array;
    requires static transitive org.jspecify;
    requires static com.google.errorprone.annotations;

    exports kiln.diagnostics;
    exports kiln.dist;
    exports kiln.dist.constraint;
    exports kiln.dist.transform;
    exports kiln.infer;
    exports kiln.infer.enumeration;
    exports kiln.infer.guide;
    exports kiln.infer.inspect;
    exports kiln.infer.mcmc;
    exports kiln.infer.optim;
    exports kiln.infer.program;
    exports kiln.infer.reparam;
    exports kiln.infer.store;
    exports kiln.infer.svi;
    exports kiln.model;
    exports kiln.model.handler;
    exports kiln.nn;
}
