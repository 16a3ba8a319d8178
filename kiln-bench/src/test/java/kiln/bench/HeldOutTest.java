package kiln.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import kiln.array.PRNGKey;
import kiln.bench.heldout.HeldOut;
import kiln.infer.PosteriorDensity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The models of the table have what it is about: a hierarchy, and data that is another for another number and the same for the same.
class HeldOutTest {
    static Stream<HeldOut> models() {
        return HeldOut.all().stream();
    }

    @Test
    void namesAreDifferent() {
        List<String> names = models().map(HeldOut::name).toList();
        assertThat(names).doesNotHaveDuplicates().hasSize(62);
    }

    @ParameterizedTest
    @MethodSource("models")
    void aModelHasAHierarchyAndDataByNumber(HeldOut model) {
        PosteriorDensity one = PosteriorDensity.of(model.on(1), PRNGKey.key(0));
        assertThat(one.hierarchical().size() + one.vectors().size()).isPositive();
        assertThat(at(one)).isFinite().isEqualTo(at(PosteriorDensity.of(model.on(1), PRNGKey.key(0))));
        assertThat(at(one)).isNotEqualTo(at(PosteriorDensity.of(model.on(2), PRNGKey.key(0))));
    }

    private static double at(PosteriorDensity density) {
        double[] x = new double[density.dimension()];
        // Not all the same: where abilities equal difficulties, all answers are equally probable.
        Arrays.setAll(x, i -> 0.1 * (i % 7));
        return density.valueAndGradient(x, new double[x.length]);
    }
}
