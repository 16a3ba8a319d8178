package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import kiln.diagnostics.EffectiveSampleSize;
import kiln.diagnostics.Rhat;
import org.junit.jupiter.api.Test;

/// The worst quantities of a run, and what does not move in it; what people see of it.
class ConvergenceTest {
    /// Draws of several columns, `[element][chain][draw]` each.
    ///
    /// @param read the columns that were read, in turn
    private record Fixed(List<double[][][]> columns, boolean isFloating, List<Integer> read) implements DrawHistory {
        @Override
        public List<Integer> randomVariables() {
            return IntStream.range(0, columns.size()).boxed().toList();
        }

        @Override
        public boolean isFloating(int column) {
            return isFloating;
        }

        @Override
        public List<String> labels(int column) {
            return IntStream.range(0, columns.get(column).length).mapToObj(e -> "c" + column + "[" + e + "]").toList();
        }

        @Override
        public IntFunction<double[][]> column(int column, int draws) {
            read.add(column);
            return element -> Arrays.stream(columns.get(column)[element]).map(chain -> Arrays.copyOf(chain, draws)).toArray(double[][]::new);
        }

        @Override
        public int draws() {
            return columns.getFirst()[0][0].length;
        }
    }

    private static double[][] noise(long seed, double shiftOfLast) {
        ChainRandom random = new ChainRandom(seed);
        double[][] x = new double[4][200];
        for (int c = 0; c < 4; c++) {
            for (int i = 0; i < 200; i++) {
                x[c][i] = random.normal() + (c == 3 ? shiftOfLast : 0);
            }
        }
        return x;
    }

    private static Optional<Convergence> of(boolean isFloating, double[][][]... columns) {
        return Convergence.of(new Fixed(List.of(columns), isFloating, new ArrayList<>()), 200, Integer.MAX_VALUE);
    }

    @Test
    void theWorstQuantitiesAreNamed() {
        double[][] good = noise(1, 0);
        double[][] bad = noise(2, 1);
        Convergence c = of(true, new double[][][] {good}, new double[][][] {good, bad}).orElseThrow();
        assertThat(c.rHat()).isEqualTo(Rhat.rhat(bad)).isGreaterThan(1.05);
        assertThat(c.ess()).isEqualTo(EffectiveSampleSize.essBulk(bad));
        assertThat(List.of(c.rHatOf(), c.essOf())).containsOnly("c1[1]");
        assertThat(List.of(c.looked(), c.elements(), c.draws())).containsExactly(3, 3, 200);
        assertThat(c.satisfies(new StopRule(1.01, 100))).isFalse();
        assertThat(of(true, new double[][][] {good}).orElseThrow().satisfies(new StopRule(1.02, 100))).isTrue();
    }

    /// A column of a run that is streamed is read from the disk: once for all of its elements.
    @Test
    void aColumnIsReadOnce() {
        double[][] good = noise(1, 0);
        var history = new Fixed(List.of(new double[][][] {good, good, good}, new double[][][] {good, good}), true, new ArrayList<>());
        assertThat(Convergence.of(history, 100, Integer.MAX_VALUE).orElseThrow().looked()).isEqualTo(5);
        assertThat(history.read).containsExactly(0, 1);
    }

    /// The ones on the diagonal of a correlation matrix do not hinder; chains that are stuck do; whole numbers may rest.
    @Test
    void whatNeverMovesHindersUnlessTheRestOfItsSiteMoves() {
        double[][] still = new double[4][200];
        double[][] good = noise(1, 0);
        assertThat(of(true, new double[][][] {still, good}).orElseThrow().rHat()).isEqualTo(Rhat.rhat(good));
        Convergence stuck = of(true, new double[][][] {good}, new double[][][] {still}).orElseThrow();
        assertThat(stuck.rHat()).isNaN();
        assertThat(stuck.rHatOf()).isEqualTo("c1[0]");
        assertThat(stuck.satisfies(new StopRule(10, 1))).isFalse();
        assertThat(of(false, new double[][][] {good}, new double[][][] {still}).orElseThrow().rHat()).isEqualTo(Rhat.rhat(good));
        assertThat(of(true, new double[][][] {still, still}).orElseThrow().rHat()).isNaN();
    }

    @Test
    void theTerminalShowsItBelowTheChains() {
        StringBuilder out = new StringBuilder();
        TerminalProgress terminal = new TerminalProgress(out);
        terminal.update(new ChainProgress(0, false, 500, 2000, 0.4123, 0));
        out.setLength(0);
        terminal.convergence(new Convergence(180, 1.0123, "tau", 143.4, "mu", 100, 5000));
        assertThat(out).hasToString("\u001b[1A"
                + "\r\u001b[2Kchain 0  sampling   500/2000  [#####               ]  step size 0.412  divergences 0\n"
                + "\r\u001b[2KR-hat up to 1.012 (tau)  ESS from 143 (mu)  180 draws  100 of 5000 quantities\n");
        out.setLength(0);
        terminal.finished();
        assertThat(out).hasToString("\u001b[2A\r\u001b[J");
    }

    @Test
    void theLogHasOneLineForAllChains() {
        List<String> lines = new ArrayList<>();
        LogProgress log = new LogProgress(0, lines::add);
        log.update(new ChainProgress(0, false, 500, 2000, 0.4, 1));
        log.convergence(new Convergence(180, 1.0123, "tau", 143.4, "mu", 9, 9));
        log.update(new ChainProgress(1, false, 740, 2000, 0.6, 2));
        assertThat(lines).containsExactly("1 chains, 500 of 2000 iterations, 1 divergences, step size 0.400",
                "2 chains, 1240 of 4000 iterations, 3 divergences, step size 0.500  "
                        + "R-hat up to 1.012 (tau)  ESS from 143 (mu)  180 draws");
        List<String> none = new ArrayList<>();
        new LogProgress(Long.MAX_VALUE, none::add).update(new ChainProgress(0, false, 500, 2000, 0.4, 1));
        assertThat(none).isEmpty();
    }
}
