package kiln.bench.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Copies of a class under the same source: HotSpot keeps a profile and makes machine code for each of them apart.
public final class HiddenClasses {
    private HiddenClasses() {}

    /// {@return the class file of a class of this module}
    public static byte[] bytes(Class<?> type) {
        return read(type, type.getSimpleName() + ".class");
    }

    /// {@return the bytes of a file beside this class}
    static byte[] resource(String name) {
        return read(HiddenClasses.class, name);
    }

    private static byte[] read(Class<?> beside, String name) {
        try (var stream = beside.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalArgumentException("there is no resource " + name + " beside " + beside);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
