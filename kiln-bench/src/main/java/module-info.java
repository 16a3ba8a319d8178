/// Benchmarks of Kiln, and hand-written densities to compare it with. Nothing is exported: JMH runs it from the class path.
module kiln.bench {
    requires java.management;
    requires kiln;
    requires kiln.posteriordb;
    requires static org.jspecify;
    requires jmh.core;
    requires org.apache.commons.rng.api;
    requires org.apache.commons.rng.sampling;
    requires org.apache.commons.rng.simple;
    requires org.apache.commons.statistics.distribution;

    // Records of a model's own that travel through a scan.
    opens kiln.bench.kernel to
            kiln.array;
}
