package kiln.math;

/// One loop, or a few short ones, of a tile function that is made of many.
///
/// HotSpot inlines what a function calls, and does less for a dozen loops in one compiled method than for each on its own. A call site
/// that sees several stages inlines none of them (the logarithm of the normal distribution with its derivative, in six processes: 5.0 to
/// 5.2 ns an element; 5.4 to 7.0 without stages).
interface Stage {
    /// Computes the first `n` elements of what the next stages read, in `y`, `z` and the scratch.
    ///
    /// @param x argument of the function
    /// @param y a result, or what will become one
    /// @param z another one
    void apply(double[] x, double[] y, double[] z, int n, TileScratch s);

    /// Runs stages one after the other. The array is no list because HotSpot takes the elements of a constant list for constants.
    static void run(Stage[] stages, double[] x, double[] y, double[] z, int n, TileScratch s) {
        for (Stage stage : stages) {
            stage.apply(x, y, z, n, s);
        }
    }
}
