package usertest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Compares whole messages, whose line is the one that the test marked.
final class UserLine {
    private int line;

    /// Marks the line that the message is to name.
    void here() {
        line = StackWalker.getInstance()
                .walk(frames -> frames.skip(1).findFirst())
                .orElseThrow()
                .getLineNumber();
    }

    /// Runs the user's program and compares the error; `%line` in the expected text stands for the marked line.
    void fails(ThrowingCallable program, Class<? extends Throwable> type, String message) {
        fails(program, type, "(?!)", message);
    }

    /// Compares the error after what matches a pattern, such as numbers that nobody can know, was replaced by `#`.
    void fails(ThrowingCallable program, Class<? extends Throwable> type, String unknown, String message) {
        Throwable error = catchThrowable(program);
        assertThat(error).as("no error, or another one").isInstanceOf(type);
        assertThat(Objects.requireNonNull(error.getMessage()).replaceAll(unknown, "#")).isEqualTo(filled(message));
    }

    /// {@return the text with the number of the marked line}
    String filled(String text) {
        return text.replace("%line", Integer.toString(line));
    }
}
