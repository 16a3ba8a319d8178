package kiln.order;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// `nn ← dist ← model ← infer`, `infer.store` below the rest of `infer` on arrays alone, `infer.enumeration` below it on models, and `diagnostics` beside them on `kiln.math` alone; the samplers never meet the compiler.
///
/// `dist.constraint` and `dist.transform` are part of `dist`, `model.handler` of `model`.
class PackageOrderTest {
    private static final JavaClasses CLASSES = Layers.compiled();
    private static final List<String> PACKAGES = List.of("kiln.diagnostics", "kiln.nn", "kiln.dist", "kiln.model", "kiln.infer");

    static Stream<ArchRule> rules() {
        return Stream.of(
                Layers.only(List.of("kiln.diagnostics.."), List.of("kiln.diagnostics..", "kiln.math..")),
                Layers.only(List.of("kiln.nn.."), List.of("kiln.nn..", "kiln.array..", "kiln.func..")),
                Layers.never(List.of("kiln.dist.."), List.of("kiln.model..", "kiln.infer..", "kiln.diagnostics..")),
                Layers.never(List.of("kiln.model.."), List.of("kiln.infer..", "kiln.diagnostics..")),
                Layers.never(List.of("kiln.infer.mcmc.."), List.of("kiln.compile..")),
                Layers.never(List.of("kiln.infer.enumeration.."), List.of("kiln.infer", "kiln.infer.mcmc..", "kiln.infer.store..", "kiln.compile..")),
                Layers.only(List.of("kiln.infer.store.."), List.of("kiln.infer.store..", "kiln.array..")));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void noPackageKnowsWhatItMustNot(ArchRule rule) {
        rule.check(CLASSES);
    }

    @Test
    void everyClassBelongsToAPackageOfTheOrder() {
        assertThat(CLASSES).isNotEmpty();
        assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
                .allMatch(name -> name.isEmpty() || PACKAGES.stream().anyMatch(layer -> name.equals(layer) || name.startsWith(layer + ".")));
    }

    /// A class planted in the lower package is caught, so the rules above can fail.
    @ParameterizedTest
    @CsvSource({
        "kiln.diagnostics.Planted, kiln.array.NDArray",
        "kiln.diagnostics.Planted, kiln.infer.LogDensity",
        "kiln.nn.Planted, kiln.dist.Normal",
        "kiln.dist.Planted, kiln.model.Model",
        "kiln.dist.transform.Planted, kiln.infer.LogDensity",
        "kiln.model.handler.Planted, kiln.infer.LogDensity",
        "kiln.infer.mcmc.Planted, kiln.compile.Compiler",
        "kiln.infer.store.Planted, kiln.infer.LogDensity",
        "kiln.infer.enumeration.Planted, kiln.infer.LogDensity",
    })
    void aPlantedOffenceIsCaught(String offender, String needs, @TempDir Path folder) throws IOException {
        var planted = Layers.planted(folder, offender, needs);
        assertThat(rules().filter(rule -> rule.evaluate(planted).hasViolation())).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "kiln.diagnostics.Planted, kiln.math.Elementary",
        "kiln.dist.Planted, kiln.dist.transform.ExpTransform",
        "kiln.nn.Planted, kiln.func.Functions",
        "kiln.dist.Planted, kiln.nn.Network",
        "kiln.model.Planted, kiln.dist.Normal",
        "kiln.infer.mcmc.Planted, kiln.infer.LogDensity",
        "kiln.infer.mcmc.Planted, kiln.infer.store.ChainState",
        "kiln.infer.Planted, kiln.diagnostics.Summary",
    })
    void whatTheOrderAllowsIsNotCaught(String user, String needs, @TempDir Path folder) throws IOException {
        var planted = Layers.planted(folder, user, needs);
        assertThat(rules().filter(rule -> rule.evaluate(planted).hasViolation())).isEmpty();
    }
}
