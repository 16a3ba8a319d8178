package kiln.dist.constraint;

import kiln.array.NDArray;

/// The constraints by NumPyro's names, for static import: `positive`, `simplex`, `interval(0, 5)`.
public final class Constraints {
    /// Finite real numbers.
    public static final Constraint real = new Real();
    /// Vectors of finite real numbers.
    public static final Constraint realVector = independent(real, 1);
    /// Matrices of finite real numbers.
    public static final Constraint realMatrix = independent(real, 2);
    /// Numbers > 0.
    public static final Constraint positive = new Positive();
    /// Numbers ≥ 0.
    public static final Constraint nonnegative = new Nonnegative();
    /// Numbers in [0, 1].
    public static final Constraint unitInterval = new UnitInterval();
    /// 0 or 1.
    public static final Constraint boolean_ = new BooleanConstraint();
    /// Integers.
    public static final Constraint integer = new IntegerConstraint();
    /// Integers ≥ 0.
    public static final Constraint nonnegativeInteger = integerAtLeast(0);
    /// Integers ≥ 1.
    public static final Constraint positiveInteger = integerAtLeast(1);
    /// Vectors of numbers ≥ 0 that sum to 1.
    public static final Constraint simplex = new Simplex();
    /// Strictly increasing vectors.
    public static final Constraint orderedVector = new OrderedVector();
    /// Strictly increasing vectors of numbers > 0.
    public static final Constraint positiveOrderedVector = new PositiveOrderedVector();
    /// Lower triangular matrices with a positive diagonal.
    public static final Constraint lowerCholesky = new LowerCholesky();
    /// Symmetric positive definite matrices.
    public static final Constraint positiveDefinite = new PositiveDefinite();

    private Constraints() {}

    /// {@return the numbers in [`low`, `high`]}
    public static Constraint interval(Number low, Number high) {
        return new Interval(NDArray.as(low), NDArray.as(high));
    }

    /// {@return the numbers > `low`}
    public static Constraint greaterThan(Number low) {
        return new GreaterThan(NDArray.as(low));
    }

    /// {@return the numbers < `high`}
    public static Constraint lessThan(Number high) {
        return new LessThan(NDArray.as(high));
    }

    /// {@return the integers from `low` to `high`, both included}
    public static Constraint integerInterval(Number low, Number high) {
        return new IntegerInterval(NDArray.as(low), NDArray.as(high));
    }

    /// {@return the integers ≥ `low`}
    public static Constraint integerAtLeast(Number low) {
        return new IntegerAtLeast(NDArray.as(low));
    }

    /// {@return arrays of values of another set}
    ///
    /// @param base the set of the parts
    /// @param dims how many axes are added to the event; 0 gives the base itself
    public static Constraint independent(Constraint base, int dims) {
        if (dims == 0) {
            return base;
        }
        return base instanceof IndependentConstraint inner
                ? new IndependentConstraint(inner.base(), inner.dims() + dims)
                : new IndependentConstraint(base, dims);
    }
}
