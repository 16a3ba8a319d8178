package kiln.infer.mcmc;

import java.io.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.TreeMap;

/// One line per chain on a terminal, redrawn in place and removed at the end.
///
/// ```
/// chain 1  warm-up    412/2000  [####                ]  step size 0.412  divergences 0
/// ```
public final class TerminalProgress implements ProgressListener {
    private static final int BAR = 20;

    private final Appendable out;
    private final TreeMap<Integer, ChainProgress> latest = new TreeMap<>();
    private int linesShown;

    /// @param out receives text and ANSI control sequences (cursor up, erase); flushed by its owner
    public TerminalProgress(Appendable out) {
        this.out = out;
    }

    /// Lines on `System.err` if a person is looking, [ProgressListener#NONE] if output goes to a file or another program.
    @SuppressWarnings("SystemConsoleNull") // it does return null where no console provider is installed
    public static ProgressListener ifInteractive() {
        Console console = System.console();
        return console != null && console.isTerminal() ? new TerminalProgress(System.err) : ProgressListener.NONE;
    }

    @Override
    public synchronized void update(ChainProgress progress) {
        latest.put(progress.chain(), progress);
        StringBuilder text = new StringBuilder(toFirstLine());
        for (ChainProgress p : latest.values()) {
            text.append("\r\u001b[2K").append(line(p)).append('\n');
        }
        linesShown = latest.size();
        write(text);
    }

    @Override
    public synchronized void finished() {
        write(toFirstLine() + "\r\u001b[J");
        linesShown = 0;
        latest.clear();
    }

    private String toFirstLine() {
        return linesShown == 0 ? "" : "\u001b[" + linesShown + "A";
    }

    private static String line(ChainProgress p) {
        int filled = (int) (p.total() == 0 ? BAR : BAR * p.iteration() / p.total());
        return String.format(Locale.ROOT, "chain %d  %-8s %5d/%d  [%s%s]  step size %.3g  divergences %d", p.chain() + 1,
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
