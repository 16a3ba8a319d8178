package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// A distribution without a row in the table of cases fails the build.
class EveryDistributionHasARowTest {
    private static Set<String> distributions() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("kiln.dist").stream()
                .filter(c -> c.isAssignableTo(Distribution.class) && !c.isInterface())
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toSet());
    }

    @Test
    void everyRecordHasARow() {
        Set<String> rows = DistributionCases.ROWS.stream()
                .map(r -> r.example().getClass().getSimpleName())
                .collect(Collectors.toSet());
        assertThat(distributions()).contains("Normal", "Masked").isEqualTo(rows);
    }

    /// Every row but that of `expand`, which NumPyro's oracle knows under other names, meets trusted values.
    @Test
    void everyRowHasOracleRecords() {
        Set<String> known = Oracle.records("distributions.json").stream()
                .map(r -> r.get("dist").asText())
                .collect(Collectors.toSet());
        assertThat(DistributionCases.ROWS.stream().map(DistributionCases.Row::oracle).filter(o -> !known.contains(o)))
                .containsExactly("Expanded");
    }
}
