package kiln.op;

import kiln.array.DType;

/// The dozen words in which an elementwise operation says its code for one element; a stack machine.
///
/// Operands are numbered as in the operation. Values on the stack are `double` for floating operands and `long` for integers
/// and truth values; the emitter knows which and picks the instruction.
public interface Emitter {
    /// Pushes operand `i`.
    Emitter load(int i);

    /// Pushes a constant of the operands' kind.
    Emitter constant(double value);

    /// Replaces the two topmost values `a, b` by `a + b`.
    Emitter add();

    /// Replaces the two topmost values `a, b` by `a - b`.
    Emitter sub();

    /// Replaces the two topmost values `a, b` by `a · b`.
    Emitter mul();

    /// Replaces the two topmost values `a, b` by `a / b`; integers: rounded towards −∞ through [kiln.math.Integers].
    Emitter div();

    /// Replaces the topmost value by its negative.
    Emitter neg();

    /// Calls a static method of one double.
    Emitter call(MathFunction function);

    /// Calls a static method of two values of the operands' kind, returning the same kind.
    Emitter call(Class<?> owner, String method);

    /// Calls a static method of three values of the operands' kind, returning the same kind.
    Emitter call3(Class<?> owner, String method);

    /// Calls a static method of one value of the operands' kind, returning the same kind.
    Emitter call1(Class<?> owner, String method);

    /// Replaces the two topmost values by 1 where `a (comparison) b` holds, else 0, as a truth value.
    Emitter compare(Compare.Kind kind);

    /// Pushes operand `a` where operand `condition` holds, else operand `b`.
    Emitter select(int condition, int a, int b);

    /// Converts the topmost value to the kind of another element type (truncating towards zero, truth = not zero).
    Emitter convert(DType from, DType to);
}
