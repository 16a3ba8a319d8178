/// The posteriors of posteriordb as Kiln models, with what Stan says about them: one definition for tests, benchmarks and documentation.
module kiln.posteriordb {
    requires transitive kiln;
    requires com.fasterxml.jackson.databind;
    requires static org.jspecify;

    exports kiln.posteriordb;

    // Records of a model's own that travel through a solver.
    opens kiln.posteriordb to
            kiln.array;
}
