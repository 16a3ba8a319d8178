package kiln.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Edges that the oracle table does not hold: infinities, NaN, poles, signed zeros, subnormal results, very large parameters.
class SpecialEdgesTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    @Test
    void elementaryEdges() {
        assertThat(Elementary.exp(-INF)).isZero();
        assertThat(Elementary.exp(INF)).isEqualTo(INF);
        assertThat(Elementary.exp(-745.13)).isEqualTo(Double.MIN_VALUE);
        assertThat(Elementary.exp(-745.14)).isZero();
        assertThat(Elementary.exp(709.782712893384)).isEqualTo(StrictMath.exp(709.782712893384));
        assertThat(Elementary.exp(709.7827128933841)).isEqualTo(INF);
        assertThat(Double.doubleToRawLongBits(Elementary.expm1(-0.0))).isEqualTo(Long.MIN_VALUE);
        assertThat(Double.doubleToRawLongBits(Elementary.log1p(-0.0))).isEqualTo(Long.MIN_VALUE);
        assertThat(Double.doubleToRawLongBits(Elementary.tanh(-0.0))).isEqualTo(Long.MIN_VALUE);
        assertThat(Elementary.expm1(-INF)).isEqualTo(-1);
        assertThat(Elementary.log(0)).isEqualTo(-INF);
        assertThat(Elementary.log(INF)).isEqualTo(INF);
        assertThat(Elementary.log(-1)).isNaN();
        assertThat(Elementary.log1p(-1)).isEqualTo(-INF);
        assertThat(Elementary.log1p(-1.5)).isNaN();
        assertThat(Elementary.tanh(INF)).isEqualTo(1);
        assertThat(Elementary.sigmoid(-INF)).isZero();
        assertThat(Elementary.sigmoid(INF)).isEqualTo(1);
        assertThat(Elementary.softplus(-INF)).isZero();
        assertThat(Elementary.softplus(INF)).isEqualTo(INF);
        assertThat(Elementary.log1mexp(0)).isEqualTo(-INF);
        assertThat(Elementary.log1mexp(1)).isNaN();
        assertThat(Elementary.xlogy(0, Double.NaN)).isNaN();
    }

    @Test
    void subnormalExponentialsRoundOnce() {
        for (double x = -745; x < -708; x += 0.37) {
            assertThat(Elementary.exp(x)).isCloseTo(StrictMath.exp(x), within(Double.MIN_VALUE));
        }
    }

    @Test
    void nanGivesNaN() {
        Stream<DoubleUnaryOperator> functions = Stream.of(
                Elementary::exp, Elementary::expm1, Elementary::log, Elementary::log1p, Elementary::log1mexp, Elementary::tanh,
                Elementary::atanh, Elementary::sigmoid, Elementary::logit, Elementary::logSigmoid, Elementary::softplus,
                Elementary::softplusInverse, Erf::erf, Erf::erfc, Erf::erfcx, Erf::erfinv, Erf::erfcinv, Erf::ndtr, Erf::logNdtr,
                Erf::logNdtrDerivative, Erf::ndtrDerivative, Erf::ndtri, Gamma::lgamma, Gamma::lgamma1p, Gamma::gamma, Gamma::digamma,
                Gamma::trigamma, Gamma::log1pmx, Gamma::stirlingError, Zeta::riemann, x -> Gamma.lbeta(x, 1), x -> Gamma.lbeta(1, x),
                x -> GammaInc.gammainc(x, 1), x -> GammaInc.gammainc(1, x), x -> GammaInc.gammaincinv(1, x),
                x -> Beta.betainc(1, x, 0.5), x -> Beta.betainc(1, 1, x), x -> Beta.betaincinv(1, 1, x));
        assertThat(functions.map(f -> f.applyAsDouble(Double.NaN))).containsOnly(Double.NaN);
    }

    @Test
    void erfEdges() {
        assertThat(Erf.erf(INF)).isEqualTo(1);
        assertThat(Erf.erfc(INF)).isZero();
        assertThat(Erf.erfc(-INF)).isEqualTo(2);
        assertThat(Erf.erfcx(INF)).isZero();
        assertThat(Erf.erfcx(-INF)).isEqualTo(INF);
        assertThat(Erf.ndtr(-INF)).isZero();
        assertThat(Erf.ndtr(INF)).isEqualTo(1);
        assertThat(Erf.logNdtr(-INF)).isEqualTo(-INF);
        assertThat(Erf.logNdtr(INF)).isZero();
        assertThat(Erf.ndtri(0)).isEqualTo(-INF);
        assertThat(Erf.ndtri(1)).isEqualTo(INF);
        assertThat(Erf.ndtri(1.5)).isNaN();
        assertThat(Erf.erfinv(-1)).isEqualTo(-INF);
        assertThat(Erf.erfinv(-1.1)).isNaN();
    }

    @Test
    void gammaPolesAndFactorials() {
        assertThat(Gamma.lgamma(0)).isEqualTo(INF);
        assertThat(Gamma.lgamma(-3)).isEqualTo(INF);
        assertThat(Gamma.lgamma(INF)).isEqualTo(INF);
        assertThat(Gamma.lgamma(-INF)).isEqualTo(INF);
        assertThat(Gamma.gamma(-2)).isNaN();
        assertThat(Gamma.gamma(0.0)).isEqualTo(INF);
        assertThat(Gamma.gamma(-0.0)).isEqualTo(-INF);
        assertThat(Gamma.gamma(172)).isEqualTo(INF);
        assertThat(Gamma.digamma(-4)).isNaN();
        assertThat(Gamma.digamma(INF)).isEqualTo(INF);
        assertThat(Gamma.trigamma(-1)).isEqualTo(INF);
        double factorial = 1;
        for (int n = 1; n <= 22; n++) {
            factorial *= n;
            assertThat(Gamma.gamma(n + 1.0)).isEqualTo(factorial);
        }
        assertThatThrownBy(() -> Gamma.polygamma(-1, 2)).hasMessageContaining("n = -1");
    }

    /// `P(a, a) ≈ 1/2 + 1/(3 sqrt(2π a))`, with an error of order `a^(−3/2)`.
    @Test
    void largestShapes() {
        double a = 1e10;
        assertThat(GammaInc.gammainc(a, a)).isCloseTo(0.5 + 1 / (3 * Math.sqrt(2 * Math.PI * a)), within(1e-12));
        assertThat(GammaInc.gammainc(1.1e10, 1)).isNaN();
        assertThat(Beta.betainc(a, a, 0.5)).isCloseTo(0.5, within(1e-10));
        assertThat(Beta.betainc(a, 1.1e10, 0.5)).isNaN();
    }

    @Test
    void incompleteFunctionsAtTheEnds() {
        assertThat(GammaInc.gammainc(2, 0)).isZero();
        assertThat(GammaInc.gammainc(2, INF)).isEqualTo(1);
        assertThat(GammaInc.gammaincc(2, INF)).isZero();
        assertThat(GammaInc.gammaincLog(2, 0)).isEqualTo(-INF);
        assertThat(GammaInc.gammaincinv(2, 0)).isZero();
        assertThat(GammaInc.gammaincinv(2, 1)).isEqualTo(INF);
        assertThat(GammaInc.gammainc(-1, 1)).isNaN();
        assertThat(Beta.betainc(2, 3, 0)).isZero();
        assertThat(Beta.betainc(2, 3, 1)).isEqualTo(1);
        assertThat(Beta.betaincinv(2, 3, 1)).isEqualTo(1);
        assertThat(Beta.betaincLog(2, 3, 0)).isEqualTo(-INF);
        assertThat(Beta.betainccLog(2, 3, 1)).isEqualTo(-INF);
        assertThat(Beta.betaincDx(1, 3, 0)).isEqualTo(3);
    }

    @Test
    void logarithmicTailsOfBeta() {
        double x = 1e-200;
        assertThat(Beta.betaincLog(30, 2, x)).isCloseTo(30 * Elementary.log(x) + Elementary.log(31), within(1e-8));
        assertThat(Beta.betainccLog(2, 30, 0.999999)).isCloseTo(Elementary.log(Beta.betaincc(2, 30, 0.999999)), within(1e-9));
    }
}
