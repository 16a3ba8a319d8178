package kiln.array;

import static kiln.array.Np.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The elementwise functions against the values that NumPy 2.4 and SciPy give.
class ElementwiseFunctionsTest {
    private static final NDArray X = array(-2.5, -0.3, 0, 0.7, 2.5);
    private static final NDArray Y = array(0.3, 2, -1, 0.5, -2);
    private static final NDArray P = array(0.5, 1, 2, 3, 10);
    private static final NDArray U = array(0, 0.1, 0.5, 0.9, 1);
    private static final NDArray S = array(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, 1);
    private static final NDArray I = NDArray.of(-7L, 5, 9, 0, 12);
    private static final NDArray K = NDArray.of(3L, 6, -1, 7, 2);
    private static final NDArray A = array(0, 0, 1, 1, 2, -1);
    private static final NDArray B = array(0, 2, 0, 3, 1, 1);

    static Stream<Arguments> values() {
        return Stream.of(
            Arguments.of("arcsin(U)", arcsin(U), new double[] {0.0, 0.1001674211615598, 0.5235987755982989, 1.1197695149986342, 1.5707963267948966}),
            Arguments.of("arccos(U)", arccos(U), new double[] {1.5707963267948966, 1.4706289056333368, 1.0471975511965976, 0.45102681179626236, 0.0}),
            Arguments.of("sinh(X)", sinh(X), new double[] {-6.0502044810397875, -0.3045202934471426, 0.0, 0.7585837018395335, 6.0502044810397875}),
            Arguments.of("cosh(X)", cosh(X), new double[] {6.132289479663686, 1.0453385141288605, 1.0, 1.255169005630943, 6.132289479663686}),
            Arguments.of("arcsinh(X)", arcsinh(X), new double[] {-1.6472311463710958, -0.29567304756342244, 0.0, 0.6526665660823557, 1.6472311463710958}),
            Arguments.of("arccosh(P.plus(1))", arccosh(P.plus(1)), new double[] {0.9624236501192069, 1.3169578969248168, 1.762747174039086, 2.0634370688955603, 3.088969904844603}),
            Arguments.of("arctanh(U)", arctanh(U), new double[] {0.0, 0.10033534773107558, 0.5493061443340549, 1.4722194895832204, Double.POSITIVE_INFINITY}),
            Arguments.of("arctan2(X, Y)", arctan2(X, Y), new double[] {-1.4513674007765582, -0.14888994760949725, 3.141592653589793, 0.9505468408120751, 2.2455372690184494}),
            Arguments.of("exp2(X)", exp2(X), new double[] {0.1767766952966369, 0.8122523963562356, 1.0, 1.624504792712471, 5.656854249492381}),
            Arguments.of("log2(P)", log2(P), new double[] {-1.0, 0.0, 1.0, 1.584962500721156, 3.321928094887362}),
            Arguments.of("log10(P)", log10(P), new double[] {-0.3010299956639812, 0.0, 0.3010299956639812, 0.47712125471966244, 1.0}),
            Arguments.of("log10(array(1000, 1e-5))", log10(array(1000, 1e-5)), new double[] {3.0, -5.0}),
            Arguments.of("log2(array(8, 1024, 0.125, 0x1p-1074))", log2(array(8, 1024, 0.125, 0x1p-1074)), new double[] {3.0, 10.0, -3.0, -1074.0}),
            Arguments.of("cbrt(X)", cbrt(X), new double[] {-1.3572088082974534, -0.6694329500821695, 0.0, 0.8879040017426006, 1.3572088082974534}),
            Arguments.of("hypot(X, Y)", hypot(X, Y), new double[] {2.5179356624028344, 2.0223748416156684, 1.0, 0.8602325267042626, 3.2015621187164243}),
            Arguments.of("reciprocal(P)", reciprocal(P), new double[] {2.0, 1.0, 0.5, 0.3333333333333333, 0.1}),
            Arguments.of("positive(X)", positive(X), new double[] {-2.5, -0.3, 0.0, 0.7, 2.5}),
            Arguments.of("fabs(X)", fabs(X), new double[] {2.5, 0.3, 0.0, 0.7, 2.5}),
            Arguments.of("trunc(X)", trunc(X), new double[] {-2.0, -0.0, 0.0, 0.0, 2.0}),
            Arguments.of("fmod(X, Y)", fmod(X, Y), new double[] {-0.10000000000000009, -0.3, 0.0, 0.19999999999999996, 0.5}),
            Arguments.of("remainder(X, Y)", remainder(X, Y), new double[] {0.1999999999999999, 1.7, -0.0, 0.19999999999999996, -1.5}),
            Arguments.of("divmod(X, Y).quotient()", divmod(X, Y).quotient(), new double[] {-9.0, -1.0, -0.0, 1.0, -2.0}),
            Arguments.of("divmod(X, Y).remainder()", divmod(X, Y).remainder(), new double[] {0.1999999999999999, 1.7, -0.0, 0.19999999999999996, -1.5}),
            Arguments.of("divmod(I, NDArray.of(3, 3, -2, 2, 5)).quotient()", divmod(I, NDArray.of(3, 3, -2, 2, 5)).quotient(), new double[] {-3.0, 1.0, -5.0, 0.0, 2.0}),
            Arguments.of("divmod(I, NDArray.of(3, 3, -2, 2, 5)).remainder()", divmod(I, NDArray.of(3, 3, -2, 2, 5)).remainder(), new double[] {2.0, 2.0, -1.0, 0.0, 2.0}),
            Arguments.of("fmod(I, 3)", fmod(I, 3), new double[] {-1.0, 2.0, 0.0, 0.0, 0.0}),
            Arguments.of("copysign(X, Y)", copysign(X, Y), new double[] {2.5, 0.3, -0.0, 0.7, -2.5}),
            Arguments.of("signbit(array(-0.0, 0.0, -1, 1))", signbit(array(-0.0, 0.0, -1, 1)), new double[] {1.0, 0.0, 1.0, 0.0}),
            Arguments.of("heaviside(X, 0.5)", heaviside(X, 0.5), new double[] {0.0, 0.0, 0.5, 1.0, 1.0}),
            Arguments.of("relu(X)", relu(X), new double[] {0.0, 0.0, 0.0, 0.7, 2.5}),
            Arguments.of("deg2rad(X)", deg2rad(X), new double[] {-0.04363323129985824, -0.005235987755982988, 0.0, 0.012217304763960306, 0.04363323129985824}),
            Arguments.of("rad2deg(X)", rad2deg(X), new double[] {-143.2394487827058, -17.188733853924695, 0.0, 40.10704565915762, 143.2394487827058}),
            Arguments.of("logicalXor(X, array(0, 1, 1, 0, 0))", logicalXor(X, array(0, 1, 1, 0, 0)), new double[] {1.0, 0.0, 1.0, 1.0, 1.0}),
            Arguments.of("isinf(S)", isinf(S), new double[] {0.0, 1.0, 1.0, 0.0, 0.0}),
            Arguments.of("isposinf(S)", isposinf(S), new double[] {0.0, 1.0, 0.0, 0.0, 0.0}),
            Arguments.of("isneginf(S)", isneginf(S), new double[] {0.0, 0.0, 1.0, 0.0, 0.0}),
            Arguments.of("nanToNum(S)", nanToNum(S), new double[] {0.0, 1.7976931348623157e+308, -1.7976931348623157e+308, 0.0, 1.0}),
            Arguments.of("nanToNum(S, 1, 2, 3)", nanToNum(S, 1, 2, 3), new double[] {1.0, 2.0, 3.0, 0.0, 1.0}),
            Arguments.of("bitwiseAnd(I, K)", bitwiseAnd(I, K), new double[] {1.0, 4.0, 9.0, 0.0, 0.0}),
            Arguments.of("bitwiseOr(I, K)", bitwiseOr(I, K), new double[] {-5.0, 7.0, -1.0, 7.0, 14.0}),
            Arguments.of("bitwiseXor(I, K)", bitwiseXor(I, K), new double[] {-6.0, 3.0, -10.0, 7.0, 14.0}),
            Arguments.of("bitwiseNot(I)", bitwiseNot(I), new double[] {6.0, -6.0, -10.0, -1.0, -13.0}),
            Arguments.of("leftShift(I, 3)", leftShift(I, 3), new double[] {-56.0, 40.0, 72.0, 0.0, 96.0}),
            Arguments.of("rightShift(I, 1)", rightShift(I, 1), new double[] {-4.0, 2.0, 4.0, 0.0, 6.0}),
            Arguments.of("bitwiseNot(NDArray.of(true, false))", bitwiseNot(NDArray.of(true, false)), new double[] {0.0, 1.0}),
            Arguments.of("pow(I, 3)", pow(I, 3), new double[] {-343.0, 125.0, 729.0, 0.0, 1728.0}),
            Arguments.of("clip(X, -1, 1)", clip(X, -1, 1), new double[] {-1.0, -0.3, 0.0, 0.7, 1.0}),
            Arguments.of("logaddexp2(X, Y)", logaddexp2(X, Y), new double[] {0.4935664963613433, 2.266712311969978, 0.5849625007211562, 1.603462964247804, 2.562390014173462}),
            Arguments.of("logsubexp(P.plus(1), U)", logsubexp(P.plus(1), U), new double[] {1.2475175410745458, 1.8379884485611058, 2.914349516257962, 3.953904539340399, 10.99995459903963}),
            Arguments.of("logsubexp(array(1, 2), Double.NEGATIVE_INFINITY)", logsubexp(array(1, 2), Double.NEGATIVE_INFINITY), new double[] {1.0, 2.0}),
            Arguments.of("log1mexp(P.unaryMinus())", log1mexp(P.unaryMinus()), new double[] {-0.9327521295671886, -0.45867514538708193, -0.14541345786885906, -0.051069180942701596, -4.54009603704951e-05}),
            Arguments.of("logit(U)", logit(U), new double[] {Double.NEGATIVE_INFINITY, -2.197224577336219, 0.0, 2.1972245773362196, Double.POSITIVE_INFINITY}),
            Arguments.of("logSigmoid(X)", logSigmoid(X), new double[] {-2.5788897342925496, -0.8543552444685272, -0.6931471805599453, -0.4031860488854579, -0.07888973429254963}),
            Arguments.of("gammaln(P)", gammaln(P), new double[] {0.5723649429247, 0.0, 0.0, 0.6931471805599453, 12.801827480081469}),
            Arguments.of("beta(P, P.plus(1))", beta(P, P.plus(1)), new double[] {1.5707963267948963, 0.5, 0.08333333333333333, 0.016666666666666666, 5.412544112234514e-07}),
            Arguments.of("betaln(P, P.plus(1))", betaln(P, P.plus(1)), new double[] {0.4515827052894547, -0.6931471805599453, -2.4849066497880004, -4.0943445622221, -14.4293764075965}),
            Arguments.of("multigammaln(P.plus(2), 3)", multigammaln(P.plus(2), 3), new double[] {1.8809954616117743, 2.694924879806965, 5.402975080909175, 9.140644699192542, 50.61581572429074}),
            Arguments.of("erfcx(X)", erfcx(X), new double[] {1035.8148429726227, 1.4537492328427655, 1.0, 0.525930337349441, 0.2108063640611436}),
            Arguments.of("gammainc(P, 2)", gammainc(P, 2), new double[] {0.9544997361036415, 0.8646647167633873, 0.5939941502901616, 0.32332358381693654, 4.649807501726386e-05}),
            Arguments.of("gammaincc(P, 2)", gammaincc(P, 2), new double[] {0.04550026389635857, 0.1353352832366127, 0.40600584970983794, 0.6766764161830634, 0.9999535019249828}),
            Arguments.of("betainc(P, 2, U)", betainc(P, 2, U), new double[] {0.0, 0.19, 0.5, 0.9477, 1.0}),
            Arguments.of("betainc(1, 2, 0.25)", betainc(1, 2, 0.25), new double[] {0.4375}),
            Arguments.of("stdtr(array(1, 2, 3), array(1, -2, 0))", stdtr(array(1, 2, 3), array(1, -2, 0)), new double[] {0.75, 0.5 - 1 / Math.sqrt(6), 0.5}),
            Arguments.of("zeta(P.plus(1), 2)", zeta(P.plus(1), 2), new double[] {1.6123753486854886, 0.6449340668482266, 0.2020569031595943, 0.08232323371113821, 0.0004941886041194647}),
            Arguments.of("entr(array(-1, 0, 0.5, 2))", entr(array(-1, 0, 0.5, 2)), new double[] {Double.NEGATIVE_INFINITY, 0.0, 0.34657359027997264, -1.3862943611198906}),
            Arguments.of("relEntr(A, B)", relEntr(A, B), new double[] {0.0, 0.0, Double.POSITIVE_INFINITY, -1.0986122886681098, 1.3862943611198906, Double.POSITIVE_INFINITY}),
            Arguments.of("klDiv(A, B)", klDiv(A, B), new double[] {0.0, 2.0, Double.POSITIVE_INFINITY, 0.90138771133189, 0.3862943611198906, Double.POSITIVE_INFINITY}),
            Arguments.of("xlogy(A, B)", xlogy(A, B), new double[] {0.0, 0.0, Double.NEGATIVE_INFINITY, 1.0986122886681098, 0.0, -0.0}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void equalsNumPy(String name, NDArray got, double[] want) {
        assertNear(name, got, want, 2e-14, 1e-2);
    }

    /// Relative to the number itself, or to `least` where that is larger.
    static void assertNear(String name, NDArray got, double[] want, double relative, double least) {
        double[] have = got.toDoubleArray();
        assertThat(have).as(name).hasSameSizeAs(want);
        for (int i = 0; i < want.length; i++) {
            boolean same = Double.compare(have[i], want[i]) == 0 || have[i] == want[i];
            assertThat(same || Math.abs(have[i] - want[i]) <= relative * Math.max(Math.abs(want[i]), least))
                    .as(name + "[" + i + "] = " + have[i] + ", NumPy has " + want[i])
                    .isTrue();
        }
    }

    @Test
    void elementTypes() {
        assertThat(fmod(NDArray.of(7), 2).dtype()).isEqualTo(DType.INT32);
        assertThat(leftShift(NDArray.of(1 << 30), 2).toLongArray()).containsExactly(0);
        assertThat(bitwiseXor(NDArray.of(true), NDArray.of(true)).dtype()).isEqualTo(DType.BOOL);
        assertThat(betainc(NDArray.of(1f), 2, NDArray.of(0.5f)).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(betainc(1, 2, NDArray.of(1)).dtype()).isEqualTo(DType.FLOAT64);
        assertThat(log2(NDArray.of(8L)).dtype()).isEqualTo(DType.FLOAT64);
    }

    @Test
    void bitsOfFloatingNumbersAreRefused() {
        assertThatThrownBy(() -> bitwiseAnd(array(1, 2), 3))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("bitwiseAnd: floating numbers have no bits to combine.")
                .hasMessageContaining("Expected: integers or truth values")
                .hasMessageContaining("Fix:      convert with astype(INT64)");
    }
}
