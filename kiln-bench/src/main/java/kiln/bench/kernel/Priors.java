package kiln.bench.kernel;

/// Constants of the priors in hand-written densities.
final class Priors {
    static final double LOG_2PI = Math.log(2 * Math.PI);

    private Priors() {}

    /// {@return the constant of `count` normal densities of standard deviation `scale`}
    static double normal(int count, double scale) {
        return -count * (0.5 * LOG_2PI + Math.log(scale));
    }

    /// {@return the constant of a half-normal density}
    static double halfNormal(double scale) {
        return normal(1, scale) + Math.log(2);
    }
}
