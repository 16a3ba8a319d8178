package kiln.op;

/// Whether a value is neither infinite nor NaN.
public record IsFinite() implements Predicate {
    @Override
    public boolean holds(double x) {
        return Math.abs(x) <= Double.MAX_VALUE;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).call1(Math.class, "abs").constant(Double.MAX_VALUE).compare(Compare.Kind.LE);
    }
}
