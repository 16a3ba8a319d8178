package kiln.array;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import kiln.op.*;

/// NumPy's functions, to be imported statically: constructors, elementwise functions, reductions, shapes, linear algebra.
///
/// Elementwise functions take Java numbers and arrays in any mix and broadcast. Floating functions of integers compute in the
/// default floating type.
public final class Np extends CreationFunctions {
    private Np() {}

    // ---- elementwise

    /// A Java number takes the type of a floating array it meets at once: by way of the default type it could lose digits.
    private static NDArray operand(Number value, Number other) {
        return value instanceof Double && other instanceof NDArray y && y.dtype().isFloating()
                ? Dense.ofNumber(value, y.dtype())
                : NDArray.as(value);
    }

    static NDArray binary(Binary op, Number a, Number b) {
        NDArray x = operand(a, b);
        NDArray y = operand(b, a);
        DType dtype = DType.promote(x.aval(), y.aval());
        return operands(op, dtype, x, y);
    }

    static NDArray floating(Binary op, Number a, Number b) {
        NDArray x = operand(a, b);
        NDArray y = operand(b, a);
        DType dtype = DType.promote(x.aval(), y.aval());
        return operands(op, dtype.isFloating() ? dtype : DType.floating(), x, y);
    }

    static NDArray operands(Elementwise op, DType dtype, NDArray x, NDArray y) {
        Shape shape = x.shape().equals(y.shape()) ? x.shape() : Shape.broadcast(x.shape(), y.shape());
        return Bind.apply(op, broadcastTo(convert(x, y, dtype), shape), broadcastTo(convert(y, x, dtype), shape));
    }

    /// Converts an operand to the type in which it meets another one. If a Java number brought the kind of that type, the result may still
    /// give way to an array: both operands are weak then.
    private static NDArray convert(NDArray x, NDArray other, DType dtype) {
        boolean takesKind = !x.aval().weak() && other.aval().weak() && other.dtype() == dtype && DType.promote(x.dtype(), dtype) != x.dtype();
        return takesKind ? Bind.apply(new Cast(x.dtype(), dtype, true), x) : convert(x, dtype);
    }

    /// Converts an operand without making a known weak one strong.
    static NDArray convert(NDArray x, DType dtype) {
        if (x.dtype() == dtype) {
            return x;
        }
        if (x.aval().weak() && x.isKnown()) {
            Dense strong = Bind.apply(new Cast(x.dtype(), dtype), x).known();
            return Dense.of(new Aval(dtype, x.shape(), true), strong.storage());
        }
        return Bind.apply(new Cast(x.dtype(), dtype), x);
    }

    static NDArray unary(Unary op, Number a) {
        return Bind.apply(op, NDArray.as(a));
    }

    static NDArray floating(Unary op, Number a) {
        NDArray x = NDArray.as(a);
        return Bind.apply(op, x.dtype().isFloating() ? x : convert(x, DType.floating()));
    }

    /// {@return `a + b`}
    public static NDArray add(Number a, Number b) {
        return binary(new Add(), a, b);
    }

    /// {@return `a − b`}
    ///
    /// @throws DomainException if both are truth values
    public static NDArray subtract(Number a, Number b) {
        requireNumbers("subtract", "combine them with notEqual(a, b)", NDArray.as(a), NDArray.as(b));
        return binary(new Sub(), a, b);
    }

    /// {@return `a · b`}
    public static NDArray multiply(Number a, Number b) {
        return binary(new Mul(), a, b);
    }

    /// {@return `a / b`; integers become floating first}
    public static NDArray divide(Number a, Number b) {
        return floating(new Div(), a, b);
    }

    /// {@return `⌊a / b⌋`; of integers it is one, by zero −2, and −1 for `a = 0`, as in JAX}
    public static NDArray floorDivide(Number a, Number b) {
        NDArray quotient = binary(new Div(), a, b);
        return quotient.dtype().isFloating() ? floor(quotient) : quotient;
    }

    /// {@return the remainder of `a / b` with the sign of `b`}
    public static NDArray remainder(Number a, Number b) {
        return binary(new Rem(), a, b);
    }

    /// {@return `a` to the power `b`}
    public static NDArray pow(Number a, Number b) {
        return binary(new Pow(), a, b);
    }

    /// {@return the smaller of `a` and `b`}
    public static NDArray minimum(Number a, Number b) {
        return binary(new Min(), a, b);
    }

    /// {@return the larger of `a` and `b`}
    public static NDArray maximum(Number a, Number b) {
        return binary(new Max(), a, b);
    }

    /// {@return where `a < b`}
    public static NDArray less(Number a, Number b) {
        return binary(new Compare(Compare.Kind.LT), a, b);
    }

    /// {@return where `a ≤ b`}
    public static NDArray lessEqual(Number a, Number b) {
        return binary(new Compare(Compare.Kind.LE), a, b);
    }

    /// {@return where `a > b`}
    public static NDArray greater(Number a, Number b) {
        return binary(new Compare(Compare.Kind.GT), a, b);
    }

    /// {@return where `a ≥ b`}
    public static NDArray greaterEqual(Number a, Number b) {
        return binary(new Compare(Compare.Kind.GE), a, b);
    }

    /// {@return where `a = b`}
    public static NDArray equal(Number a, Number b) {
        return binary(new Compare(Compare.Kind.EQ), a, b);
    }

    /// {@return where `a ≠ b`}
    public static NDArray notEqual(Number a, Number b) {
        return binary(new Compare(Compare.Kind.NE), a, b);
    }

    /// {@return where both hold}
    public static NDArray logicalAnd(Number a, Number b) {
        return logical(new And(), a, b);
    }

    /// {@return where one of them holds}
    public static NDArray logicalOr(Number a, Number b) {
        return logical(new Or(), a, b);
    }

    /// {@return `log(e^a + e^b)`}
    public static NDArray logaddexp(Number a, Number b) {
        return floating(new LogAddExp(), a, b);
    }

    private static NDArray logical(Binary op, Number a, Number b) {
        return operands(op, DType.BOOL, truth(NDArray.as(a)), truth(NDArray.as(b)));
    }

    static NDArray truth(NDArray x) {
        return x.dtype() == DType.BOOL ? x : notEqual(x, 0);
    }

    /// {@return where `x` does not hold}
    public static NDArray logicalNot(Number x) {
        return unary(new LogicalNot(), x);
    }

    /// Truth values have no negative and no difference, as in NumPy.
    private static void requireNumbers(String who, String fix, NDArray... operands) {
        boolean allTruths = true;
        for (NDArray x : operands) {
            allTruths &= x.dtype() == DType.BOOL;
        }
        if (allTruths) {
            throw new DomainException(new Diagnosis(who, "truth values are not numbers")
                    .expected("integers or floating numbers")
                    .got(Arrays.stream(operands).map(x -> x.aval().toString()).collect(Collectors.joining(" and ")))
                    .at(UserCode.line())
                    .fix(fix + ", or count with astype(INT64)."));
        }
    }

    /// {@return `−x`}
    ///
    /// @throws DomainException if `x` holds truth values
    public static NDArray negative(Number x) {
        requireNumbers("negative", "negate them with logicalNot(x)", NDArray.as(x));
        return unary(new Neg(), x);
    }

    /// {@return `|x|`}
    public static NDArray abs(Number x) {
        return unary(new Abs(), x);
    }

    /// {@return the sign: −1, 0 or 1}
    public static NDArray sign(Number x) {
        return unary(new Sign(), x);
    }

    /// {@return `x²`}
    public static NDArray square(Number x) {
        return unary(new Square(), x);
    }

    /// {@return the square root}
    public static NDArray sqrt(Number x) {
        return floating(new Sqrt(), x);
    }

    /// {@return the largest integral value that is not larger}
    public static NDArray floor(Number x) {
        return floating(new Round(Round.Mode.FLOOR), x);
    }

    /// {@return the smallest integral value that is not smaller}
    public static NDArray ceil(Number x) {
        return floating(new Round(Round.Mode.CEIL), x);
    }

    /// {@return the nearest integral value, ties to even}
    public static NDArray round(Number x) {
        return floating(new Round(Round.Mode.NEAREST), x);
    }

    /// {@return where `x` is neither infinite nor NaN}
    public static NDArray isfinite(Number x) {
        return unary(new IsFinite(), x);
    }

    /// {@return where `x` is NaN}
    public static NDArray isnan(Number x) {
        return unary(new IsNaN(), x);
    }

    /// {@return `e^x`}
    public static NDArray exp(Number x) {
        return floating(new Exp(), x);
    }

    /// {@return `e^x − 1`}
    public static NDArray expm1(Number x) {
        return floating(new Expm1(), x);
    }

    /// {@return the natural logarithm}
    public static NDArray log(Number x) {
        return floating(new Log(), x);
    }

    /// {@return `log(1 + x)`}
    public static NDArray log1p(Number x) {
        return floating(new Log1p(), x);
    }

    /// {@return the hyperbolic tangent}
    public static NDArray tanh(Number x) {
        return floating(new Tanh(), x);
    }

    /// {@return the sine}
    public static NDArray sin(Number x) {
        return floating(new Sin(), x);
    }

    /// {@return the cosine}
    public static NDArray cos(Number x) {
        return floating(new Cos(), x);
    }

    /// {@return the tangent}
    public static NDArray tan(Number x) {
        return floating(new Tan(), x);
    }

    /// {@return the arc tangent}
    public static NDArray arctan(Number x) {
        return floating(new Atan(), x);
    }

    /// {@return `1 / x`}
    public static NDArray reciprocal(Number x) {
        return divide(1, x);
    }

    /// {@return `a` where the condition holds, else `b`}
    ///
    /// @param condition truth values; broadcasts with `a` and `b`
    public static NDArray where(NDArray condition, Number a, Number b) {
        NDArray x = operand(a, b);
        NDArray y = operand(b, a);
        DType dtype = DType.promote(x.aval(), y.aval());
        Shape shape = Shape.broadcast(condition.shape(), x.shape(), y.shape());
        return Bind.apply(
                new Select(),
                broadcastTo(truth(condition), shape),
                broadcastTo(convert(x, y, dtype), shape),
                broadcastTo(convert(y, x, dtype), shape));
    }

    /// {@return `x` moved into `[low, high]`}
    public static NDArray clip(Number x, Number low, Number high) {
        return minimum(maximum(x, low), high);
    }

    /// {@return the array converted to another element type}
    public static NDArray astype(NDArray x, DType dtype) {
        return x.dtype() == dtype && !x.aval().weak() ? x : Bind.apply(new Cast(x.dtype(), dtype), x);
    }

    // ---- reductions; without axes they run over all

    /// {@return the sum; truth values are counted}
    public static NDArray sum(NDArray x, int... axes) {
        NDArray n = x.dtype() == DType.BOOL ? astype(x, DType.INT64) : x;
        Axes over = Axes.normalized(x.shape(), axes);
        return over.count() == 0 ? n : Bind.apply(new Sum(over), n);
    }

    /// {@return the arithmetic mean, floating}
    public static NDArray mean(NDArray x, int... axes) {
        Axes over = Axes.normalized(x.shape(), axes);
        return divide(sum(x, axes), x.size() / Math.max(1.0, x.shape().drop(over).size()));
    }

    /// {@return the variance about the mean: the sum of squares divided by `n − ddof`}
    ///
    /// @param ddof what is subtracted from the count: 0 for the population, 1 for an unbiased estimate
    public static NDArray var(NDArray x, int ddof, int... axes) {
        Axes over = Axes.normalized(x.shape(), axes);
        double n = x.size() / Math.max(1.0, x.shape().drop(over).size());
        NDArray centred = x.minus(mean(x, axes).reshape(x.shape().keep(over)));
        return divide(sum(square(centred), axes), n - ddof);
    }

    /// {@return the variance of all elements as a population: the mean of the squared distances from the mean}
    public static NDArray var(NDArray x) {
        return var(x, 0);
    }

    /// {@return the standard deviation, see [#var]}
    public static NDArray std(NDArray x, int ddof, int... axes) {
        return sqrt(var(x, ddof, axes));
    }

    /// {@return the standard deviation of all elements as a population, see [#var(NDArray)]}
    public static NDArray std(NDArray x) {
        return std(x, 0);
    }

    /// {@return the largest element; NaN if one is}
    public static NDArray max(NDArray x, int... axes) {
        return Bind.apply(new Extremum(Axes.normalized(x.shape(), axes), true), x);
    }

    /// {@return the smallest element; NaN if one is}
    public static NDArray min(NDArray x, int... axes) {
        return Bind.apply(new Extremum(Axes.normalized(x.shape(), axes), false), x);
    }

    /// {@return whether all hold; they do if there is none}
    public static NDArray all(NDArray x, int... axes) {
        return x.size() == 0 ? full(keptBy(x, axes), 1, DType.BOOL) : min(truth(x), axes);
    }

    /// {@return whether one holds; not if there is none}
    public static NDArray any(NDArray x, int... axes) {
        return x.size() == 0 ? full(keptBy(x, axes), 0, DType.BOOL) : max(truth(x), axes);
    }

    private static Shape keptBy(NDArray x, int... axes) {
        return x.shape().drop(Axes.normalized(x.shape(), axes));
    }

    /// {@return the index of the largest element along an axis, the first at a tie}
    public static NDArray argmax(NDArray x, int axis) {
        return Bind.apply(new ArgMax(x.shape().axis(axis)), x);
    }

    /// {@return the running sum along an axis; truth values are counted}
    public static NDArray cumsum(NDArray x, int axis) {
        NDArray n = x.dtype() == DType.BOOL ? astype(x, DType.INT64) : x;
        return Bind.apply(new CumSum(x.shape().axis(axis)), n);
    }

    /// {@return `log Σ e^x` without overflow; `−∞` with derivatives 0 where all elements are, or where there is none}
    public static NDArray logsumexp(NDArray x, int... axes) {
        Axes over = Axes.normalized(x.shape(), axes);
        if (x.size() == 0) {
            return log(sum(exp(x), axes));
        }
        NDArray top = max(x, axes).stopGradient();
        NDArray shift = where(isfinite(top), top, zerosLike(top));
        NDArray total = sum(exp(x.minus(shift.reshape(x.shape().keep(over)))), axes);
        // Where all are −∞ the derivative of the logarithm would be ∞ · 0.
        return log(where(total.gt(0), total, 1.0)).plus(top);
    }

    // ---- shapes

    /// {@return the array repeated along new and size-1 axes}
    ///
    /// @throws ShapeException if the shapes do not fit
    public static NDArray broadcastTo(NDArray x, Shape shape) {
        return x.shape().equals(shape) ? x : Bind.apply(new BroadcastTo(shape), x);
    }

    /// {@return the same elements under another shape}
    public static NDArray reshape(NDArray x, Shape shape) {
        return x.shape().equals(shape) ? x : Bind.apply(new Reshape(shape), x);
    }

    /// {@return the same elements under another shape; one size may be −1}
    public static NDArray reshape(NDArray x, int... dims) {
        int[] d = dims.clone();
        int open = -1;
        int known = 1;
        for (int a = 0; a < d.length; a++) {
            if (d[a] == -1 && open < 0) {
                open = a;
            } else {
                known *= d[a];
            }
        }
        if (open >= 0) {
            if (known <= 0 || x.size() % known != 0) {
                throw new ShapeException(new Diagnosis("reshape", "no size for the axis given as -1 fits")
                        .expected(x.size() + " elements, as in " + x.shape())
                        .got(Arrays.toString(dims))
                        .at(UserCode.line()));
            }
            d[open] = x.size() / known;
        }
        return reshape(x, Shape.of(d));
    }

    /// {@return the axes in the given order, reversed if none is given}
    public static NDArray transpose(NDArray x, int... permutation) {
        int n = x.rank();
        int[] p = new int[n];
        for (int a = 0; a < n; a++) {
            p[a] = permutation.length == 0 ? n - 1 - a : x.shape().axis(permutation[a]);
        }
        if (permutation.length != 0 && (permutation.length != n || Arrays.stream(p).distinct().count() != n)) {
            throw new ShapeException(new Diagnosis("transpose", "the order does not name every axis once")
                    .expected("a permutation of the " + n + " axes of shape " + x.shape())
                    .got(Arrays.toString(permutation))
                    .at(UserCode.line()));
        }
        boolean same = true;
        for (int a = 0; a < n; a++) {
            same &= p[a] == a;
        }
        return same ? x : Bind.apply(new Transpose(Axes.of(p)), x);
    }

    /// {@return the last two axes swapped}
    public static NDArray matrixTranspose(NDArray x) {
        return swapaxes(x, -1, -2);
    }

    /// {@return two axes swapped}
    public static NDArray swapaxes(NDArray x, int a, int b) {
        int[] p = new int[x.rank()];
        Arrays.setAll(p, i -> i);
        p[x.shape().axis(a)] = x.shape().axis(b);
        p[x.shape().axis(b)] = x.shape().axis(a);
        return transpose(x, p);
    }

    /// {@return one axis moved to another position, the others in their order}
    public static NDArray moveaxis(NDArray x, int from, int to) {
        int f = x.shape().axis(from);
        int t = x.shape().axis(to);
        int[] order = new int[x.rank()];
        for (int a = 0, next = 0; a < order.length; a++) {
            if (a == t) {
                order[a] = f;
            } else {
                next += next == f ? 1 : 0;
                order[a] = next++;
            }
        }
        return transpose(x, order);
    }

    /// {@return the array with a new axis of size 1}
    ///
    /// @param axis its position in the result, from `-rank - 1` to `rank`
    public static NDArray expandDims(NDArray x, int axis) {
        int a = axis < 0 ? axis + x.rank() + 1 : axis;
        if (a < 0 || a > x.rank()) {
            throw new ShapeException(new Diagnosis("expandDims", "there is no place " + axis + " for a new axis")
                    .expected("from " + (-x.rank() - 1) + " to " + x.rank())
                    .got("shape " + x.shape())
                    .at(UserCode.line()));
        }
        return reshape(x, x.shape().slice(0, a).then(Shape.of(1)).then(x.shape().slice(a, x.rank())));
    }

    /// {@return the array without the given axes of size 1, or without all of them}
    ///
    /// @throws ShapeException if a given axis has another size
    public static NDArray squeeze(NDArray x, int... axes) {
        for (int axis : axes) {
            if (x.size(axis) != 1) {
                throw new ShapeException(new Diagnosis("squeeze", "axis " + axis + " does not have size 1")
                        .got("shape " + x.shape())
                        .at(UserCode.line())
                        .fix("take one element of it with get, or reduce it."));
            }
        }
        int[] drop = axes.length > 0
                ? Arrays.stream(axes).map(x.shape()::axis).toArray()
                : java.util.stream.IntStream.range(0, x.rank()).filter(a -> x.size(a) == 1).toArray();
        return reshape(x, x.shape().drop(Axes.of(drop)));
    }

    /// {@return the arrays joined along an axis}
    public static NDArray concatenate(List<? extends NDArray> parts, int axis) {
        DType dtype = parts.stream()
                .map(NDArray::dtype)
                .reduce(DType::promote)
                .orElseThrow(() -> new ShapeException(new Diagnosis("concatenate", "there is no array to join").at(UserCode.line())));
        int a = parts.getFirst().shape().axis(axis);
        if (parts.size() > MOST_TRACED_PARTS && parts.stream().anyMatch(x -> !x.isKnown())) {
            List<NDArray> groups = new ArrayList<>();
            for (int from = 0; from < parts.size(); from += MOST_TRACED_PARTS) {
                List<? extends NDArray> group = parts.subList(from, Math.min(parts.size(), from + MOST_TRACED_PARTS));
                groups.add(astype(concatenate(group, a), dtype));
            }
            return concatenate(groups, a);
        }
        return parts.size() == 1
                ? parts.getFirst()
                : Bind.apply(new Concatenate(a), parts.stream().map(x -> astype(x, dtype)).toList());
    }

    /// One operation of a graph has so many operands at most, so that its code fits into a method that HotSpot compiles.
    private static final int MOST_TRACED_PARTS = 400;

    /// {@return the arrays, all of one shape, next to each other along a new axis}
    ///
    /// @throws ShapeException if the shapes differ
    public static NDArray stack(List<? extends NDArray> parts, int axis) {
        if (parts.stream().map(NDArray::shape).distinct().count() > 1) {
            throw new ShapeException(new Diagnosis("stack", "the arrays do not have one shape")
                    .got(parts.stream().map(x -> x.shape().toString()).collect(Collectors.joining(" and ")))
                    .at(UserCode.line()));
        }
        return concatenate(parts.stream().map(x -> expandDims(x, axis)).toList(), axis);
    }

    /// {@return the order of the elements reversed along the given axes, or along all}
    public static NDArray flip(NDArray x, int... axes) {
        return Bind.apply(new Flip(Axes.normalized(x.shape(), axes)), x);
    }

    /// {@return zeros put before and after each axis}
    ///
    /// @param widths for each axis two numbers, before and after; ≥ 0
    public static NDArray pad(NDArray x, int[][] widths) {
        if (widths.length != x.rank() || Arrays.stream(widths).anyMatch(w -> w.length != 2 || w[0] < 0 || w[1] < 0)) {
            throw new ShapeException(new Diagnosis("pad", "the widths do not fit the array")
                    .expected("two numbers, 0 or more, for each of the " + x.rank() + " axes of shape " + x.shape())
                    .got(Arrays.deepToString(widths))
                    .at(UserCode.line()));
        }
        int[] low = Arrays.stream(widths).mapToInt(w -> w[0]).toArray();
        int[] high = Arrays.stream(widths).mapToInt(w -> w[1]).toArray();
        return Bind.apply(new Pad(Axes.of(low), Axes.of(high), Axes.of(new int[low.length])), x);
    }

    /// {@return the elements at integer positions along an axis, see [Gather]; negative positions count from the end}
    ///
    /// @throws DomainException if a known position lies outside the axis
    public static NDArray take(NDArray x, NDArray positions, int axis) {
        return Indexer.take("take", x, positions, x.shape().axis(axis));
    }

    /// {@return the diagonals of square matrices}
    public static NDArray diagonal(NDArray x) {
        return Bind.apply(new Diagonal(), x);
    }

    /// {@return the matrices with the given diagonals}
    public static NDArray diag(NDArray x) {
        return Bind.apply(new DiagonalMatrix(), x);
    }

    /// {@return the matrices with zeros above the diagonal}
    public static NDArray tril(NDArray x) {
        int n = x.size(-2);
        int m = x.size(-1);
        NDArray keep = greaterEqual(arange(n).reshape(n, 1), arange(m));
        return where(keep, x, zerosLike(x));
    }

    // ---- linear algebra

    /// Matrix product with NumPy's rules: vectors are rows on the left and columns on the right, leading axes broadcast.
    ///
    /// @return shape `[…, m, n]`, without the axes that a vector does not have
    /// @throws ShapeException if the inner sizes differ
    public static NDArray matmul(NDArray a, NDArray b) {
        if (a.rank() == 0 || b.rank() == 0) {
            throw new ShapeException(new Diagnosis("matmul", "an operand is a scalar")
                    .got(a.shape() + " and " + b.shape())
                    .at(UserCode.line())
                    .fix("multiply by a scalar with times()."));
        }
        NDArray x = a.rank() == 1 ? expandDims(a, 0) : a;
        NDArray y = b.rank() == 1 ? expandDims(b, 1) : b;
        if (x.size(-1) != y.size(-2)) {
            throw new ShapeException(new Diagnosis("matmul", "the inner sizes of the two arrays differ")
                    .expected("[…, m, k] and […, k, n]; a vector is [k]")
                    .got(a.shape() + " and " + b.shape() + ": " + x.size(-1) + " and " + y.size(-2))
                    .at(UserCode.line()));
        }
        DType dtype = DType.promote(x.aval(), y.aval());
        Shape lead = leading("matmul", x, y);
        x = broadcastTo(convert(x, dtype), lead.then(x.shape().last(2)));
        y = broadcastTo(convert(y, dtype), lead.then(y.shape().last(2)));
        NDArray z = Bind.apply(new MatMul(), x, y);
        if (a.rank() == 1) {
            z = squeeze(z, -2);
        }
        return b.rank() == 1 ? squeeze(z, -1) : z;
    }

    /// The leading axes of two stacks of matrices, broadcast against each other.
    private static Shape leading(String who, NDArray a, NDArray b) {
        if (a.rank() < 2 || b.rank() < 2) {
            throw new ShapeException(new Diagnosis(who, "an operand is not a matrix")
                    .expected("two axes or more")
                    .got(a.shape() + " and " + b.shape())
                    .at(UserCode.line()));
        }
        Shape left = a.shape().dropLast(2);
        Shape right = b.shape().dropLast(2);
        if (!Shape.fit(left, right)) {
            throw new ShapeException(new Diagnosis(who, "the leading axes of the two stacks of matrices do not fit together")
                    .expected("sizes that are equal or 1, aligned at the last of them")
                    .got(a.shape() + " and " + b.shape() + ": " + left + " and " + right)
                    .at(UserCode.line()));
        }
        return Shape.broadcast(left, right);
    }

    /// {@return NumPy's `dot`: the sum of products over the last axis of `a` and the last but one of `b`}
    public static NDArray dot(NDArray a, NDArray b) {
        return a.rank() == 0 || b.rank() == 0 ? multiply(a, b) : matmul(a, b);
    }

    /// {@return the products of every element of `a` with every element of `b`}
    public static NDArray outer(NDArray a, NDArray b) {
        return multiply(a.reshape(-1, 1), b.reshape(1, -1));
    }

    /// {@return the lower Cholesky factor, see [Linalg#cholesky]}
    ///
    /// @throws DomainException if a known matrix is not positive definite; while a function is traced the factor is NaN instead
    public static NDArray cholesky(NDArray a) {
        return Linalg.cholesky(a);
    }

    /// Solves `L X = B`, or `Lᵀ X = B`, for lower triangular `L`.
    ///
    /// @param l          `[…, n, n]`
    /// @param b          `[…, n, k]`; leading axes broadcast with those of `l`
    /// @param transposed whether `Lᵀ` stands on the left
    /// @return `X`, `[…, n, k]`
    public static NDArray solveTriangular(NDArray l, NDArray b, boolean transposed) {
        DType dtype = DType.promote(l.aval(), b.aval());
        Shape lead = leading("solveTriangular", l, b);
        return Bind.apply(
                new TriangularSolve(transposed),
                broadcastTo(convert(l, dtype), lead.then(l.shape().last(2))),
                broadcastTo(convert(b, dtype), lead.then(b.shape().last(2))));
    }
}
