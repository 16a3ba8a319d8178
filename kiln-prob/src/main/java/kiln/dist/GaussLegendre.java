package kiln.dist;

/// Gauss and Legendre's rule with five points on [−1, 1], exact for polynomials of degree 9.
///
/// Source: Abramowitz and Stegun, *Handbook of Mathematical Functions* (1964), table 25.4.
final class GaussLegendre {
    static final double[] POINTS = {-0.906179845938664, -0.5384693101056831, 0, 0.5384693101056831, 0.906179845938664};
    static final double[] WEIGHTS = {
        0.23692688505618908, 0.47862867049936647, 0.5688888888888889, 0.47862867049936647, 0.23692688505618908
    };

    private GaussLegendre() {}
}
