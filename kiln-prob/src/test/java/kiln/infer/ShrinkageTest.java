package kiln.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.UnaryOperator;
import kiln.array.NDArray;
import kiln.func.Functions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Values and two derivatives against the powers that they are.
class ShrinkageTest {
    private static void check(UnaryOperator<NDArray> f, double ratio, double value, double first, double second) {
        NDArray x = NDArray.as(ratio);
        UnaryOperator<NDArray> slope = v -> Functions.grad((NDArray t) -> f.apply(t)).apply(v);
        assertThat(f.apply(x).doubleValue()).isCloseTo(value, within(1e-14 * Math.abs(value) + 1e-300));
        assertThat(slope.apply(x).doubleValue()).isCloseTo(first, within(1e-14 * Math.abs(first)));
        assertThat(Functions.grad((NDArray t) -> slope.apply(t)).apply(x).doubleValue()).isCloseTo(second, within(1e-14 * Math.abs(second)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-8, 0.3, 1, 7, 1e6, 1e100})
    void derivatives(double ratio) {
        double y = 1 + ratio;
        check(Shrinkage::share, ratio, 1 / y, -1 / y / y, 2 / y / y / y);
        check(Shrinkage::root, ratio, Math.pow(y, -0.5), -0.5 * Math.pow(y, -1.5), 0.75 * Math.pow(y, -2.5));
        check(Shrinkage::logRoot, ratio, -0.5 * Math.log(y), -0.5 / y, 0.5 / y / y);
    }
}
