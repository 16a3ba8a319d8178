package kiln.op;

import java.util.List;
import java.util.stream.Stream;

/// The op table: a row for every operation. An operation without a row fails the build.
final class OpCases {
    private OpCases() {}

    static List<OpCase<?>> all() {
        return Stream.of(
                        FunctionCases.rows(),
                        SpecialFunctionCases.rows(),
                        RandomDrawCases.rows(),
                        ArithmeticCases.rows(),
                        MovementCases.rows(),
                        ReductionCases.rows(),
                        OrderCases.rows(),
                        ProductCases.rows(),
                        DecompositionCases.rows())
                .flatMap(List::stream)
                .toList();
    }

    /// {@return every permitted record below `Op`}
    static List<Class<?>> operations() {
        return below(Op.class).toList();
    }

    private static Stream<Class<?>> below(Class<?> type) {
        return type.isRecord() ? Stream.of(type) : Stream.of(type.getPermittedSubclasses()).flatMap(OpCases::below);
    }
}
