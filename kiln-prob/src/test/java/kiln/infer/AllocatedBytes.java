package kiln.infer;

import java.lang.reflect.Method;
import java.util.Objects;

/// Counts what the calling thread allocates: `com.sun.management.ThreadMXBean`, by reflection, since the module under test does not read
/// `jdk.management`. The counter itself costs some boxes.
public final class AllocatedBytes {
    private final Object bean;
    private final Method method;

    /// A counter.
    public AllocatedBytes() throws ReflectiveOperationException {
        bean = Objects.requireNonNull(Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean").invoke(null));
        method = Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes");
    }

    /// {@return bytes so far}
    public long read() throws ReflectiveOperationException {
        return (Long) Objects.requireNonNull(method.invoke(bean));
    }
}
