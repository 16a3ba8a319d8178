package kiln.math;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// exp and log in 80-digit decimal arithmetic: the reference for errors in ulp.
final class BigMath {
    private BigMath() {}

    static final MathContext MC = new MathContext(80, RoundingMode.HALF_EVEN);

    /// ln 2 = 18 atanh(1/26) − 2 atanh(1/4801) + 8 atanh(1/8749), from integers alone.
    static final BigDecimal LN_2 = atanhInverse(26)
            .multiply(BigDecimal.valueOf(18))
            .subtract(atanhInverse(4801).multiply(BigDecimal.TWO))
            .add(atanhInverse(8749).multiply(BigDecimal.valueOf(8)), MC);

    private static BigDecimal atanhInverse(int n) {
        BigDecimal power = BigDecimal.ONE.divide(BigDecimal.valueOf(n), MC);
        BigDecimal square = power.multiply(power, MC);
        BigDecimal sum = power;
        for (int k = 3; k < 120; k += 2) {
            power = power.multiply(square, MC);
            sum = sum.add(power.divide(BigDecimal.valueOf(k), MC), MC);
        }
        return sum;
    }

    static BigDecimal of(double x) {
        return new BigDecimal(x);
    }

    static BigDecimal exp(BigDecimal x) {
        int k = x.divide(LN_2, MC).setScale(0, RoundingMode.HALF_EVEN).intValueExact();
        BigDecimal r = x.subtract(LN_2.multiply(BigDecimal.valueOf(k)), MC).divide(BigDecimal.valueOf(256), MC);
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ONE;
        for (int i = 1; i < 28; i++) {
            term = term.multiply(r, MC).divide(BigDecimal.valueOf(i), MC);
            sum = sum.add(term, MC);
        }
        for (int i = 0; i < 8; i++) {
            sum = sum.multiply(sum, MC);
        }
        return sum.multiply(BigDecimal.TWO.pow(k, MC), MC);
    }

    static BigDecimal log(BigDecimal x) {
        int k = (int) Math.rint((x.precision() - x.scale()) * 3.321928);
        BigDecimal m = x.divide(BigDecimal.TWO.pow(k, MC), MC);
        BigDecimal y = of(StrictMath.log(m.doubleValue()));
        for (int i = 0; i < 2; i++) {
            // Halley's step, of third order.
            BigDecimal e = exp(y);
            y = y.add(BigDecimal.TWO.multiply(m.subtract(e)).divide(m.add(e), MC), MC);
        }
        return y.add(LN_2.multiply(BigDecimal.valueOf(k)), MC);
    }

    /// |got − want| in units in the last place of `want`.
    static double ulps(double got, BigDecimal want) {
        double ulp = Math.ulp(want.doubleValue());
        return of(got).subtract(want).abs().divide(of(ulp), MC).doubleValue();
    }
}
