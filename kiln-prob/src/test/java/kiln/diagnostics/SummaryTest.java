package kiln.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Named draws and the table of a posterior in NumPyro's layout.
class SummaryTest {
    @Test
    void textHasNumPyrosLayout() {
        Summary summary = new Summary(0.9, List.of(
                new Summary.Row("mu", 1.234, 0.5, 1.25, 0.4, 2.1, 3987.6, 1.0001),
                new Summary.Row("theta[0]", -0.001, 0.125, 0.375, -1.005, 12345.678, Double.NaN, Double.POSITIVE_INFINITY)));
        assertThat(summary.toString()).isEqualTo("""

                                mean       std    median      5.0%     95.0%     n_eff     r_hat
                        mu      1.23      0.50      1.25      0.40      2.10   3987.60      1.00
                  theta[0]     -0.00      0.12      0.38     -1.00  12345.68       nan       inf

                """);
    }

    @Test
    void nameColumnGrowsWithTheLongestLabelAndAScalarCountsItsBrackets() {
        Summary.Row scalar = new Summary.Row("a_long_scalar", 0, 0, 0, 0, 0, 0, 0);
        String text = new Summary(0.5, List.of(scalar)).toString();
        assertThat(text.lines().toList().get(2)).startsWith("  a_long_scalar      0.00");
        assertThat(text.lines().toList().get(1)).contains("    25.0%     75.0%");
    }

    @Test
    void rowsFollowSitesAndElementsInRowMajorOrder() {
        double[][][] matrix = new double[2][6][];
        double[][][] scalar = new double[2][6][];
        for (int c = 0; c < 2; c++) {
            for (int i = 0; i < 6; i++) {
                matrix[c][i] = new double[] {i, 10 + c, 20 + i * c, 30 + i % 2};
                scalar[c][i] = new double[] {i + 6.0 * c};
            }
        }
        Draws draws = Draws.of(2, 6).with("w", new int[] {2, 2}, matrix).with("s", new int[0], scalar);
        Summary summary = Summary.of(draws, 0.9);
        assertThat(summary.rows()).extracting(Summary.Row::label).containsExactly("w[0,0]", "w[0,1]", "w[1,0]", "w[1,1]", "s");
        Summary.Row s = summary.row("s");
        assertThat(s.mean()).isEqualTo(5.5);
        assertThat(s.std()).isEqualTo(Math.sqrt(13));
        assertThat(s.median()).isEqualTo(5.5);
        assertThat(s.lower()).isEqualTo(0);
        assertThat(s.upper()).isEqualTo(10);
        assertThat(s.nEff()).isEqualTo(EffectiveSampleSize.essBulk(draws.element("s", 0)));
        assertThat(s.rHat()).isEqualTo(Rhat.rhat(draws.element("s", 0)));
        assertThat(summary.row("w[0,1]").mean()).isEqualTo(10.5);
    }

    @Test
    void drawsDoNotChangeWithTheArraysTheyCameFrom() {
        double[][][] values = {{{1}, {2}}};
        Draws draws = Draws.of(1, 2).with("x", new int[0], values);
        values[0][0][0] = 99;
        draws.element("x", 0)[0][1] = 99;
        draws.shape("x");
        assertThat(draws.element("x", 0)).isDeepEqualTo(new double[][] {{1, 2}});
        assertThat(draws.names()).containsExactly("x");
        assertThat(draws.size("x")).isEqualTo(1);
    }

    @Test
    void errorsNameTheSite() {
        Draws draws = Draws.of(1, 2).with("x", new int[0], new double[][][] {{{1}, {2}}});
        assertThatThrownBy(() -> draws.with("x", new int[0], new double[][][] {{{1}, {2}}}))
                .hasMessage("Draws: there are two sites of the name \"x\".");
        assertThatThrownBy(() -> draws.with("y", new int[] {2}, new double[][][] {{{1}, {2}}}))
                .hasMessage("""
                        Draws: the values of site "y" do not have its shape.
                          Expected: 1 chains of 2 draws of 2 elements, shape [2]
                          Got:      1 chains, in chain 0 2 draws of 1 elements""");
        assertThatThrownBy(() -> draws.element("z", 0))
                .hasMessage("Draws: there is no site \"z\".\n  Expected: one of [x]");
        assertThatThrownBy(() -> Summary.of(draws, 0.9).row("z"))
                .hasMessage("Summary: there is no row \"z\".\n  Expected: one of [x]");
        assertThatThrownBy(() -> Summary.of(draws, 1.5)).hasMessage("Summary: prob must lie in (0, 1).\n  Got:      1.5");
        assertThatThrownBy(() -> Summary.of(Draws.of(2, 0).with("x", new int[0], new double[2][0][]), 0.9)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Summary: there are no draws.\n  Expected: at least one draw of each chain\n  Got:      2 chains of 0 draws\n");
    }
}
