package kiln.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class RowsTest {
    private static final List<String> NAMES = List.of("garch-garch11", "arma-arma11", "arK-arK");

    private static List<String> chosen(Rows rows) {
        return NAMES.stream().filter(rows.wanted()).toList();
    }

    @Test
    void allRowsWithoutNames() {
        assertThat(chosen(Rows.of())).isEqualTo(NAMES);
        assertThat(Rows.of().named()).isFalse();
    }

    @Test
    void namesArePatternsAnyOfWhichMatches() {
        assertThat(chosen(Rows.of("^ar", "nothing"))).containsExactly("arma-arma11", "arK-arK");
        assertThat(Rows.of("^ar").named()).isTrue();
    }

    @Test
    void keysComeBeforeTheNames() {
        Rows rows = Rows.withKeys(10, "--keys", "4", "garch");
        assertThat(rows.keys()).isEqualTo(4);
        assertThat(chosen(rows)).containsExactly("garch-garch11");
        Rows all = Rows.withKeys(10, "--keys", "4");
        assertThat(chosen(all)).isEqualTo(NAMES);
        assertThat(all.named()).isFalse();
        assertThat(Rows.withKeys(10, "garch").keys()).isEqualTo(10);
    }

    @Test
    void aNumberOfKeysIsOneOrMore() {
        assertThatIllegalArgumentException().isThrownBy(() -> Rows.withKeys(10, "--keys", "none")).withMessageContaining("--keys must be followed by a number of keys, 1 or more").withMessageContaining("none");
        assertThatIllegalArgumentException().isThrownBy(() -> Rows.withKeys(10, "--keys", "0")).withMessageContaining("Got:      0");
        assertThatIllegalArgumentException().isThrownBy(() -> Rows.withKeys(10, "--keys")).withMessageContaining("Got:      nothing");
    }
}
