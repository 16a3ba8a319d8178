package kiln.array;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Arrays print as NumPy 2.4 prints them: the expected texts are its output.
class PrintingTest {
    record Case(NDArray array, String text) {}

    static final List<Case> CASES = List.of(
            new Case(NDArray.of(1.5, 0.25, 2), "[1.5  0.25 2.  ]"),
            new Case(NDArray.of(1.0, 2, 3), "[1. 2. 3.]"),
            new Case(Np.scalar(3.5), "3.5"),
            new Case(Np.scalar(2.0), "2.0"),
            new Case(NDArray.of(0.1, 0.2, 0.30000000000000004), "[0.1 0.2 0.3]"),
            new Case(NDArray.of(1e-5, 1), "[1.e-05 1.e+00]"),
            new Case(NDArray.of(1e10, 1), "[1.e+10 1.e+00]"),
            new Case(NDArray.of(Double.NaN, 1.5, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY), "[ nan  1.5 -inf  inf]"),
            new Case(NDArray.of(-1.5, 2, 1e3), "[  -1.5    2.  1000. ]"),
            new Case(NDArray.of(new double[][] {{1, 2.5}, {-3, 4.125}}), """
                [[ 1.     2.5  ]
                 [-3.     4.125]]"""),
            new Case(Np.arange(12).reshape(3, 4), """
                [[ 0  1  2  3]
                 [ 4  5  6  7]
                 [ 8  9 10 11]]"""),
            new Case(NDArray.of(true, false), "[ True False]"),
            new Case(NDArray.of(1, -20, 300, 4).reshape(2, 2), """
                [[  1 -20]
                 [300   4]]"""),
            new Case(Np.zeros(0), "[]"),
            new Case(Np.zeros(2, 0), "[]"),
            new Case(Np.arange(1001), "[   0    1    2 ...  998  999 1000]"),
            new Case(Np.arange(1001).div(3), """
                [  0.           0.33333333   0.66666667 ... 332.66666667 333.
                 333.33333333]"""),
            new Case(Np.arange(2000).astype(DType.FLOAT64).reshape(50, 40), """
                [[0.000e+00 1.000e+00 2.000e+00 ... 3.700e+01 3.800e+01 3.900e+01]
                 [4.000e+01 4.100e+01 4.200e+01 ... 7.700e+01 7.800e+01 7.900e+01]
                 [8.000e+01 8.100e+01 8.200e+01 ... 1.170e+02 1.180e+02 1.190e+02]
                 ...
                 [1.880e+03 1.881e+03 1.882e+03 ... 1.917e+03 1.918e+03 1.919e+03]
                 [1.920e+03 1.921e+03 1.922e+03 ... 1.957e+03 1.958e+03 1.959e+03]
                 [1.960e+03 1.961e+03 1.962e+03 ... 1.997e+03 1.998e+03 1.999e+03]]"""),
            new Case(Np.linspace(0, 1, 30), """
                [0.         0.03448276 0.06896552 0.10344828 0.13793103 0.17241379
                 0.20689655 0.24137931 0.27586207 0.31034483 0.34482759 0.37931034
                 0.4137931  0.44827586 0.48275862 0.51724138 0.55172414 0.5862069
                 0.62068966 0.65517241 0.68965517 0.72413793 0.75862069 0.79310345
                 0.82758621 0.86206897 0.89655172 0.93103448 0.96551724 1.        ]"""),
            new Case(Np.arange(8).reshape(2, 2, 2), """
                [[[0 1]
                  [2 3]]

                 [[4 5]
                  [6 7]]]"""),
            new Case(NDArray.of(0.1f, 1 / 3f, 1e-3f), "[0.1        0.33333334 0.001     ]"),
            new Case(NDArray.of(1 / 3.0, 2 / 3.0), "[0.33333333 0.66666667]"),
            new Case(NDArray.of(1e100, 1e-100), "[1.e+100 1.e-100]"),
            new Case(NDArray.of(123456789.123, 1), "[1.23456789e+08 1.00000000e+00]"),
            new Case(NDArray.of(1e16, 1.5), "[1.0e+16 1.5e+00]"),
            new Case(NDArray.of(99999999, 0.5), "[9.9999999e+07 5.0000000e-01]"),
            new Case(NDArray.of(1e-4, 1), "[1.e-04 1.e+00]"),
            new Case(NDArray.of(0, 1e-5), "[0.e+00 1.e-05]"),
            new Case(NDArray.of(1001, 1e-3), "[1.001e+03 1.000e-03]"),
            new Case(Np.scalar(1e-5), "1e-05"),
            new Case(Np.scalar(1e16), "1e+16"),
            new Case(Np.scalar(123456.789), "123456.789"),
            new Case(Np.scalar(1 / 3.0), "0.3333333333333333"),
            new Case(Np.scalar(Double.NaN), "nan"),
            new Case(Np.scalar(true), "True"),
            new Case(Np.scalar(-7L), "-7"),
            new Case(NDArray.of(0.1f).reshape(Shape.SCALAR), "0.1"),
            new Case(Np.arange(30).times(1000), """
                [    0  1000  2000  3000  4000  5000  6000  7000  8000  9000 10000 11000
                 12000 13000 14000 15000 16000 17000 18000 19000 20000 21000 22000 23000
                 24000 25000 26000 27000 28000 29000]"""),
            new Case(Np.zeros(3), "[0. 0. 0.]"),
            new Case(NDArray.of(-0.0, 1), "[-0.  1.]"),
            new Case(NDArray.of(new double[][] {{Double.NaN, 1}, {2, 3.25}}), """
                [[ nan 1.  ]
                 [2.   3.25]]"""),
            new Case(NDArray.of(1, Double.NaN), "[ 1. nan]"),
            new Case(NDArray.of(1e300, Double.POSITIVE_INFINITY, 1), "[1.e+300     inf 1.e+000]"),
            new Case(NDArray.of(1.5e-10, 3.25e-8), "[1.50e-10 3.25e-08]"),
            new Case(NDArray.of(12345678.9), "[12345678.9]"),
            new Case(NDArray.of(1.0000000001), "[1.]"),
            new Case(Np.zeros(1001, 1), """
                [[0.]
                 [0.]
                 [0.]
                 ...
                 [0.]
                 [0.]
                 [0.]]"""),
            new Case(NDArray.of(Double.NaN, Double.NaN), "[nan nan]"),
            new Case(Np.scalar(-1.5e-300), "-1.5e-300"),
            new Case(Np.arange(24).div(8).reshape(2, 3, 4), """
                [[[0.    0.125 0.25  0.375]
                  [0.5   0.625 0.75  0.875]
                  [1.    1.125 1.25  1.375]]

                 [[1.5   1.625 1.75  1.875]
                  [2.    2.125 2.25  2.375]
                  [2.5   2.625 2.75  2.875]]]"""),
            new Case(NDArray.of(true, true, false, true).reshape(2, 2), """
                [[ True  True]
                 [False  True]]"""),
            new Case(Np.arange(1200).reshape(3, 2, 200), """
                [[[   0    1    2 ...  197  198  199]
                  [ 200  201  202 ...  397  398  399]]

                 [[ 400  401  402 ...  597  598  599]
                  [ 600  601  602 ...  797  798  799]]

                 [[ 800  801  802 ...  997  998  999]
                  [1000 1001 1002 ... 1197 1198 1199]]]"""),
            new Case(NDArray.of(0.5, -0.123456789, 7), "[ 0.5        -0.12345679  7.        ]"),
            new Case(Np.linspace(-1, 1, 21).times(100), """
                [-100.  -90.  -80.  -70.  -60.  -50.  -40.  -30.  -20.  -10.    0.   10.
                   20.   30.   40.   50.   60.   70.   80.   90.  100.]"""),
            new Case(Np.full(Shape.of(40), 12.25), """
                [12.25 12.25 12.25 12.25 12.25 12.25 12.25 12.25 12.25 12.25 12.25 12.25
                 12.25 12.25 12.25 12.25 12.25 12.25 12.25 12.25 12.25 12.25 12.25 12.25
                 12.25 12.25 12.25 12.25 12.25 12.25 12.25 12.25 12.25 12.25 12.25 12.25
                 12.25 12.25 12.25 12.25]"""),
            new Case(NDArray.of(1.7976931348623157e308, 5e-324), "[1.79769313e+308 4.94065646e-324]"),
            new Case(NDArray.of(16777216f, 3e-5f), "[1.6777216e+07 2.9999999e-05]"),
            new Case(NDArray.of(999999f).reshape(Shape.SCALAR), "999999.0"),
            new Case(NDArray.of(1234567f).reshape(Shape.SCALAR), "1.234567e+06"),
            new Case(Np.scalar(1e8), "100000000.0"),
            new Case(NDArray.of(1e8f).reshape(Shape.SCALAR), "1e+08"));

    static List<Case> cases() {
        return CASES;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void printsAsNumPy(Case c) {
        assertThat(c.array().toString()).isEqualTo(c.text());
    }
}
