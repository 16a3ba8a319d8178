package kiln.dist;

/// Mathematical constants of normalising terms, as the nearest doubles.
final class Constants {
    /// `½ log 2π`
    static final double HALF_LOG_2PI = 0.918938533204672741780329736405617639;
    /// `log 2`
    static final double LOG_2 = 0.693147180559945309417232121458176568;
    /// `log π`
    static final double LOG_PI = 1.14472988584940017414342735135305871;
    /// `½ log(2/π)`
    static final double HALF_LOG_2_OVER_PI = -0.225791352644727432363097614947441072;
    /// Euler's constant γ
    static final double EULER = 0.577215664901532860606512090082402431;

    private Constants() {}
}
