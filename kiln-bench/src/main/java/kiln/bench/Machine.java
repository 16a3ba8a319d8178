package kiln.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import kiln.bench.kernel.NativeCode;

/// What a measurement was made on, in one sentence.
final class Machine {
    private Machine() {}

    /// {@return processor, cores, JVM, C compiler and date}
    static String description() {
        var runtime = Runtime.getRuntime();
        String compiler = NativeCode.compiler();
        return "Machine: %s, %d cores, %s %s; Java: %s %s; C: %s; date: %s.".formatted(
                processor(),
                runtime.availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                System.getProperty("java.vendor.version", System.getProperty("java.vendor")),
                System.getProperty("java.vm.version"),
                compiler.isEmpty() ? "no gcc" : compiler + " `" + String.join(" ", NativeCode.FLAGS) + "`",
                LocalDate.now(ZoneOffset.UTC));
    }

    private static String processor() {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return "unnamed processor";
        }
        try {
            List<String> lines = Files.readAllLines(info);
            String model = lines.stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unnamed processor");
            boolean wide = lines.stream().anyMatch(line -> line.startsWith("flags") && line.contains(" avx512f"));
            return model + (wide ? " with AVX-512" : "");
        } catch (IOException e) {
            return "unnamed processor";
        }
    }
}
