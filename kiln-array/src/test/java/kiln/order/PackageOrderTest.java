package kiln.order;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// `math ← array, op, graph ← compile ← func`: no package of this module knows a later one.
///
/// `array`, `op` and `graph` are one layer: the methods of `NDArray` are the front end of the ops, and the ops' derivative rules are
/// written with `NDArray`.
class PackageOrderTest {
    private static final JavaClasses CLASSES = Layers.compiled();

    /// The layers, lowest first.
    private static final List<List<String>> LAYERS = List.of(
            List.of("kiln.math.."), List.of("kiln.array..", "kiln.op..", "kiln.graph.."), List.of("kiln.compile.."), List.of("kiln.func.."));

    static Stream<ArchRule> rules() {
        return Stream.iterate(0, i -> i < LAYERS.size() - 1, i -> i + 1).map(i -> {
            var above = new ArrayList<String>();
            LAYERS.subList(i + 1, LAYERS.size()).forEach(above::addAll);
            above.addAll(List.of("kiln.diagnostics..", "kiln.dist..", "kiln.model..", "kiln.infer.."));
            return Layers.never(LAYERS.get(i), above);
        });
    }

    @ParameterizedTest
    @MethodSource("rules")
    void noPackageKnowsALaterOne(ArchRule rule) {
        rule.check(CLASSES);
    }

    @Test
    void everyClassBelongsToALayer() {
        var packages = LAYERS.stream().flatMap(List::stream).map(name -> name.replace("..", "")).toList();
        assertThat(CLASSES).isNotEmpty();
        assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
                .allMatch(name -> name.isEmpty() || packages.stream().anyMatch(layer -> name.equals(layer) || name.startsWith(layer + ".")));
    }

    /// A class planted in the lower package is caught, so the rules above can fail.
    @ParameterizedTest
    @CsvSource({
        "kiln.math.Planted, kiln.array.NDArray",
        "kiln.math.Planted, kiln.func.Functions",
        "kiln.op.Planted, kiln.compile.Compiler",
        "kiln.array.Planted, kiln.func.Functions",
        "kiln.graph.Planted, kiln.func.Functions",
        "kiln.compile.Planted, kiln.func.Functions",
        "kiln.compile.Planted, kiln.infer.LogDensity",
    })
    void aPlantedOffenceIsCaught(String offender, String needs, @TempDir Path folder) throws IOException {
        var planted = Layers.planted(folder, offender, needs);
        assertThat(rules().filter(rule -> rule.evaluate(planted).hasViolation())).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "kiln.array.Planted, kiln.math.Elementary",
        "kiln.array.Planted, kiln.op.Op",
        "kiln.op.Planted, kiln.array.NDArray",
        "kiln.func.Planted, kiln.compile.Compiler",
    })
    void whatTheOrderAllowsIsNotCaught(String user, String needs, @TempDir Path folder) throws IOException {
        var planted = Layers.planted(folder, user, needs);
        assertThat(rules().filter(rule -> rule.evaluate(planted).hasViolation())).isEmpty();
    }
}
