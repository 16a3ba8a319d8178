package kiln.dist.constraint;

import kiln.array.DomainException;
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
    /// Angles in [−π, π].
    public static final Constraint circular = new Circular();
    /// Complex numbers, as pairs along the last axis.
    public static final Constraint complex = new ComplexNumber();
    /// Cholesky factors of correlation matrices.
    public static final Constraint corrCholesky = new CorrCholesky();
    /// Correlation matrices.
    public static final Constraint corrMatrix = new CorrMatrix();
    /// Vectors whose absolute values sum to at most 1.
    public static final Constraint l1Ball = new L1Ball();
    /// Vectors of length 1.
    public static final Constraint sphere = new Sphere();
    /// Numbers > 0, reached by softplus.
    public static final Constraint softplusPositive = new SoftplusPositive();
    /// Lower triangular matrices with a positive diagonal, reached by softplus.
    public static final Constraint softplusLowerCholesky = new SoftplusLowerCholesky();
    /// Lower triangular matrices with a positive diagonal, reached by scaled rows.
    public static final Constraint scaledUnitLowerCholesky = new ScaledUnitLowerCholesky();
    /// Symmetric positive semidefinite matrices.
    public static final Constraint positiveSemidefinite = new PositiveSemidefinite();
    /// First rows of positive definite circulant matrices.
    public static final Constraint positiveDefiniteCirculantVector = new PositiveDefiniteCirculantVector();

    private Constraints() {}

    /// {@return the numbers ≥ `low`}
    public static Constraint greaterThanEq(Number low) {
        return new GreaterThanEq(NDArray.as(low));
    }

    /// {@return the numbers ≤ `high`}
    public static Constraint lessThanEq(Number high) {
        return new LessThanEq(NDArray.as(high));
    }

    /// {@return the numbers between `low` and `high`, neither included}
    ///
    /// @throws DomainException if a known `low` is not below its `high`
    public static Constraint openInterval(Number low, Number high) {
        NDArray a = NDArray.as(low);
        NDArray b = NDArray.as(high);
        Bounds.require("openInterval", false, a, b);
        return new OpenInterval(a, b);
    }

    /// {@return vectors of counts with sum `totalCount`}
    public static Constraint multinomial(Number totalCount) {
        return new Multinomial(NDArray.as(totalCount));
    }

    /// {@return arrays that sum to 0 along each of their last axes}
    ///
    /// @param eventDim how many axes; ≥ 1
    public static Constraint zeroSum(int eventDim) {
        return new ZeroSum(eventDim);
    }

    /// {@return a set that is known only together with the parameters of a distribution}
    ///
    /// @param isDiscrete whether it is countable
    /// @param eventDim   how many axes at the end make one value
    public static Constraint dependent(boolean isDiscrete, int eventDim) {
        return new Dependent(isDiscrete, eventDim);
    }

    /// {@return the numbers in [`low`, `high`]}
    ///
    /// @throws DomainException if a known `low` is not below its `high`
    public static Constraint interval(Number low, Number high) {
        NDArray a = NDArray.as(low);
        NDArray b = NDArray.as(high);
        Bounds.require("interval", false, a, b);
        return new Interval(a, b);
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
    ///
    /// @throws DomainException if a known `low` is above its `high`
    public static Constraint integerInterval(Number low, Number high) {
        NDArray a = NDArray.as(low);
        NDArray b = NDArray.as(high);
        Bounds.require("integerInterval", true, a, b);
        return new IntegerInterval(a, b);
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
