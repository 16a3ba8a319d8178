package kiln.bench.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kiln.infer.LogDensity;

/// C functions that are compiled by `gcc` when they are asked for, and called without copying the position or the gradient.
///
/// Every function has the type
///
/// ```c
/// double f(const double *q, double *gradient, long n, const void *const *data, double *scratch);
/// ```
///
/// The compiler and its flags are the best a C programmer has without changing the source: `-O3 -march=native -ffast-math`, which
/// also makes gcc call the vector functions of glibc's libmvec. Linking is a step of its own *without* `-ffast-math`: with it, gcc
/// 12 links code that switches the thread which loads the library to flushing subnormal numbers to zero.
public final class NativeCode {
    /// Flags of the compiler. `-Dkiln.bench.cflags=…` replaces them.
    public static final List<String> FLAGS =
            List.of(System.getProperty("kiln.bench.cflags", "-O3 -march=native -ffast-math").split(" ", -1));

    /// What links a function with OpenBLAS as Debian's package `libopenblas0` installs it, which comes without files for compilers.
    static final List<String> OPENBLAS = List.of("-DOPENBLAS", "-l:libopenblas.so.0");

    private static final AddressLayout ADDRESS = ValueLayout.ADDRESS;
    private static final FunctionDescriptor TYPE =
            FunctionDescriptor.of(ValueLayout.JAVA_DOUBLE, ADDRESS, ADDRESS, ValueLayout.JAVA_LONG, ADDRESS, ADDRESS);

    private NativeCode() {}

    /// {@return the first line of `gcc --version`, or an empty text where there is no gcc}
    public static String compiler() {
        try {
            return run(List.of("gcc", "--version")).lines().findFirst().orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    /// {@return whether there are gcc and OpenBLAS to link with}
    public static boolean hasOpenBlas() {
        try {
            return !compiler().isEmpty() && run(List.of("gcc", "-print-file-name=libopenblas.so.0")).startsWith("/");
        } catch (IOException e) {
            return false;
        }
    }

    /// {@return the function `name` of the resource `name.c`, as a density}
    ///
    /// @param constant what is added to the function's value
    /// @param n        the function's argument `n`
    /// @param scratch  how many doubles the function may write
    /// @param data     arrays of `double` or `long`, copied out of the heap once, each to the start of a cache line
    /// @throws IllegalStateException if there is no `gcc`, or it fails
    static LogDensity density(String name, int dimension, double constant, long n, long scratch, Object... data) {
        return density(name, List.of(), dimension, constant, n, scratch, data);
    }

    /// {@return the function `name` of the resource `name.c`, as a density}
    ///
    /// @param options further options of the compiler and the linker
    @SuppressWarnings("restricted") // native code is the point
    static LogDensity density(
            String name, List<String> options, int dimension, double constant, long n, long scratch, Object... data) {
        try {
            // The library stays loaded for the life of the process.
            Arena forever = Arena.global();
            MemorySegment function =
                    SymbolLookup.libraryLookup(library(name, options), forever).findOrThrow(name);
            MethodHandle handle = Linker.nativeLinker().downcallHandle(function, TYPE, Linker.Option.critical(true));
            MemorySegment pointers = forever.allocate(ADDRESS, Math.max(1, data.length));
            for (int i = 0; i < data.length; i++) {
                MemorySegment from = data[i] instanceof long[] longs
                        ? MemorySegment.ofArray(longs)
                        : MemorySegment.ofArray((double[]) data[i]);
                pointers.setAtIndex(ADDRESS, i, forever.allocate(from.byteSize(), 64).copyFrom(from));
            }
            var arguments = new NativeArguments(
                    dimension, constant, n, pointers, forever.allocate(Math.max(1, scratch) * Double.BYTES, 64));
            // A class of its own for each function: only a handle that is a constant of its class is called without detours.
            MethodHandles.Lookup own = MethodHandles.lookup()
                    .defineHiddenClassWithClassData(HiddenClasses.bytes(NativeDensity.class), handle, true);
            return (LogDensity) own.findConstructor(own.lookupClass(), MethodType.methodType(void.class, NativeArguments.class))
                    .invoke(arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("the C function " + name + " cannot be called", e);
        }
    }

    private static Path library(String name, List<String> options) throws IOException {
        if (compiler().isEmpty()) {
            throw new IllegalStateException(
                    "NativeCode: there is no gcc on the PATH to compile " + name + ".c; install it for the C column.");
        }
        Path folder = Files.createTempDirectory("kiln-bench");
        Path source = folder.resolve(name + ".c");
        Path object = folder.resolve(name + ".o");
        Path library = folder.resolve(name + ".so");
        try {
            Files.write(source, HiddenClasses.resource(name + ".c"));
            List<String> compile = new ArrayList<>(List.of("gcc", "-std=gnu17", "-fPIC", "-c"));
            compile.addAll(FLAGS);
            options.stream().filter(option -> option.startsWith("-D")).forEach(compile::add);
            compile.addAll(List.of("-o", object.toString(), source.toString()));
            run(compile);
            List<String> link = new ArrayList<>(List.of("gcc", "-shared", "-o", library.toString(), object.toString(), "-lm"));
            options.stream().filter(option -> option.startsWith("-l")).forEach(link::add);
            run(link);
            return library;
        } finally {
            for (Path file : List.of(source, object, library, folder)) {
                file.toFile().deleteOnExit();
            }
        }
    }

    private static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed:\n" + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return output;
    }
}
