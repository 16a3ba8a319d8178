package kiln.op;

/// Whether a value is NaN.
public record IsNaN() implements Predicate {
    @Override
    public boolean holds(double x) {
        return Double.isNaN(x);
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(0).compare(Compare.Kind.NE);
    }
}
