package kiln.array;

/// How a quantile between two sorted elements is read off; the names are NumPy's.
///
/// Source: R. J. Hyndman, Y. Fan, *Sample quantiles in statistical packages* (1996).
public enum QuantileMethod {
    /// Interpolates between the elements at `⌊(n − 1) q⌋` and the next; type 7, the default everywhere.
    LINEAR(1, 1),
    /// Type 5: the elements are the quantiles at `(k + ½) / n`.
    HAZEN(0.5, 0.5),
    /// Type 6: the elements are the quantiles at `(k + 1) / (n + 1)`.
    WEIBULL(0, 0),
    /// Type 8: unbiased for the median whatever the distribution.
    MEDIAN_UNBIASED(1 / 3.0, 1 / 3.0),
    /// Type 9: unbiased for normal samples.
    NORMAL_UNBIASED(3 / 8.0, 3 / 8.0),
    /// The element below.
    LOWER(1, 1),
    /// The element above.
    HIGHER(1, 1),
    /// The mean of the elements below and above.
    MIDPOINT(1, 1),
    /// The nearest element, the even one of two.
    NEAREST(1, 1);

    private final double alpha;
    private final double beta;

    QuantileMethod(double alpha, double beta) {
        this.alpha = alpha;
        this.beta = beta;
    }

    /// {@return the place of a quantile among `n` sorted elements, from 0 to `n − 1`, floating}
    NDArray place(NDArray q, int n) {
        NDArray at = q.times(n + 1 - alpha - beta).plus(alpha - 1);
        return Np.clip(at, 0.0, n - 1.0);
    }

    /// {@return how much of the step from the element below to the one above is taken}
    NDArray fraction(NDArray place) {
        return switch (this) {
            case LOWER -> Np.zerosLike(place);
            case HIGHER -> Np.onesLike(place);
            case MIDPOINT -> Np.zerosLike(place).plus(0.5);
            case NEAREST -> Np.round(place).minus(Np.floor(place));
            case LINEAR, HAZEN, WEIBULL, MEDIAN_UNBIASED, NORMAL_UNBIASED -> place.minus(Np.floor(place));
        };
    }
}
