package kiln.infer;

/// A density with a count of its evaluations; for one thread.
public final class CountedDensity implements LogDensity {
    private final LogDensity density;
    private long count;

    /// @param density what is evaluated
    public CountedDensity(LogDensity density) {
        this.density = density;
    }

    /// {@return how often it was evaluated}
    public long count() {
        return count;
    }

    @Override
    public int dimension() {
        return density.dimension();
    }

    @Override
    public double valueAndGradient(double[] position, double[] gradient) {
        count++;
        return density.valueAndGradient(position, gradient);
    }

    @Override
    public double value(double[] position, double[] scratch) {
        count++;
        return density.value(position, scratch);
    }
}
