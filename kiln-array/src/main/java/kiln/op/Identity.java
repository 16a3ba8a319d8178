package kiln.op;

/// An operation whose number is that of its operand; what it changes is the type, or what derivatives see.
public sealed interface Identity extends Unary permits Cast, StopGradient {
    @Override
    default double eval(double x) {
        return x;
    }

    @Override
    default long evalLong(long[] x) {
        return x[0];
    }
}
