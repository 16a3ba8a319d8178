package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kiln.dist.DistributionCases.Row;
import org.junit.jupiter.api.Test;

/// `docs/distribution-checks.md` is what [CaseCheck] says: which check of the case table each distribution passes, and why it is spared another.
class CaseCheckTest {
    private static final Path PAGE = Path.of("../docs/distribution-checks.md");

    /// Written anew as `docs/distributions.md` is, see [DistributionPage].
    @Test
    void thePageIsUpToDate() throws IOException {
        String text = page();
        if (Boolean.getBoolean("kiln.write")) {
            Files.writeString(PAGE, text);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(text);
    }

    /// An exemption is a sentence, no check is empty, and the test that the page names exists.
    @Test
    void everyCheckIsATestAndEveryExemptionHasAReason() throws ReflectiveOperationException {
        int spared = 0;
        for (CaseCheck check : CaseCheck.values()) {
            String[] name = check.test().split("\\.", -1);
            assertThat(Arrays.stream(Class.forName("kiln.dist." + name[0]).getDeclaredMethods()).map(m -> m.getName())).contains(name[1]);
            assertThat(check.rows().size()).as(check.title()).isGreaterThan(DistributionCases.ROWS.size() / 2);
            for (Row row : DistributionCases.ROWS) {
                check.exemption(row).ifPresent(reason -> assertThat(reason).as("%s of %s", check, row).hasSizeGreaterThan(4));
                spared += check.exemption(row).isPresent() ? 1 : 0;
            }
        }
        int all = CaseCheck.values().length * DistributionCases.ROWS.size();
        System.out.println(all - spared + " checks of " + DistributionCases.ROWS.size() + " rows, " + spared + " exemptions");
    }

    private static String page() {
        List<String> reasons = new ArrayList<>();
        var table = new StringBuilder("| row |");
        var line = new StringBuilder("|---|");
        for (CaseCheck check : CaseCheck.values()) {
            table.append(' ').append(check.title()).append(" |");
            line.append("---|");
        }
        table.append('\n').append(line).append('\n');
        for (Row row : DistributionCases.ROWS) {
            table.append("| ").append(row.oracle()).append(" |");
            for (CaseCheck check : CaseCheck.values()) {
                String cell = check.exemption(row).map(reason -> note(reasons, reason)).orElse("✓");
                table.append(' ').append(cell).append(" |");
            }
            table.append('\n');
        }
        var checks = new StringBuilder();
        for (CaseCheck check : CaseCheck.values()) {
            checks.append("- **%s** %s (`%s`); %d rows\n".formatted(check.title(), check.meaning(), check.test(), check.rows().size()));
        }
        var notes = new StringBuilder();
        for (int i = 0; i < reasons.size(); i++) {
            notes.append("%d. %s\n".formatted(i + 1, reasons.get(i)));
        }
        return """
                # What is checked of every distribution

                Generated from the table of test cases, whose rows are the %d families and the factories with records of their own (see
                [distributions.md](distributions.md)). A check takes its rows from the same place as this page, and a row that it leaves out has a
                reason, whose number stands in its place.

                %s
                %s
                Reasons:

                %s""".formatted(DistributionCases.ROWS.stream().map(r -> r.example().getClass()).distinct().count(), checks, table, notes);
    }

    private static String note(List<String> reasons, String reason) {
        if (!reasons.contains(reason)) {
            reasons.add(reason);
        }
        return Integer.toString(reasons.indexOf(reason) + 1);
    }
}
