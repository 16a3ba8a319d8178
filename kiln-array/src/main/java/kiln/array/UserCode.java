package kiln.array;

import java.util.Optional;
import java.util.Spliterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds the user's line: the first stack frame that belongs neither to Kiln nor to the JDK.
public final class UserCode {
    private static final StackWalker WALKER = StackWalker.getInstance();

    private UserCode() {}

    /// {@return the calling user's line, such as `Regression.java:12`, or an empty text if there is none}
    public static String line() {
        return frame().map(UserCode::describe).orElse("");
    }

    /// {@return the calling user's stack frame}
    public static Optional<StackWalker.StackFrame> frame() {
        return Optional.ofNullable(WALKER.walk(frames -> new Search().in(frames.spliterator())));
    }

    /// {@return a frame as `File.java:12`}
    public static String describe(StackWalker.StackFrame frame) {
        return frame.getFileName() + ":" + frame.getLineNumber();
    }

    /// A loop over the frames and not a stream of them: every traced operation asks.
    private static final class Search implements Consumer<StackWalker.StackFrame> {
        private StackWalker.@Nullable StackFrame found;

        StackWalker.@Nullable StackFrame in(Spliterator<StackWalker.StackFrame> frames) {
            while (found == null && frames.tryAdvance(this)) {}
            return found;
        }

        @Override
        public void accept(StackWalker.StackFrame frame) {
            if (!isLibrary(frame.getClassName())) {
                found = frame;
            }
        }
    }

    /// Where the program stood; the user's line is looked for when somebody asks for it.
    ///
    /// Every traced operation keeps one, and few are ever asked. Walking the stack to the user costs more than all the rest of recording an
    /// operation, and what a `Throwable` remembers of the stack costs next to nothing.
    public static final class Place {
        private final Throwable stack = new Throwable();

        /// Here.
        public Place() {}

        /// {@return the user's line, such as `Regression.java:12`, or an empty text if there is none}
        public String line() {
            for (StackTraceElement frame : stack.getStackTrace()) {
                if (!isLibrary(frame.getClassName())) {
                    return frame.getFileName() + ":" + frame.getLineNumber();
                }
            }
            return "";
        }
    }

    private static boolean isLibrary(String className) {
        return className.startsWith("kiln.")
                || className.startsWith("java.")
                || className.startsWith("jdk.")
                || className.startsWith("sun.");
    }
}
