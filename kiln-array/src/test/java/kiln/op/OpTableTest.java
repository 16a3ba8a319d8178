package kiln.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Holds every row of the op table to every rule: types, values, derivatives, vectorising, compiling, special points.
class OpTableTest {
    @Test
    void everyOperationHasOneRow() {
        List<Class<?>> rows = new ArrayList<>(OpCases.all().stream().<Class<?>>map(OpCase::type).toList());
        Set<Class<?>> operations = new LinkedHashSet<>(OpCases.operations());
        System.out.println("Op table: " + operations.size() + " operations, " + rows.size() + " rows, "
                + OpCases.all().stream().mapToInt(row -> row.instances().size()).sum() + " instances.");
        assertThat(rows).doesNotHaveDuplicates();
        assertThat(rows).containsExactlyInAnyOrderElementsOf(operations);
    }

    @TestFactory
    Stream<DynamicContainer> row() {
        return OpCases.all().stream().map(row -> DynamicContainer.dynamicContainer(row.toString(), tests(row)));
    }

    private static <O extends Op> List<DynamicTest> tests(OpCase<O> row) {
        return List.of(
                DynamicTest.dynamicTest("type and value", () -> new OpChecks<>(row).typeAndValue()),
                DynamicTest.dynamicTest("float32 is float64 rounded once", () -> new OpChecks<>(row).roundsOnce()),
                DynamicTest.dynamicTest("compiled = interpreted", () -> new OpChecks<>(row).compiled()),
                DynamicTest.dynamicTest("vmap = loop", () -> new OpChecks<>(row).vectorized()),
                DynamicTest.dynamicTest("jvp = differences", () -> new OpDerivativeChecks<>(row).forward()),
                DynamicTest.dynamicTest("vjp = jvp", () -> new OpDerivativeChecks<>(row).reverse()),
                DynamicTest.dynamicTest("derivatives in float32", () -> new OpDerivativeChecks<>(row).singlePrecision()),
                DynamicTest.dynamicTest("second order", () -> new OpDerivativeChecks<>(row).second()),
                DynamicTest.dynamicTest("special points", () -> new OpChecks<>(row).specialPoints()));
    }
}
