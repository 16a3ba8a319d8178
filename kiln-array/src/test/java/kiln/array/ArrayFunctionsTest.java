package kiln.array;

import static kiln.array.Index.slice;
import static kiln.array.Np.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Reductions, shapes and indexing against the values that NumPy 2.4 and SciPy give.
class ArrayFunctionsTest {
    private static final NDArray M = array(new double[][] {{3, -1, 2.5, 0}, {1, 4, -2, 2.5}, {0.5, -3, 7, 1}});
    private static final NDArray V = array(2, 7, 1, 8, 2, 8);
    private static final NDArray N = array(1, Double.NaN, 3, 2);
    private static final NDArray R =
            array(new double[][] {{1, Double.NaN, 3, 2}, {Double.NaN, Double.NaN, -1, 5}, {4, 0.5, 7, Double.NaN}});
    private static final NDArray E = array(new double[][] {{Double.NaN, 1}, {Double.NaN, Double.NaN}});
    private static final NDArray U = array(new int[][] {{3, 1, 2}, {1, 3, 3}});
    private static final NDArray W = array(2, Double.NaN, -0.0, 0, Double.NaN, 2);
    private static final NDArray I = NDArray.of(3L, 1, 2, 0, 5, 1).reshape(2, 3);
    private static final NDArray B = NDArray.of(true, false, true, false, false, false, false, false, true, true, true, true).reshape(3, 4);

    private static Arguments row(String name, NDArray got, Shape shape, double... want) {
        return Arguments.of(name, got, shape, want);
    }

    static Stream<Arguments> reductions() {
        return Stream.of(
            row("prod(M, 1)", prod(M, 1), Shape.of(3), 0, -20, -10.5),
            row("prod(M)", prod(M), Shape.SCALAR, 0),
            row("prod(I)", prod(I), Shape.SCALAR, 0),
            row("prod(I, 0)", prod(I, 0), Shape.of(3), 0, 5, 2),
            row("prod(zeros(0, 2), 0)", prod(zeros(0, 2), 0), Shape.of(2), 1, 1),
            row("cumprod(M, 0)", cumprod(M, 0), Shape.of(3, 4), 3, -1, 2.5, 0, 3, -4, -5, 0, 1.5, 12, -35, 0),
            row("cumprod(I, -1)", cumprod(I, -1), Shape.of(2, 3), 3, 3, 6, 0, 0, 0),
            row("cummax(V, 0)", cummax(V, 0), Shape.of(6), 2, 7, 7, 8, 8, 8),
            row("cummin(M, 1)", cummin(M, 1), Shape.of(3, 4), 3, -1, -1, -1, 1, 1, -2, -2, 0.5, -3, -3, -3),
            row("cummax(N, 0)", cummax(N, 0), Shape.of(4), 1, Double.NaN, Double.NaN, Double.NaN),
            row("cumlogsumexp(M, 1)", cumlogsumexp(M, 1), Shape.of(3, 4), 3, 3.01814992791781, 3.485413225832131, 3.5155942559266227, 1, 4.048587351573742, 4.050945763522998, 4.243256703485067, 0.5, 0.5297504182726206, 7.001547640908494, 7.004019502265842),
            row("cumlogsumexp(array(Double.NEGATIVE_INFINITY, 0, 800, 1), 0)", cumlogsumexp(array(Double.NEGATIVE_INFINITY, 0, 800, 1), 0), Shape.of(4), Double.NEGATIVE_INFINITY, 0, 800, 800),
            row("argmin(M, 1)", argmin(M, 1), Shape.of(3), 1, 2, 1),
            row("argmin(I, 0)", argmin(I, 0), Shape.of(3), 1, 0, 1),
            row("argmin(N, 0)", argmin(N, 0), Shape.SCALAR, 1),
            row("argmin(M)", argmin(M), Shape.SCALAR, 9),
            row("argmax(M)", argmax(M), Shape.SCALAR, 10),
            row("argsort(V, 0)", argsort(V, 0), Shape.of(6), 2, 0, 4, 1, 3, 5),
            row("sort(M, 1)", sort(M, 1), Shape.of(3, 4), -1, 0, 2.5, 3, -2, 1, 2.5, 4, -3, 0.5, 1, 7),
            row("sort(N, 0)", sort(N, 0), Shape.of(4), 1, 2, 3, Double.NaN),
            row("sort(I, 0)", sort(I, 0), Shape.of(2, 3), 0, 1, 1, 3, 5, 2),
            row("argsort(N, 0)", argsort(N, 0), Shape.of(4), 0, 3, 2, 1),
            row("median(M)", median(M), Shape.SCALAR, 1),
            row("median(M, 0)", median(M, 0), Shape.of(4), 1, -1, 2.5, 1),
            row("median(N)", median(N), Shape.SCALAR, Double.NaN),
            row("median(I, 1)", median(I, 1), Shape.of(2), 2, 1),
            row("quantile(V, 0.3)", quantile(V, 0.3), Shape.SCALAR, 2),
            row("quantile(M, array(0, 0.25, 1), 1)", quantile(M, array(0, 0.25, 1), 1), Shape.of(3, 3), -1, -2, -3, -0.25, 0.25, -0.375, 3, 4, 7),
            row("percentile(V, 90)", percentile(V, 90), Shape.SCALAR, 8),
            row("percentile(M, array(10, 50), 0)", percentile(M, array(10, 50), 0), Shape.of(2, 4), 0.6, -2.6, -1.1, 0.2, 1, -1, 2.5, 1),
            row("quantile(V, array(0.05, 0.33, 0.5, 0.9), QuantileMethod.HAZEN)", quantile(V, array(0.05, 0.33, 0.5, 0.9), QuantileMethod.HAZEN), Shape.of(4), 1, 2, 4.5, 8),
            row("quantile(V, array(0.05, 0.33, 0.5, 0.9), QuantileMethod.WEIBULL)", quantile(V, array(0.05, 0.33, 0.5, 0.9), QuantileMethod.WEIBULL), Shape.of(4), 1, 2, 4.5, 8),
            row("quantile(V, array(0.05, 0.33, 0.5, 0.9), QuantileMethod.MEDIAN_UNBIASED)", quantile(V, array(0.05, 0.33, 0.5, 0.9), QuantileMethod.MEDIAN_UNBIASED), Shape.of(4), 1, 2, 4.5, 8),
            row("quantile(V, array(0.05, 0.33, 0.5, 0.9), QuantileMethod.NORMAL_UNBIASED)", quantile(V, array(0.05, 0.33, 0.5, 0.9), QuantileMethod.NORMAL_UNBIASED), Shape.of(4), 1, 2, 4.5, 8),
            row("quantile(V, array(0.05, 0.33, 0.5, 0.9), QuantileMethod.LOWER)", quantile(V, array(0.05, 0.33, 0.5, 0.9), QuantileMethod.LOWER), Shape.of(4), 1, 2, 2, 8),
            row("quantile(V, array(0.05, 0.33, 0.5, 0.9), QuantileMethod.HIGHER)", quantile(V, array(0.05, 0.33, 0.5, 0.9), QuantileMethod.HIGHER), Shape.of(4), 2, 2, 7, 8),
            row("quantile(V, array(0.05, 0.33, 0.5, 0.9), QuantileMethod.MIDPOINT)", quantile(V, array(0.05, 0.33, 0.5, 0.9), QuantileMethod.MIDPOINT), Shape.of(4), 1.5, 2, 4.5, 8),
            row("quantile(V, array(0.05, 0.33, 0.5, 0.9), QuantileMethod.NEAREST)", quantile(V, array(0.05, 0.33, 0.5, 0.9), QuantileMethod.NEAREST), Shape.of(4), 1, 2, 2, 8),
            row("searchsorted(array(1, 2, 2, 3, 5), array(0, 2, 4, 9, Double.NaN))", searchsorted(array(1, 2, 2, 3, 5), array(0, 2, 4, 9, Double.NaN)), Shape.of(5), 0, 1, 4, 5, 5),
            row("searchsorted(array(1, 2, 2, 3, 5), array(0, 2, 4, 9), true)", searchsorted(array(1, 2, 2, 3, 5), array(0, 2, 4, 9), true), Shape.of(4), 0, 3, 4, 5),
            row("searchsorted(NDArray.of(1L, 5, 9), 5)", searchsorted(NDArray.of(1L, 5, 9), 5), Shape.SCALAR, 1),
            row("digitize(array(0.2, 6.4, 3, 1.6), array(0, 1, 2.5, 4, 10))", digitize(array(0.2, 6.4, 3, 1.6), array(0, 1, 2.5, 4, 10)), Shape.of(4), 1, 4, 3, 2),
            row("bincount(NDArray.of(1L, 5, 1, 0))", bincount(NDArray.of(1L, 5, 1, 0)), Shape.of(6), 1, 2, 0, 0, 0, 1),
            row("bincount(NDArray.of(0L, 1, 1, 2), array(0.5, 2, 3, -1), 5)", bincount(NDArray.of(0L, 1, 1, 2), array(0.5, 2, 3, -1), 5), Shape.of(5), 0.5, 5, -1, 0, 0),
            row("segmentSum(M, NDArray.of(1L, 0, 1), 3)", segmentSum(M, NDArray.of(1L, 0, 1), 3), Shape.of(3, 4), 1, 4, -2, 2.5, 3.5, -4, 9.5, 1, 0, 0, 0, 0),
            row("ptp(M, 0)", ptp(M, 0), Shape.of(4), 2.5, 7, 9, 2.5),
            row("average(M, array(1, 2, 0, 1), 1)", average(M, array(1, 2, 0, 1), 1), Shape.of(3), 0.25, 2.875, -1.125),
            row("countNonzero(M, 0)", countNonzero(M, 0), Shape.of(4), 3, 3, 3, 2),
            row("nansum(N)", nansum(N), Shape.SCALAR, 6),
            row("nanmean(N)", nanmean(N), Shape.SCALAR, 2),
            row("nanprod(R)", nanprod(R), Shape.SCALAR, -420),
            row("nansum(R, 0)", nansum(R, 0), Shape.of(4), 5, 0.5, 9, 7),
            row("nancumsum(R, 1)", nancumsum(R, 1), Shape.of(3, 4), 1, 1, 4, 6, 0, 0, -1, 4, 4, 4.5, 11.5, 11.5),
            row("nanmean(R, 1)", nanmean(R, 1), Shape.of(3), 2, 2, 3.8333333333333335),
            row("nanvar(R, 0)", nanvar(R, 0), Shape.SCALAR, 5.93359375),
            row("nanvar(R, 1, 1)", nanvar(R, 1, 1), Shape.of(3), 1, 18, 10.583333333333334),
            row("nanstd(R, 0, 0)", nanstd(R, 0, 0), Shape.of(4), 1.5, 0, 3.265986323710904, 1.5),
            row("nanvar(N, 3)", nanvar(N, 3), Shape.SCALAR, Double.NaN),
            row("nanmax(R, 1)", nanmax(R, 1), Shape.of(3), 3, 5, 7),
            row("nanmin(R, 0)", nanmin(R, 0), Shape.of(4), 1, 0.5, -1, 2),
            row("nanmax(I)", nanmax(I), Shape.SCALAR, 5),
            row("nanargmax(R, 1)", nanargmax(R, 1), Shape.of(3), 2, 3, 2),
            row("nanargmin(R, 0)", nanargmin(R, 0), Shape.of(4), 0, 2, 1, 0),
            row("nanmedian(R)", nanmedian(R), Shape.SCALAR, 2.5),
            row("nanmedian(R, 0)", nanmedian(R, 0), Shape.of(4), 2.5, 0.5, 3, 3.5),
            row("nanmedian(R, 1)", nanmedian(R, 1), Shape.of(3), 2, 2, 4),
            row("nanquantile(R, 0.3, 1)", nanquantile(R, 0.3, 1), Shape.of(3), 1.6, 0.8, 2.6),
            row("nanpercentile(R, 90)", nanpercentile(R, 90), Shape.SCALAR, 5.6),
            row("nanmax(E, 0)", nanmax(E, 0), Shape.of(2), Double.NaN, 1),
            row("nanmin(E, 0)", nanmin(E, 0), Shape.of(2), Double.NaN, 1),
            row("nanmean(E, 0)", nanmean(E, 0), Shape.of(2), Double.NaN, 1),
            row("nanmedian(E, 0)", nanmedian(E, 0), Shape.of(2), Double.NaN, 1),
            row("nansum(E, 0)", nansum(E, 0), Shape.of(2), 0, 1),
            row("nanargmax(E, 0)", nanargmax(E, 0), Shape.of(2), -1, 0),
            row("lexsort", lexsort(List.of(NDArray.of(9L, 4, 0, 4, 0, 2, 1), NDArray.of(1L, 5, 1, 4, 3, 4, 4))), Shape.of(7),
                    2, 0, 4, 6, 5, 3, 1),
            row("unique(U)", unique(U), Shape.of(3), 1, 2, 3),
            row("uniqueAll(U).indices", uniqueAll(U).indices(), Shape.of(3), 1, 2, 0),
            row("uniqueAll(U).inverse", uniqueAll(U).inverse(), Shape.of(2, 3), 2, 0, 1, 0, 2, 2),
            row("uniqueAll(U).counts", uniqueAll(U).counts(), Shape.of(3), 2, 1, 3),
            row("unique(W)", unique(W), Shape.of(3), -0.0, 2, Double.NaN),
            row("uniqueAll(W).inverse", uniqueAll(W).inverse(), Shape.of(6), 1, 2, 0, 0, 2, 1),
            row("uniqueAll(W).counts", uniqueAll(W).counts(), Shape.of(3), 2, 2, 2),
            row("unique(zeros(0))", unique(zeros(0)), Shape.of(0)),
            row("var(M, 0)", var(M, 0), Shape.SCALAR, 6.894097222222222),
            row("var(M, 1, 1)", var(M, 1, 1), Shape.of(3), 3.7291666666666665, 6.5625, 17.229166666666668),
            row("std(M, 1, 0)", std(M, 1, 0), Shape.of(4), 1.3228756555322954, 3.605551275463989, 4.5, 1.2583057392117918),
            row("logsumexp(M, array(1, 0, 2, 0.5), 1)", logsumexp(M, array(1, 0, 2, 0.5), 1), Shape.of(3), 3.8055624370362175, 2.206096150002534, 7.694517648680021),
            row("softmax(M, 1)", softmax(M, 1), Shape.of(3, 4), 0.5971456318285417, 0.010937103756556581, 0.36218713401748276, 0.02973013039741892, 0.03903655736849129, 0.7840702143789654, 0.001943515750551119, 0.17494971250199226, 0.0014974082445601228, 4.52178109007229e-05, 0.9959885651208112, 0.002468808823728014),
            row("logSoftmax(M, 0)", logSoftmax(M, 0), Shape.of(3, 4), -0.19673409691961713, -5.007620717394474, -4.511169791308271, -2.7663678998071335, -2.196734096919617, -0.007620717394473643, -9.011169791308271, -0.26636789980713366, -2.696734096919617, -7.007620717394474, -0.011169791308270827, -1.7663678998071337),
            row("softmax(array(1000, 1000), 0)", softmax(array(1000, 1000), 0), Shape.of(2), 0.5, 0.5),
            row("diff(M, 1, 1)", diff(M, 1, 1), Shape.of(3, 3), -4, 3.5, -2.5, 3, -6, 4.5, -3.5, 10, -6),
            row("diff(V, 2, 0)", diff(V, 2, 0), Shape.of(4), -11, 13, -13, 12),
            row("diff(B, 1, 1)", diff(B, 1, 1), Shape.of(3, 3), 1, 1, 1, 0, 0, 0, 0, 0, 0),
            row("trapezoid(M, 0.5, 1)", trapezoid(M, 0.5, 1), Shape.of(3), 1.5, 1.875, 2.375),
            row("trapezoid(V, array(0, 1, 3, 4, 4, 6), 0)", trapezoid(V, array(0, 1, 3, 4, 4, 6), 0), Shape.SCALAR, 27),
            row("linearRecurrence(array(9, 0.5, 2), array(1, 1, 1), 0)", linearRecurrence(array(9, 0.5, 2), array(1, 1, 1), 0), Shape.of(3), 1, 1.5, 4));
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
            row("ravel(M)", ravel(M), Shape.of(12), 3, -1, 2.5, 0, 1, 4, -2, 2.5, 0.5, -3, 7, 1),
            row("split(M, 2, 1).get(1)", split(M, 2, 1).get(1), Shape.of(3, 2), 2.5, 0, -2, 2.5, 7, 1),
            row("split(V, new int[] {1, 4}, 0).get(1)", split(V, new int[] {1, 4}, 0).get(1), Shape.of(3), 7, 1, 8),
            row("split(V, new int[] {4, -1, 9}, 0).get(2)", split(V, new int[] {4, -1, 9}, 0).get(2), Shape.of(1), 8),
            row("arraySplit(V, 4, 0).get(1)", arraySplit(V, 4, 0).get(1), Shape.of(2), 1, 8),
            row("arraySplit(V, 4, 0).get(3)", arraySplit(V, 4, 0).get(3), Shape.of(1), 8),
            row("hsplit(M, 4).get(2)", hsplit(M, 4).get(2), Shape.of(3, 1), 2.5, -2, 7),
            row("vsplit(M, 3).get(2)", vsplit(M, 3).get(2), Shape.of(1, 4), 0.5, -3, 7, 1),
            row("tile(V, 2)", tile(V, 2), Shape.of(12), 2, 7, 1, 8, 2, 8, 2, 7, 1, 8, 2, 8),
            row("tile(I, 2, 1, 2)", tile(I, 2, 1, 2), Shape.of(2, 2, 6), 3, 1, 2, 3, 1, 2, 0, 5, 1, 0, 5, 1, 3, 1, 2, 3, 1, 2, 0, 5, 1, 0, 5, 1),
            row("tile(M, 2)", tile(M, 2), Shape.of(3, 8), 3, -1, 2.5, 0, 3, -1, 2.5, 0, 1, 4, -2, 2.5, 1, 4, -2, 2.5, 0.5, -3, 7, 1, 0.5, -3, 7, 1),
            row("tile(scalar(3.0), 2, 2)", tile(scalar(3.0), 2, 2), Shape.of(2, 2), 3, 3, 3, 3),
            row("repeat(I, 2, 1)", repeat(I, 2, 1), Shape.of(2, 6), 3, 3, 1, 1, 2, 2, 0, 0, 5, 5, 1, 1),
            row("repeat(I, 2, 0)", repeat(I, 2, 0), Shape.of(4, 3), 3, 1, 2, 3, 1, 2, 0, 5, 1, 0, 5, 1),
            row("repeat(I, new int[] {1, 0, 3}, 1)", repeat(I, new int[] {1, 0, 3}, 1), Shape.of(2, 4), 3, 2, 2, 2, 0, 1, 1, 1),
            row("roll(V, 2, 0)", roll(V, 2, 0), Shape.of(6), 2, 8, 2, 7, 1, 8),
            row("roll(M, -1, 1)", roll(M, -1, 1), Shape.of(3, 4), -1, 2.5, 0, 3, 4, -2, 2.5, 1, -3, 7, 1, 0.5),
            row("roll(M, 7, 0)", roll(M, 7, 0), Shape.of(3, 4), 0.5, -3, 7, 1, 3, -1, 2.5, 0, 1, 4, -2, 2.5),
            row("fliplr(I)", fliplr(I), Shape.of(2, 3), 2, 1, 3, 1, 5, 0),
            row("flipud(I)", flipud(I), Shape.of(2, 3), 0, 5, 1, 3, 1, 2),
            row("rot90(I, 0)", rot90(I, 0), Shape.of(2, 3), 3, 1, 2, 0, 5, 1),
            row("rot90(I, 1)", rot90(I, 1), Shape.of(3, 2), 2, 1, 1, 5, 3, 0),
            row("rot90(I, 2)", rot90(I, 2), Shape.of(2, 3), 1, 5, 0, 2, 1, 3),
            row("rot90(I, 3)", rot90(I, 3), Shape.of(3, 2), 0, 3, 5, 1, 1, 2),
            row("rot90(I, -1)", rot90(I, -1), Shape.of(3, 2), 0, 3, 5, 1, 1, 2),
            row("pad(I, new int[][] {{1, 0}, {0, 2}}, 9)", pad(I, new int[][] {{1, 0}, {0, 2}}, 9), Shape.of(3, 5), 9, 9, 9, 9, 9, 3, 1, 2, 9, 9, 0, 5, 1, 9, 9),
            row("pad(I, new int[][] {{1, 2}, {3, 4}}, PadMode.EDGE)", pad(I, new int[][] {{1, 2}, {3, 4}}, PadMode.EDGE), Shape.of(5, 10), 3, 3, 3, 3, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 1, 2, 2, 2, 2, 2, 0, 0, 0, 0, 5, 1, 1, 1, 1, 1, 0, 0, 0, 0, 5, 1, 1, 1, 1, 1, 0, 0, 0, 0, 5, 1, 1, 1, 1, 1),
            row("pad(I, new int[][] {{1, 2}, {3, 4}}, PadMode.REFLECT)", pad(I, new int[][] {{1, 2}, {3, 4}}, PadMode.REFLECT), Shape.of(5, 10), 5, 1, 5, 0, 5, 1, 5, 0, 5, 1, 1, 2, 1, 3, 1, 2, 1, 3, 1, 2, 5, 1, 5, 0, 5, 1, 5, 0, 5, 1, 1, 2, 1, 3, 1, 2, 1, 3, 1, 2, 5, 1, 5, 0, 5, 1, 5, 0, 5, 1),
            row("pad(I, new int[][] {{1, 2}, {3, 4}}, PadMode.SYMMETRIC)", pad(I, new int[][] {{1, 2}, {3, 4}}, PadMode.SYMMETRIC), Shape.of(5, 10), 2, 1, 3, 3, 1, 2, 2, 1, 3, 3, 2, 1, 3, 3, 1, 2, 2, 1, 3, 3, 1, 5, 0, 0, 5, 1, 1, 5, 0, 0, 1, 5, 0, 0, 5, 1, 1, 5, 0, 0, 2, 1, 3, 3, 1, 2, 2, 1, 3, 3),
            row("pad(I, new int[][] {{1, 2}, {3, 4}}, PadMode.WRAP)", pad(I, new int[][] {{1, 2}, {3, 4}}, PadMode.WRAP), Shape.of(5, 10), 0, 5, 1, 0, 5, 1, 0, 5, 1, 0, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 0, 5, 1, 0, 5, 1, 0, 5, 1, 0, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 0, 5, 1, 0, 5, 1, 0, 5, 1, 0),
            row("pad(array(5), new int[][] {{2, 1}}, PadMode.REFLECT)", pad(array(5), new int[][] {{2, 1}}, PadMode.REFLECT), Shape.of(4), 5, 5, 5, 5),
            row("atleast1d(scalar(2.0))", atleast1d(scalar(2.0)), Shape.of(1), 2),
            row("atleast2d(V)", atleast2d(V), Shape.of(1, 6), 2, 7, 1, 8, 2, 8),
            row("broadcastArrays(V, zeros(2, 1)).get(0)", broadcastArrays(V, zeros(2, 1)).get(0), Shape.of(2, 6), 2, 7, 1, 8, 2, 8, 2, 7, 1, 8, 2, 8),
            row("meshgrid(array(1, 2), array(3, 4, 5)).get(0)", meshgrid(array(1, 2), array(3, 4, 5)).get(0), Shape.of(2, 3), 1, 1, 1, 2, 2, 2),
            row("meshgrid(array(1, 2), array(3, 4, 5)).get(1)", meshgrid(array(1, 2), array(3, 4, 5)).get(1), Shape.of(2, 3), 3, 4, 5, 3, 4, 5),
            row("tri(3, 4, 1)", tri(3, 4, 1), Shape.of(3, 4), 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1),
            row("tril(M, -1)", tril(M, -1), Shape.of(3, 4), 0, 0, 0, 0, 1, 0, 0, 0, 0.5, -3, 0, 0),
            row("triu(M)", triu(M), Shape.of(3, 4), 3, -1, 2.5, 0, 0, 4, -2, 2.5, 0, 0, 7, 1),
            row("triu(M, 1)", triu(M, 1), Shape.of(3, 4), 0, -1, 2.5, 0, 0, 0, -2, 2.5, 0, 0, 0, 1),
            row("triu(M, -1)", triu(M, -1), Shape.of(3, 4), 3, -1, 2.5, 0, 1, 4, -2, 2.5, 0, -3, 7, 1),
            row("stack(trilIndices(3, 0, 3), 0)", stack(trilIndices(3, 0, 3), 0), Shape.of(2, 6), 0, 1, 1, 2, 2, 2, 0, 0, 1, 0, 1, 2),
            row("stack(triuIndices(3, 1, 4), 0)", stack(triuIndices(3, 1, 4), 0), Shape.of(2, 6), 0, 0, 0, 1, 1, 2, 1, 2, 3, 2, 3, 3),
            row("vstack(List.of(array(1, 2), array(3, 4)))", vstack(List.of(array(1, 2), array(3, 4))), Shape.of(2, 2), 1, 2, 3, 4),
            row("hstack(List.of(array(1, 2), array(3)))", hstack(List.of(array(1, 2), array(3))), Shape.of(3), 1, 2, 3),
            row("hstack(List.of(I, I))", hstack(List.of(I, I)), Shape.of(2, 6), 3, 1, 2, 3, 1, 2, 0, 5, 1, 0, 5, 1),
            row("dstack(List.of(array(1, 2), array(3, 4)))", dstack(List.of(array(1, 2), array(3, 4))), Shape.of(1, 2, 2), 1, 3, 2, 4),
            row("columnStack(List.of(array(1, 2), array(3, 4)))", columnStack(List.of(array(1, 2), array(3, 4))), Shape.of(2, 2), 1, 3, 2, 4),
            row("append(V, array(9), 0)", append(V, array(9), 0), Shape.of(7), 2, 7, 1, 8, 2, 8, 9));
    }

    static Stream<Arguments> indexing() {
        return Stream.of(
            row("takeAlongAxis(M, argsort(M, 1), 1)", takeAlongAxis(M, argsort(M, 1), 1), Shape.of(3, 4), -1, 0, 2.5, 3, -2, 1, 2.5, 4, -3, 0.5, 1, 7),
            row("takeAlongAxis(M, NDArray.of(-1L, 0, 1, 1).reshape(1, 4), 0)", takeAlongAxis(M, NDArray.of(-1L, 0, 1, 1).reshape(1, 4), 0), Shape.of(1, 4), 0.5, -1, -2, 2.5),
            row("takeAlongAxis(I, NDArray.of(2L, 0).reshape(2, 1), 1)", takeAlongAxis(I, NDArray.of(2L, 0).reshape(2, 1), 1), Shape.of(2, 1), 2, 0),
            row("M.at(Index.at(1), slice(null, null, 2)).set(9)", M.at(Index.at(1), slice(null, null, 2)).set(9), Shape.of(3, 4), 3, -1, 2.5, 0, 9, 4, 9, 2.5, 0.5, -3, 7, 1),
            row("M.at(Index.ALL, slice(null, null, -1)).set(arange(4))", M.at(Index.ALL, slice(null, null, -1)).set(arange(4)), Shape.of(3, 4), 3, 2, 1, 0, 3, 2, 1, 0, 3, 2, 1, 0),
            row("V.at(NDArray.of(1L, 1, -1)).add(array(1, 2, 3))", V.at(NDArray.of(1L, 1, -1)).add(array(1, 2, 3)), Shape.of(6), 2, 10, 1, 8, 2, 11),
            row("V.at(NDArray.of(1L, 1, 3)).multiply(array(2, 3, 0.5))", V.at(NDArray.of(1L, 1, 3)).multiply(array(2, 3, 0.5)), Shape.of(6), 2, 42, 1, 4, 2, 8),
            row("V.at(NDArray.of(0L, 0, 1)).max(array(5, 4, 1))", V.at(NDArray.of(0L, 0, 1)).max(array(5, 4, 1)), Shape.of(6), 5, 7, 1, 8, 2, 8),
            row("I.at(NDArray.of(0L, 1)).min(NDArray.of(1L, 9, 0))", I.at(NDArray.of(0L, 1)).min(NDArray.of(1L, 9, 0)), Shape.of(2, 3), 1, 1, 0, 0, 5, 0),
            row("I.at(0, 1).add(10)", I.at(0, 1).add(10), Shape.of(2, 3), 3, 11, 2, 0, 5, 1),
            row("V.at(-1).set(0)", V.at(-1).set(0), Shape.of(6), 2, 7, 1, 8, 2, 0),
            row("M.at(B).set(-9)", M.at(B).set(-9), Shape.of(3, 4), -9, -1, -9, 0, 1, 4, -2, 2.5, -9, -9, -9, -9),
            row("M.get(B)", M.get(B), Shape.of(6), 3, 2.5, 0.5, -3, 7, 1),
            row("M.get(NDArray.of(true, false, true))", M.get(NDArray.of(true, false, true)), Shape.of(2, 4), 3, -1, 2.5, 0, 0.5, -3, 7, 1),
            row("V.get(NDArray.of(4L, 0, -1))", V.get(NDArray.of(4L, 0, -1)), Shape.of(3), 2, 2, 8),
            row("M.at(Index.at(1), slice(1, 3)).get()", M.at(Index.at(1), slice(1, 3)).get(), Shape.of(2), 4, -2),
            row("stack(nonzero(M.gt(2)), 0)", stack(nonzero(M.gt(2)), 0), Shape.of(2, 5), 0, 0, 1, 1, 2, 0, 2, 1, 3, 2),
            row("stack(where(I.eq(1)), 0)", stack(where(I.eq(1)), 0), Shape.of(2, 2), 0, 1, 1, 2),
            row("argwhere(I.gt(1))", argwhere(I.gt(1)), Shape.of(3, 2), 0, 0, 0, 2, 1, 1),
            row("flatnonzero(M.lt(0))", flatnonzero(M.lt(0)), Shape.of(3), 1, 6, 9),
            row("compress(NDArray.of(true, false, true), I, 1)", compress(NDArray.of(true, false, true), I, 1), Shape.of(2, 2), 3, 2, 0, 1),
            row("extract(I.gt(1), I)", extract(I.gt(1), I), Shape.of(3), 3, 2, 5),
            row("choose(NDArray.of(2L, 0, 1), List.of(array(1, 2, 3), array(4, 5, 6), array(7, 8, 9)))", choose(NDArray.of(2L, 0, 1), List.of(array(1, 2, 3), array(4, 5, 6), array(7, 8, 9))), Shape.of(3), 7, 2, 6),
            row("select(List.of(V.lt(2), V.gt(7)), List.of(V, square(V)), -1)", select(List.of(V.lt(2), V.gt(7)), List.of(V, square(V)), -1), Shape.of(6), -1, -1, 1, 64, -1, 64),
            row("oneHot(NDArray.of(1L, 0, 5), 3)", oneHot(NDArray.of(1L, 0, 5), 3), Shape.of(3, 3), 0, 1, 0, 1, 0, 0, 0, 0, 0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"reductions", "shapes", "indexing"})
    void equalsNumPy(String name, NDArray got, Shape shape, double[] want) {
        assertThat(got.shape()).as(name).isEqualTo(shape);
        double largest = Arrays.stream(want).filter(Double::isFinite).map(Math::abs).max().orElse(0);
        ElementwiseFunctionsTest.assertNear(name, got, want, 1e-14, largest);
    }

    @Test
    void elementTypes() {
        assertThat(prod(NDArray.of(true, true)).dtype()).isEqualTo(DType.INT64);
        assertThat(cumprod(NDArray.of(2, 3), 0).dtype()).isEqualTo(DType.INT32);
        assertThat(sort(NDArray.of(2f, 1f), 0).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(quantile(NDArray.of(2f, 1f), 0.5).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(I.at(0).set(2.9).toLongArray()).containsExactly(2, 2, 2, 0, 5, 1);
        assertThat(pad(I, new int[][] {{0, 0}, {0, 1}}, 2.5).dtype()).isEqualTo(DType.INT64);
        assertThat(countNonzero(M).dtype()).isEqualTo(DType.INT64);
    }

    @Test
    void updatesLeaveTheArrayAlone() {
        NDArray x = array(1, 2, 3);
        assertThat(x.at(0).set(9).toDoubleArray()).containsExactly(9, 2, 3);
        assertThat(x.toDoubleArray()).containsExactly(1, 2, 3);
        assertThat(x.at(0).toString()).isEqualTo("part [] of float64[3]");
    }

    @Test
    void badInputIsNamed() {
        assertThatThrownBy(() -> split(V, 4, 0))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("split: the axis cannot be divided into equal parts.")
                .hasMessageContaining("Expected: a divisor of 6, the size of axis 0 of shape [6]")
                .hasMessageContaining("Fix:      use arraySplit(x, 4, 0)");
        assertThatThrownBy(() -> takeAlongAxis(M, NDArray.of(1L), 0))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("takeAlongAxis: positions and array differ in the number of axes.");
        assertThatThrownBy(() -> takeAlongAxis(V, NDArray.of(0L, 6), 0))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("Expected: integers from -6 to 5")
                .hasMessageContaining("Got:      positions[1] = 6");
        assertThatThrownBy(() -> V.at(slice(0, 2)).set(array(1, 2, 3)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("at: the values do not have the shape of the part.")
                .hasMessageContaining("Expected: [2], or what broadcasts to it");
        assertThatThrownBy(() -> M.get(NDArray.of(true, false)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("get: the mask does not have the shape of the leading axes.");
        assertThatThrownBy(() -> quantile(V, 50))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("quantile: a probability lies outside its range.")
                .hasMessageContaining("from 0 to 1; percentile takes 0 to 100");
        assertThatThrownBy(() -> quantile(zeros(0), 0.5))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("quantile: there is no element.");
        assertThatThrownBy(() -> repeat(V, new int[] {1}, 0)).isInstanceOf(ShapeException.class).hasMessageContaining("6 counts for axis 0");
        assertThatThrownBy(() -> pad(zeros(0), new int[][] {{1, 0}}, PadMode.EDGE))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("pad: an empty axis has no elements to continue with.");
        assertThatThrownBy(() -> segmentSum(M, NDArray.of(1L), 2)).isInstanceOf(ShapeException.class).hasMessageContaining("[n, …] and [n]");
        assertThatThrownBy(() -> searchsorted(M, 1)).isInstanceOf(ShapeException.class).hasMessageContaining("what is searched is not a vector");
    }

    @Test
    void aMaskThatIsTracedIsRefused() {
        assertThatThrownBy(() -> kiln.func.Functions.<NDArray, NDArray>jit(x -> x.get(x.gt(1))).apply(V))
                .isInstanceOf(TracedValueException.class)
                .hasMessageContaining("nonzero: how many elements hold is not known while the function is traced.")
                .hasMessageContaining("Fix:      keep all elements and choose with where(mask, a, b).");
    }
}
