package kiln.array;

import java.util.Optional;
import java.util.stream.Stream;

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
        return WALKER.walk(UserCode::first);
    }

    /// {@return a frame as `File.java:12`}
    public static String describe(StackWalker.StackFrame frame) {
        return frame.getFileName() + ":" + frame.getLineNumber();
    }

    private static Optional<StackWalker.StackFrame> first(Stream<StackWalker.StackFrame> frames) {
        return frames.filter(f -> !isLibrary(f.getClassName())).findFirst();
    }

    private static boolean isLibrary(String className) {
        return className.startsWith("kiln.")
                || className.startsWith("java.")
                || className.startsWith("jdk.")
                || className.startsWith("sun.");
    }
}
