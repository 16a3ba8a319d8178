package kiln.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The errors in ulp that the comments of [Elementary] state, on seeded samples against 80-digit arithmetic.
class ElementaryAccuracyTest {
    private record Row(
            String name, DoubleUnaryOperator f, UnaryOperator<BigDecimal> reference, double low, double high, double bound) {}

    private static final BigDecimal ONE = BigDecimal.ONE;

    private static BigDecimal softplus(BigDecimal x) {
        return BigMath.log(ONE.add(BigMath.exp(x)));
    }

    private static BigDecimal sigmoid(BigDecimal x) {
        return ONE.divide(ONE.add(BigMath.exp(x.negate())), BigMath.MC);
    }

    private static BigDecimal expm1(BigDecimal x) {
        return BigMath.exp(x).subtract(ONE);
    }

    private static BigDecimal tanh(BigDecimal x) {
        BigDecimal e = expm1(x.add(x));
        return e.divide(e.add(BigDecimal.TWO), BigMath.MC);
    }

    private static final Row[] ROWS = {
        new Row("exp", Elementary::exp, BigMath::exp, -1, 1, 1),
        new Row("exp", Elementary::exp, BigMath::exp, -708, 709, 1),
        new Row("expm1", Elementary::expm1, ElementaryAccuracyTest::expm1, -1, 1, 1.7),
        new Row("expm1", Elementary::expm1, ElementaryAccuracyTest::expm1, -40, 40, 1.7),
        new Row("expm1", Elementary::expm1, ElementaryAccuracyTest::expm1, -1e-6, 1e-6, 1.7),
        new Row("log", Elementary::log, BigMath::log, 0.5, 2, 1),
        new Row("log", Elementary::log, BigMath::log, 0.99, 1.01, 1),
        new Row("log", Elementary::log, BigMath::log, 0, 1e6, 1),
        new Row("log1p", Elementary::log1p, x -> BigMath.log(ONE.add(x)), -0.99, 1, 1),
        new Row("log1p", Elementary::log1p, x -> BigMath.log(ONE.add(x)), -1e-3, 1e-3, 1),
        new Row("log1p", Elementary::log1p, x -> BigMath.log(ONE.add(x)), 0, 1e6, 1),
        new Row("tanh", Elementary::tanh, ElementaryAccuracyTest::tanh, -1, 1, 1.5),
        new Row("tanh", Elementary::tanh, ElementaryAccuracyTest::tanh, -20, 20, 1.5),
        new Row("sigmoid", Elementary::sigmoid, ElementaryAccuracyTest::sigmoid, -3, 3, 1.3),
        new Row("sigmoid", Elementary::sigmoid, ElementaryAccuracyTest::sigmoid, -80, 40, 1.3),
        new Row("softplus", Elementary::softplus, ElementaryAccuracyTest::softplus, -3, 3, 1.2),
        new Row("softplus", Elementary::softplus, ElementaryAccuracyTest::softplus, -50, 40, 1.2),
    };

    @TestFactory
    Stream<DynamicTest> statedErrors() {
        return Stream.of(ROWS).map(row -> DynamicTest.dynamicTest(
                row.name + " on [" + row.low + ", " + row.high + "]", () -> statedError(row)));
    }

    private static void statedError(Row row) {
        SplittableRandom random = new SplittableRandom(7);
        double worst = 0;
        double at = 0;
        for (int i = 0; i < 2500; i++) {
            double x = random.nextDouble(row.low, row.high);
            double error = BigMath.ulps(row.f.applyAsDouble(x), row.reference.apply(BigMath.of(x)));
            if (error > worst) {
                worst = error;
                at = x;
            }
        }
        assertThat(worst).as("%s, worst at %s", row.name, at).isLessThan(row.bound);
    }

    @Test
    void statedErrorOfPow() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 2500; i++) {
            double x = i % 2 == 0 ? random.nextDouble(0.5, 2) : random.nextDouble(0, 1e4);
            double y = random.nextDouble(-1, 1) * (i % 3 == 0 ? 10 : 700 / Math.max(0.1, Math.abs(Elementary.log(x))));
            BigDecimal want = BigMath.exp(BigMath.of(y).multiply(BigMath.log(BigMath.of(x)), BigMath.MC));
            assertThat(BigMath.ulps(Elementary.pow(x, y), want)).as("%s^%s", x, y).isLessThan(0.9);
        }
        for (int x = 1; x < 200; x++) {
            for (int n = 0; n <= 6; n++) {
                assertThat(Elementary.pow(x, n)).isEqualTo(BigDecimal.valueOf(x).pow(n).doubleValue());
            }
        }
    }

    @Test
    void theReferenceKnowsTheDigitsOfE() {
        assertThat(BigMath.exp(ONE).toPlainString()).startsWith("2.718281828459045235360287471352662497757247093699959574966");
        assertThat(BigMath.LN_2.toPlainString()).startsWith("0.6931471805599453094172321214581765680755001343602552541206");
    }
}
