package kiln.infer.mcmc;

import java.io.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/// One line per chain on a terminal, and one about how well they agree, redrawn in place and removed at the end.
///
/// ```
/// chain 0  warm-up    412/2000  [####                ]  step size 0.412  divergences 0
/// R-hat up to 1.012 (tau)  ESS from 143 (mu)  300 draws
/// ```
public final class TerminalProgress implements ProgressListener {
    private static final int BAR = 20;

    private final Appendable out;
    private final TreeMap<Integer, ChainProgress> latest = new TreeMap<>();
    private Optional<Convergence> convergence = Optional.empty();
    private int linesShown;

    /// @param out receives text and ANSI control sequences (cursor up, erase); flushed by its owner
    public TerminalProgress(Appendable out) {
        this.out = out;
    }

    /// {@return whether a person is looking at the terminal: output goes neither to a file nor to another program}
    @SuppressWarnings("SystemConsoleNull") // it does return null where no console provider is installed
    static boolean isInteractive() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    @Override
    public synchronized void update(ChainProgress progress) {
        latest.put(progress.chain(), progress);
        draw();
    }

    @Override
    public synchronized void convergence(Convergence c) {
        convergence = Optional.of(c);
        draw();
    }

    private void draw() {
        StringBuilder text = new StringBuilder(toFirstLine());
        for (ChainProgress p : latest.values()) {
            text.append("\r\u001b[2K").append(line(p)).append('\n');
        }
        convergence.ifPresent(c -> text.append("\r\u001b[2K").append(c).append('\n'));
        linesShown = latest.size() + (convergence.isPresent() ? 1 : 0);
        write(text);
    }

    @Override
    public synchronized void finished() {
        write(toFirstLine() + "\r\u001b[J");
        linesShown = 0;
        latest.clear();
        convergence = Optional.empty();
    }

    private String toFirstLine() {
        return linesShown == 0 ? "" : "\u001b[" + linesShown + "A";
    }

    private static String line(ChainProgress p) {
        int filled = (int) (p.total() == 0 ? BAR : BAR * p.iteration() / p.total());
        return String.format(Locale.ROOT, "chain %d  %-8s %5d/%d  [%s%s]  step size %.3g  divergences %d", p.chain(),
                p.warmingUp() ? "warm-up" : "sampling", p.iteration(), p.total(), "#".repeat(filled), " ".repeat(BAR - filled),
                p.stepSize(), p.divergences());
    }

    private void write(CharSequence text) {
        try {
            out.append(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
