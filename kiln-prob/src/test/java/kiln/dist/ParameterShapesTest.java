package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every parameter of every distribution with axes too few, too many, or of another size: it is refused by the names of the distribution and of the
/// parameter, or it is a parameter by the rules of broadcasting, and draws and densities have the shapes that the distribution states.
class ParameterShapesTest {
    static List<Distribution> families() {
        return FormulaTest.families();
    }

    @ParameterizedTest
    @MethodSource("families")
    void whatDoesNotFitIsRefused(Distribution d) {
        for (RecordComponent c : d.getClass().getRecordComponents()) {
            if (c.getType() == NDArray.class) {
                NDArray good = (NDArray) FormulaTest.component(d, c);
                misfits(good).forEach(x -> check(d, c.getName(), x));
            }
        }
    }

    private static List<NDArray> misfits(NDArray good) {
        int rank = good.rank();
        List<NDArray> out = new ArrayList<>();
        if (rank > 0) {
            out.addAll(List.of(good.reshape(-1).get(0), Np.concatenate(List.of(good, good), -1), Np.concatenate(List.of(good, good), 0)));
        }
        out.add(Np.broadcastTo(good, Shape.of(7).then(good.shape())));
        return out;
    }

    private static void check(Distribution d, String name, NDArray value) {
        String owner = d.getClass().getSimpleName();
        var changed = new Distribution[1];
        Throwable t = catchThrowable(() -> changed[0] = StatedDomainsTest.with(d, name, value));
        if (t != null) {
            assertThat(t)
                    .as("%s of shape %s", name, value.shape())
                    .isInstanceOfAny(ShapeException.class, DomainException.class)
                    .hasMessageStartingWith(owner + ": ")
                    .hasMessageContaining(name);
            return;
        }
        Distribution other = changed[0];
        Shape batch = other.batchShape();
        NDArray x = other.support().feasibleLike(Np.full(batch.then(other.eventShape()), 0.5));
        assertThat(other.logProb(x).shape()).as("%s of shape %s", name, value.shape()).isEqualTo(batch);
    }
}
