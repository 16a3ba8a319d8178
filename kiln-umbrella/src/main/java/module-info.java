/// Kiln: probabilistic programming for the JVM. The umbrella module that users require.
module kiln {
    requires transitive kiln.prob;
}
