package kiln.compile;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// The classes generated so far in this process: the same model on new data of the same shape defines no new class, and runs
/// the machine code that the JVM has already made for it.
///
/// Data is not part of the code, so equal code is equal structure, shapes and element types.
final class CodeCache {
    private static final int MOST = 256;
    private static final Map<Bytes, Code> CLASSES = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes, Code> eldest) {
            return size() > MOST;
        }
    };

    private CodeCache() {}

    private static final class Bytes {
        private final byte[] bytes;
        private final int hash;

        Bytes(byte[] bytes) {
            this.bytes = bytes;
            this.hash = Arrays.hashCode(bytes);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes b && Arrays.equals(bytes, b.bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    static Code define(byte[] bytes) {
        synchronized (CLASSES) {
            return CLASSES.computeIfAbsent(new Bytes(bytes), _ -> CodeGenerator.define(bytes));
        }
    }
}
