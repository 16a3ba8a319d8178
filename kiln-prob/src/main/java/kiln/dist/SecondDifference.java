package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.NDArray;

/// Second differences of log Γ: how much more than the square of the mean the second moment is where moments are products of Γ.
///
/// ```
/// log Γ(c + x) − 2 log Γ(c) + log Γ(c − x) = Σ ζ(2k, c) x²ᵏ / k
/// ```
///
/// Source: NIST Digital Library of Mathematical Functions, 5.15.1.
final class SecondDifference {
    /// Where the series takes over from the difference, as a part of the centre, and its length: 64⁻¹⁰ is left out.
    private static final double NEAR = 0.125;
    private static final int TERMS = 9;

    private SecondDifference() {}

    /// {@return the second difference of log Γ}
    ///
    /// @param c the centre, > 0
    /// @param x the step, 0 < x < c
    static NDArray ofLogGamma(NDArray c, NDArray x) {
        NDArray isNear = isNear(c, x);
        if (Density.isAllTrue(isNear)) {
            return series(c, x);
        }
        NDArray direct = lgamma(c.plus(x)).plus(lgamma(c.minus(x))).minus(lgamma(c).times(2));
        return Density.isAllFalse(isNear) ? direct : where(isNear, series(where(isNear, c, 1.0), where(isNear, x, 0.0)), direct);
    }

    /// {@return whether the step is so short that the difference would cancel}
    static NDArray isNear(NDArray c, NDArray x) {
        return x.le(c.times(NEAR));
    }

    private static NDArray series(NDArray c, NDArray x) {
        NDArray square = square(x);
        NDArray sum = zeta(2 * TERMS, c).times(1.0 / TERMS);
        for (int k = TERMS - 1; k >= 1; k--) {
            sum = sum.times(square).plus(zeta(2 * k, c).times(1.0 / k));
        }
        return sum.times(square);
    }
}
