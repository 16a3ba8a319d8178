package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.NDArray;

/// Entropies of counts without an upper end. What has no closed form in them is an expectation of logarithms of Γ, an integral over the
/// generating function G(u) = E uˣ:
///
/// ```
/// E log X!                  = ∫₀¹ (E X − (1 − G(u)) / (1 − u)) / (−log u) du
/// E log(Γ(X + a) / Γ(X + 1)) = ∫₀¹ (a − 1 − G(u) (1 − u^(a−1)) / (1 − u)) / (−log u) du
/// ```
///
/// from Malmstén's formula of log Γ. The absolute error is some 10⁻¹⁵ times the size of these expectations.
///
/// Source: Knessl, *Integral representations and asymptotic expansions for Shannon and Renyi entropies* (1998).
final class CountEntropy {
    /// `1 − u` at the nodes, without cancellation.
    private static final NDArray REST = flip(DoubleExponential.FINE.nodes(), 0);

    private static final NDArray MINUS_LOG = DoubleExponential.FINE.logNodes().unaryMinus();
    private static final NDArray WEIGHTS = DoubleExponential.FINE.weights();

    /// From this rate on the asymptotic series has all digits.
    private static final double LARGE = 100;

    /// Coefficients of λ⁻¹, λ⁻², … in the asymptotic series: Stirling's, averaged over the central moments of X.
    private static final double[] SERIES = {
        -1.0 / 12, -1.0 / 24, -19.0 / 360, -9.0 / 80, -863.0 / 2520, -1375.0 / 1008, -33953.0 / 5040, -57281.0 / 1440
    };

    private CountEntropy() {}

    /// {@return the entropy of Poisson counts}
    static NDArray poisson(NDArray rate) {
        NDArray zero = rate.eq(0);
        return where(zero, 0.0, Density.split(where(zero, 1.0, rate), LARGE, CountEntropy::ofFew, CountEntropy::ofMany));
    }

    private static NDArray ofFew(NDArray small) {
        NDArray u = node(REST, small);
        NDArray above = expm1(small.times(u).unaryMinus()).unaryMinus().div(u);
        NDArray logFactorial = integral(small.minus(above), small);
        return small.minus(small.times(log(small))).plus(logFactorial);
    }

    private static NDArray ofMany(NDArray large) {
        NDArray inverse = reciprocal(large);
        NDArray sum = zerosLike(large);
        for (int k = SERIES.length - 1; k >= 0; k--) {
            sum = sum.plus(SERIES[k]).times(inverse);
        }
        return sum.plus(log(large).times(0.5)).plus(0.5 + Constants.HALF_LOG_2PI);
    }

    /// {@return the entropy of negative binomial counts}
    ///
    /// Zero counts, whose logarithm of Γ(a) may be large, are taken out of the integral. With `1 − u` it goes to 0 like that, in every term.
    static NDArray negativeBinomial(GammaMixedPoisson d) {
        NDArray none = d.odds().eq(0);
        NDArray odds = broadcastTo(where(none, 1.0, d.odds()), d.batchShape());
        NDArray a = broadcastTo(d.size(), d.batchShape());
        NDArray log0 = a.times(d.logFailure());
        NDArray u = node(REST, a);
        NDArray logG = a.times(log1p(odds.times(u))).unaryMinus();
        NDArray counted = exp(logG).times(expm1(log0.minus(logG))).unaryMinus();
        NDArray f = expm1(logG).unaryMinus().times(a.minus(1)).plus(counted.times(lessPowers(a.minus(1), u, node(MINUS_LOG, a))));
        NDArray ratio = exp(log0).times(lgamma(a)).plus(integral(f, a));
        NDArray linear = log0.plus(d.mean().times(where(none, 0.0, d.logSuccess())));
        return where(none, 0.0, lgamma(a).minus(ratio).minus(linear));
    }

    /// `m − (1 − (1 − r)ᵐ) / r`, by the binomial series where that cancels.
    private static NDArray lessPowers(NDArray m, NDArray r, NDArray minusLog) {
        NDArray direct = m.plus(expm1(m.times(minusLog).unaryMinus()).div(r));
        NDArray isSmall = maximum(abs(m), 1.0).times(r).lt(0.01);
        NDArray near = where(isSmall, r, 0.0);
        NDArray sum = zerosLike(near);
        for (int k = 9; k >= 2; k--) {
            sum = subtract(1, sum.times(near).times(m.minus(k)).div(k + 1.0));
        }
        return where(isSmall, m.times(m.minus(1)).times(0.5).times(near).times(sum), direct);
    }

    private static NDArray node(NDArray nodes, NDArray batch) {
        return Density.trailing(nodes, batch.rank());
    }

    private static NDArray integral(NDArray f, NDArray batch) {
        return f.times(node(WEIGHTS.div(MINUS_LOG), batch)).sum(0);
    }
}
