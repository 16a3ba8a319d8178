package kiln.infer;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.diagnostics.Hpdi;

/// Credible intervals of arrays of draws.
public final class Intervals {
    private Intervals() {}

    /// Highest posterior density intervals: the narrowest window that holds `⌊prob · n⌋` of the draws, element by element.
    ///
    /// @param draws shape `[n, …]`, the draws along the first axis; known
    /// @param prob  probability of the interval, in (0, 1)
    /// @return shape `[2, …]`, the lower and the upper limits
    public static NDArray hpdi(NDArray draws, double prob) {
        int n = draws.size(0);
        Shape rest = draws.shape().slice(1, draws.rank());
        double[] byElement = Np.moveaxis(draws.reshape(Shape.of(n, rest.size())), 0, 1).toDoubleArray();
        double[] limits = new double[2 * rest.size()];
        double[] element = new double[n];
        for (int e = 0; e < rest.size(); e++) {
            System.arraycopy(byElement, e * n, element, 0, n);
            Hpdi interval = Hpdi.hpdi(element, prob);
            limits[e] = interval.lower();
            limits[rest.size() + e] = interval.upper();
        }
        return NDArray.of(Shape.of(2).then(rest), limits);
    }
}
