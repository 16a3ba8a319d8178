package kiln.bench.kernel;

import java.util.List;
import java.util.function.Supplier;

/// All kernels, in the order of the table. They are made on request, since making one simulates its data.
public final class Kernels {
    private static final List<Supplier<Kernel>> ALL = List.of(
            EightSchools::new,
            Kidiq::new,
            () -> new LogisticRegression(10_000),
            () -> new LogisticRegression(100_000),
            PoissonRegression::new,
            NormalHierarchy::new,
            NormalLikelihood::new,
            SoftplusSum::new,
            LgammaSum::new,
            LogNdtrSum::new,
            Garch::new,
            Ar1::new,
            Ar5::new,
            HiddenMarkov::new,
            GaussianProcess::new,
            () -> new LinearRegression(1_000),
            () -> new LinearRegression(100_000));

    private Kernels() {}

    /// {@return every kernel}
    public static List<Kernel> all() {
        return ALL.stream().map(Supplier::get).toList();
    }

    /// {@return the kernel of a name}
    public static Kernel named(String name) {
        return all().stream()
                .filter(k -> k.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no kernel " + name));
    }
}
