package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.func.Functions;
import kiln.func.Pytree;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Densities, their derivatives, probabilities and quantiles at extreme parameters and far in the tails, against `tools/extreme-values.py`.
///
/// A value `w` may be off by `1e-11 |w|` and by 4 units of the last place of its condition number, as in [DistributionOracleTest].
class ExtremeValuesTest {
    private record Row(String what, double argument, double want, double condition) {}

    @TestFactory
    Stream<DynamicTest> everyDistribution() throws IOException {
        Map<String, List<Row>> tests = new LinkedHashMap<>();
        for (String[] f : Rows.of("extremes.csv")) {
            tests.computeIfAbsent(f[0] + " " + f[1], _ -> new ArrayList<>())
                    .add(new Row(f[2], Double.parseDouble(f[3]), Double.parseDouble(f[4]), Double.parseDouble(f[5])));
        }
        return tests.entrySet().stream().map(e -> DynamicTest.dynamicTest(e.getKey(), () -> check(make(e.getKey()), e.getValue())));
    }

    private static Distribution make(String text) throws ReflectiveOperationException {
        String[] word = text.split(" ");
        Class<?>[] types = new Class<?>[word.length - 1];
        Arrays.fill(types, Number.class);
        Object[] parameters = Stream.of(word).skip(1).map(Double::valueOf).toArray();
        return Class.forName("kiln.dist." + word[0]).asSubclass(Distribution.class).getConstructor(types).newInstance(parameters);
    }

    private static void check(Distribution d, List<Row> rows) {
        List<String> wrong = new ArrayList<>();
        for (Row row : rows) {
            double got = answer(d, row.what(), NDArray.as(row.argument()));
            double room = 1e-11 * Math.abs(row.want()) + 4 * 0x1p-53 * row.condition();
            if (!(Math.abs(got - row.want()) <= room)) {
                wrong.add(row + ": got " + got + ", off by " + Math.abs(got - row.want()) + " of " + room);
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static double answer(Distribution d, String what, NDArray x) {
        return switch (what) {
            case "logProb" -> d.logProb(x).item();
            case "cdf" -> d.cdf(x).item();
            case "sf" -> d.sf(x).item();
            case "icdf" -> d.icdf(x).item();
            case "isf" -> d.isf(x).item();
            case "dvalue" -> Functions.grad((NDArray v) -> d.logProb(v)).apply(x).item();
            default -> Pytree.leaves(Functions.grad((Distribution p) -> p.logProb(x)).apply(d)).get(Integer.parseInt(what.substring(1))).item();
        };
    }
}
