package kiln.compile;

/// What the compiler may change beyond rounding errors of sums.
///
/// @param regroup  whether an elementwise result may move by an ulp or two: `x / c` for a known `c` becomes `x · (1/c)`
/// @param collapse whether sums over data become sums over a few numbers computed when the graph is compiled
/// @param rewrite  whether the graph is simplified and its small arrays taken apart at all
public record Options(boolean regroup, boolean collapse, boolean rewrite) {
    /// Elementwise results keep every bit of what the interpreter computes: what `jit` promises.
    public static final Options EXACT = new Options(false, false, true);

    /// For log densities, whose value is one long sum: everything that is fast and numerically safe.
    public static final Options DENSITY = new Options(true, true, true);

    /// For what a pass has made of a graph that was compiled before: code is generated from it as it is.
    static final Options FINAL = new Options(false, false, false);

    /// {@return these options, but every observation is visited in every evaluation}
    public Options withoutCollapsing() {
        return new Options(regroup, false, rewrite);
    }
}
