package kiln.array;

/// The text of errors as tests compare it.
final class Messages {
    private Messages() {}

    /// {@return the message without the line that says where: it moves with the test}
    static String withoutPlace(Throwable e) {
        return String.valueOf(e.getMessage()).replaceAll("\n  At: .*", "");
    }
}
