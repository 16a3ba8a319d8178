package kiln.launcher;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/// Runs a compiled program in a class loader of its own, so that the start-up archive recorded meanwhile holds Kiln and the JDK only.
///
/// Usage: `Training FOLDER CLASS`. The program is a compact source file: its `main` is an instance method without arguments.
final class Training {
    private Training() {}

    public static void main(String[] args) throws Throwable {
        try (var loader = new URLClassLoader(new URL[] {Path.of(args[0]).toUri().toURL()})) {
            Class<?> program = loader.loadClass(args[1]);
            var constructor = program.getDeclaredConstructor();
            constructor.setAccessible(true);
            Method main = program.getDeclaredMethod("main");
            main.setAccessible(true);
            main.invoke(constructor.newInstance());
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
