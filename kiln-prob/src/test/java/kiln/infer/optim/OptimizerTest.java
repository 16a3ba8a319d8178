package kiln.infer.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// Each optimiser takes three steps against the formulas of its paper, written out in plain arithmetic.
class OptimizerTest {
    private static final double[] START = {1.5, -0.25};

    private static double slope(double x) {
        return 4 * x * x * x - 1;
    }

    /// A rule for one number: from the step and the gradient to the move.
    private interface Rule {
        double move(int step, double gradient);
    }

    private interface Rules {
        Rule fresh();
    }

    private static void check(Optimizer optimizer, Rules expected) {
        for (int k = 0; k < START.length; k++) {
            List<NDArray> state = optimizer.init(NDArray.of(START));
            Rule rule = expected.fresh();
            double x = START[k];
            for (int i = 0; i < 3; i++) {
                NDArray at = state.getFirst();
                NDArray gradient = at.times(at).times(at).times(4).minus(1);
                state = optimizer.update(NDArray.as((long) i), gradient, state);
                x -= rule.move(i, slope(x));
                assertThat(state.getFirst().get(k).item()).isCloseTo(x, Offset.offset(1e-12));
            }
        }
    }

    @Test
    void sgd() {
        check(new SGD(0.01), () -> (_, g) -> 0.01 * g);
    }

    @Test
    void schedules() {
        check(new SGD(Schedule.exponentialDecay(0.1, 10, 0.5)), () -> (i, g) -> 0.1 * Math.pow(0.5, i / 10.0) * g);
        check(new SGD(Schedule.inverseTimeDecay(0.1, 2, 3)), () -> (i, g) -> 0.1 / (1 + 3 * i / 2.0) * g);
        check(new SGD(Schedule.polynomialDecay(0.1, 2, 0.02, 2)), () -> (i, g) -> (0.08 * Math.pow(1 - Math.min(i, 2) / 2.0, 2) + 0.02) * g);
    }

    @Test
    void momentum() {
        check(new Momentum(0.01, 0.8), () -> new Rule() {
            private double v;

            @Override
            public double move(int step, double g) {
                v = 0.8 * v + g;
                return 0.01 * v;
            }
        });
    }

    private static Rule adagradRule() {
        return new Rule() {
            private double s;
            private double m;

            @Override
            public double move(int step, double g) {
                s += g * g;
                m = 0.9 * m + 0.1 * g / Math.sqrt(s);
                return 0.1 * m;
            }
        };
    }

    @Test
    void adagrad() {
        check(new Adagrad(0.1), OptimizerTest::adagradRule);
    }

    @Test
    void rmsProp() {
        check(new RMSProp(0.1), () -> new Rule() {
            private double s;

            @Override
            public double move(int step, double g) {
                s = 0.9 * s + 0.1 * g * g;
                return 0.1 * g / Math.sqrt(s + 1e-8);
            }
        });
    }

    @Test
    void rmsPropMomentum() {
        check(new RMSPropMomentum(0.1), () -> new Rule() {
            private double s;
            private double m;

            @Override
            public double move(int step, double g) {
                s = 0.9 * s + 0.1 * g * g;
                m = 0.9 * m + 0.1 * g / Math.sqrt(s + 1e-8);
                return m;
            }
        });
    }

    private static Rule adam(double clip) {
        return new Rule() {
            private double m;
            private double v;

            @Override
            public double move(int step, double gradient) {
                double g = Math.max(-clip, Math.min(clip, gradient));
                m = 0.9 * m + 0.1 * g;
                v = 0.999 * v + 0.001 * g * g;
                double t = step + 1;
                return 0.1 * (m / (1 - Math.pow(0.9, t))) / (Math.sqrt(v / (1 - Math.pow(0.999, t))) + 1e-8);
            }
        };
    }

    @Test
    void adamMoves() {
        check(new Adam(0.1), () -> adam(Double.POSITIVE_INFINITY));
        check(new ClippedAdam(0.1).clipNorm(2), () -> adam(2));
    }

    /// On a vector SM3 is Adagrad; on a matrix an element has the smaller of the accumulators of its row and column.
    @Test
    void sm3() {
        check(new SM3(0.1), OptimizerTest::adagradRule);
        double[][] g = {{1, 2}, {3, 0.5}};
        NDArray gradient = NDArray.of(Shape.of(2, 2), 1, 2, 3, 0.5);
        var optimizer = new SM3(0.1);
        List<NDArray> state = optimizer.init(Np.zeros(2, 2));
        double[][] x = new double[2][2];
        double[][] m = new double[2][2];
        double[] row = new double[2];
        double[] column = new double[2];
        for (int step = 0; step < 3; step++) {
            state = optimizer.update(NDArray.as((long) step), gradient, state);
            double[] nextRow = new double[2];
            double[] nextColumn = new double[2];
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < 2; j++) {
                    double s = Math.min(row[i], column[j]) + g[i][j] * g[i][j];
                    m[i][j] = 0.9 * m[i][j] + 0.1 * g[i][j] / Math.sqrt(s);
                    x[i][j] -= 0.1 * m[i][j];
                    nextRow[i] = Math.max(nextRow[i], s);
                    nextColumn[j] = Math.max(nextColumn[j], s);
                    assertThat(state.getFirst().get(i, j).item()).isCloseTo(x[i][j], Offset.offset(1e-12));
                }
            }
            row = nextRow;
            column = nextColumn;
        }
    }

    @Test
    void stepSizesArePositive() {
        assertThatThrownBy(() -> new Adam(-0.1))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("step sizes, spans and rates must be > 0")
                .hasMessageContaining("-0.1");
    }
}
