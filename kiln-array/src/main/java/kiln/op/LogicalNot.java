package kiln.op;

/// Logical negation: whether a value is zero.
public record LogicalNot() implements Predicate {
    @Override
    public boolean holds(double x) {
        return x == 0;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).constant(0).compare(Compare.Kind.EQ);
    }
}
