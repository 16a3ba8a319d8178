package kiln.op;

import java.util.List;
import kiln.array.DType;
import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// Comparison of two values; NaN compares unequal to everything.
///
/// @param kind which comparison
public record Compare(Kind kind) implements Binary {
    /// The six comparisons.
    public enum Kind {
        /// `a < b`
        LT,
        /// `a ≤ b`
        LE,
        /// `a > b`
        GT,
        /// `a ≥ b`
        GE,
        /// `a = b`
        EQ,
        /// `a ≠ b`
        NE
    }

    @Override
    public DType dtype(List<DType> in) {
        return DType.BOOL;
    }

    @Override
    public double eval(double a, double b) {
        return holds(a < b, a == b, a > b) ? 1 : 0;
    }

    @Override
    public long eval(long a, long b) {
        return holds(a < b, a == b, a > b) ? 1 : 0;
    }

    /// With NaN none of the three is so.
    private boolean holds(boolean less, boolean equal, boolean greater) {
        return switch (kind) {
            case LT -> less;
            case LE -> less || equal;
            case GT -> greater;
            case GE -> greater || equal;
            case EQ -> equal;
            case NE -> !equal;
        };
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        return null;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).compare(kind);
    }

    @Override
    public String label() {
        return kind.name().toLowerCase(java.util.Locale.ROOT);
    }
}
