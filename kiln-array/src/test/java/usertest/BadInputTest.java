package usertest;

import static kiln.array.Index.ALL;
import static kiln.array.Index.at;
import static kiln.array.Index.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.classfile.Annotation;
import java.lang.constant.ClassDesc;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Supplier;
import kiln.array.DType;
import kiln.array.DomainException;
import kiln.array.Linalg;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.TracedValueException;
import kiln.func.Functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What Kiln says to bad input: the whole text, with the user's line.
class BadInputTest {
    record Params(Double scale) {}

    record Case(Class<? extends Exception> type, Supplier<?> code, String message) {}

    /// Shapes that do not fit, axes that do not exist.
    static List<Case> shapes() {
        return List.of(
                new Case(ShapeException.class, () -> Np.zeros(3).plus(Np.zeros(4)), """
                        broadcasting: the shapes do not fit together.
                          Expected: sizes that are equal or 1, aligned at the last axis
                          Got:      [3] and [4]: 3 and 4 at axis -1
                          At:       BadInputTest.java:LINE
                          Fix:      add an axis of size 1 with expandDims, or reshape one of them."""),
                new Case(ShapeException.class, () -> Np.zeros(2, 3).times(Np.zeros(2)), """
                        broadcasting: the shapes do not fit together.
                          Expected: sizes that are equal or 1, aligned at the last axis
                          Got:      [2, 3] and [2]: 3 and 2 at axis -1
                          At:       BadInputTest.java:LINE
                          Fix:      add an axis of size 1 with expandDims, or reshape one of them."""),
                new Case(ShapeException.class, () -> Np.where(NDArray.of(true, false), Np.zeros(3), Np.zeros(2)), """
                        broadcasting: the shapes do not fit together.
                          Expected: sizes that are equal or 1, aligned at the last axis
                          Got:      [2] and [3] and [2]: 2 and 3 at axis -1
                          At:       BadInputTest.java:LINE
                          Fix:      add an axis of size 1 with expandDims, or reshape one of them."""),
                new Case(ShapeException.class, () -> Np.matmul(Np.zeros(2, 3), Np.zeros(2, 3)), """
                        matmul: the inner sizes of the two arrays differ.
                          Expected: […, m, k] and […, k, n]; a vector is [k]
                          Got:      [2, 3] and [2, 3]: 3 and 2
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.matmul(Np.zeros(3), Np.zeros(4)), """
                        matmul: the inner sizes of the two arrays differ.
                          Expected: […, m, k] and […, k, n]; a vector is [k]
                          Got:      [3] and [4]: 3 and 4
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.matmul(Np.zeros(2, 3, 4), Np.zeros(5, 4, 3)), """
                        matmul: the leading axes of the two stacks of matrices do not fit together.
                          Expected: sizes that are equal or 1, aligned at the last of them
                          Got:      [2, 3, 4] and [5, 4, 3]: [2] and [5]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.matmul(Np.scalar(2.0), Np.zeros(3)), """
                        matmul: an operand is a scalar.
                          Got:      [] and [3]
                          At:       BadInputTest.java:LINE
                          Fix:      multiply by a scalar with times()."""),
                new Case(ShapeException.class, () -> Np.zeros(2, 3).sum(2), """
                        axis 2: there is no such axis.
                          Expected: an axis from -2 to 1
                          Got:      shape [2, 3]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.scalar(2.0).sum(-1), """
                        axis -1: there is no such axis.
                          Expected: an array with axes, not a single number
                          Got:      shape []
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.argmax(Np.zeros(2), -2), """
                        axis -2: there is no such axis.
                          Expected: an axis from -1 to 0
                          Got:      shape [2]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Functions.vmap((NDArray x) -> x, 3, 0).apply(Np.zeros(2, 2)), """
                        axis 3: there is no such axis.
                          Expected: an axis from -2 to 1
                          Got:      shape [2, 2]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Functions.jit((NDArray x) -> x.plus(Np.zeros(4))).apply(Np.zeros(3)), """
                        broadcasting: the shapes do not fit together.
                          Expected: sizes that are equal or 1, aligned at the last axis
                          Got:      [3] and [4]: 3 and 4 at axis -1
                          At:       BadInputTest.java:LINE
                          Fix:      add an axis of size 1 with expandDims, or reshape one of them."""),
                new Case(ShapeException.class, () -> Np.zeros(2, 3).expandDims(4), """
                        expandDims: there is no place 4 for a new axis.
                          Expected: from -3 to 2
                          Got:      shape [2, 3]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.zeros(2, 3).squeeze(0), """
                        squeeze: axis 0 does not have size 1.
                          Got:      shape [2, 3]
                          At:       BadInputTest.java:LINE
                          Fix:      take one element of it with get, or reduce it."""),
                new Case(ShapeException.class, () -> Np.zeros(6).reshape(4, -1), """
                        reshape: no size for the axis given as -1 fits.
                          Expected: 6 elements, as in [6]
                          Got:      [4, -1]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.zeros(6).reshape(4), """
                        reshape: the number of elements changes.
                          Expected: 6 elements, as in [6]
                          Got:      [4] with 4 elements
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.zeros(2, 3).reshape(-2, 3), """
                        Shape: an axis cannot have size -2.
                          Got:      [-2, 3]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.zeros(2, 3).transpose(0, 0), """
                        transpose: the order does not name every axis once.
                          Expected: a permutation of the 2 axes of shape [2, 3]
                          Got:      [0, 0]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.broadcastTo(Np.zeros(3), Shape.of(2, 4)), """
                        broadcastTo: the array does not broadcast to that shape.
                          Expected: [2, 4]: sizes equal or 1, aligned at the last axis
                          Got:      [3]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.concatenate(List.of(Np.zeros(2, 3), Np.zeros(2, 4)), 0), """
                        concatenate: the arrays do not fit together along axis 0.
                          Expected: equal shapes but for axis 0
                          Got:      [2, 3] and [2, 4]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.concatenate(List.of(Np.zeros(2, 3), Np.zeros(3)), 0), """
                        concatenate: the arrays do not fit together along axis 0.
                          Expected: equal shapes but for axis 0
                          Got:      [2, 3] and [3]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.concatenate(List.of(), 0), """
                        concatenate: there is no array to join.
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.stack(List.of(Np.zeros(2), Np.zeros(3)), 0), """
                        stack: the arrays do not have one shape.
                          Got:      [2] and [3]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.cholesky(Np.zeros(2, 3)), """
                        cholesky: the array does not hold square matrices.
                          Expected: […, n, n]
                          Got:      [2, 3]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.solveTriangular(Np.zeros(2, 2), Np.zeros(3, 1), false), """
                        solveTriangular: the matrix and the right-hand side do not fit.
                          Expected: […, n, n] and […, n, k]
                          Got:      [2, 2] and [3, 1]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.diagonal(Np.zeros(2, 3)), """
                        diagonal: the array does not hold square matrices.
                          Expected: […, n, n]
                          Got:      [2, 3]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> NDArray.of(Shape.of(2, 2), 1, 2, 3), """
                        NDArray.of: the number of elements does not fit the shape.
                          Expected: 4 elements for shape [2, 2]
                          Got:      3 elements
                          At:       BadInputTest.java:LINE"""),
                new Case(DomainException.class, () -> Np.nanquantile(Np.zeros(2), 1.5), """
                        nanquantile: a probability lies outside its range.
                          Expected: from 0 to 1; nanpercentile takes 0 to 100
                          Got:      1.5
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> NDArray.of(new double[][] {{1}, {1, 2}}), """
                        NDArray.of: the rows of a matrix differ in length.
                          Expected: 1 elements, as in row 0
                          Got:      2 elements in row 1
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.pad(Np.zeros(2), new int[][] {{1, 2}, {3, 4}}), """
                        pad: the widths do not fit the array.
                          Expected: two numbers, 0 or more, for each of the 1 axes of shape [2]
                          Got:      [[1, 2], [3, 4]]
                          At:       BadInputTest.java:LINE"""));
    }

    /// Positions outside an array, and indices of the wrong kind.
    static List<Case> indexing() {
        return List.of(
                new Case(ShapeException.class, () -> Np.zeros(2, 3).get(2), """
                        get: the index lies outside the array.
                          Expected: from -2 to 1 for axis 0 of shape [2, 3]
                          Got:      2
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.zeros(2, 3).get(ALL, at(-4)), """
                        get: the index lies outside the array.
                          Expected: from -3 to 2 for axis 1 of shape [2, 3]
                          Got:      -4
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.zeros(2).get(0, 0), """
                        get: there are more indices than axes.
                          Expected: at most 1 indices for shape [2]
                          Got:      2 indices
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.zeros(2).get(slice(0, 1, 0)), """
                        get: the step of a slice cannot be 0.
                          Expected: a positive step, or a negative one to run backwards
                          Got:      slice(0, 1, 0)
                          At:       BadInputTest.java:LINE"""),
                new Case(DomainException.class, () -> Np.take(Np.zeros(5), NDArray.of(0, 7), 0), """
                        take: a position lies outside the axis.
                          Expected: integers from -5 to 4 for axis 0 of shape [5]
                          Got:      positions[1] = 7
                          At:       BadInputTest.java:LINE"""),
                new Case(DomainException.class, () -> Np.take(Np.zeros(5), NDArray.of(0.5), 0), """
                        take: positions have to be integers.
                          Expected: integers from -5 to 4 for axis 0 of shape [5]
                          Got:      float64[1]
                          At:       BadInputTest.java:LINE
                          Fix:      convert them with astype(INT64)."""),
                new Case(DomainException.class, () -> Np.zeros(5).get(at(NDArray.of(true, false, true, true, false))), """
                        get: positions have to be integers.
                          Expected: integers from -5 to 4 for axis 0 of shape [5]
                          Got:      bool[5]
                          At:       BadInputTest.java:LINE
                          Fix:      choose by truth values with where(condition, a, b)."""),
                new Case(DomainException.class, () -> Np.zeros(5).get(NDArray.of(0, 7)), """
                        get: a position lies outside the axis.
                          Expected: integers from -5 to 4 for axis 0 of shape [5]
                          Got:      positions[1] = 7
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.zeros(5).at(7).set(1), """
                        at: the index lies outside the array.
                          Expected: from -5 to 4 for axis 0 of shape [5]
                          Got:      7
                          At:       BadInputTest.java:LINE"""),
                new Case(DomainException.class, () -> Np.zeros(5).at(NDArray.of(1, 9)).add(1), """
                        at: a position lies outside the axis.
                          Expected: integers from -5 to 4 for axis 0 of shape [5]
                          Got:      positions[1] = 9
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.zeros(5).at(slice(0, 2)).set(Np.zeros(3)), """
                        at: the values do not have the shape of the part.
                          Expected: [2], or what broadcasts to it
                          Got:      [3]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.zeros(3).at(NDArray.of(true, false)).set(1), """
                        at: the mask does not have the shape of the leading axes.
                          Expected: the first axes of [3]
                          Got:      mask of shape [2]
                          At:       BadInputTest.java:LINE"""),
                new Case(DomainException.class, () -> Np.takeAlongAxis(Np.zeros(1, 3), Np.array(new long[][] {{0, 5}}), 1), """
                        takeAlongAxis: a position lies outside the axis.
                          Expected: integers from -3 to 2 for axis 1 of shape [1, 3]
                          Got:      positions[1] = 5
                          At:       BadInputTest.java:LINE"""),
                new Case(DomainException.class, () -> Np.takeAlongAxis(Np.zeros(2, 3), Np.zeros(1, 2), 1), """
                        takeAlongAxis: positions have to be integers.
                          Expected: integers from -3 to 2 for axis 1 of shape [2, 3]
                          Got:      float64[1, 2]
                          At:       BadInputTest.java:LINE
                          Fix:      convert them with astype(INT64)."""),
                new Case(ShapeException.class, () -> Np.zeros(2).item(), """
                        item(): the array does not have exactly one element.
                          Got:      shape [2]
                          At:       BadInputTest.java:LINE
                          Fix:      pick one with get(i), or reduce with sum() or mean()."""));
    }

    /// Values that an operation has no meaning for.
    static List<Case> values() {
        return List.of(
                new Case(ShapeException.class, () -> Np.zeros(0).max(), """
                        max: there is no element to choose from.
                          Expected: axes [0] of size 1 or more
                          Got:      shape [0]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Np.argmax(Np.zeros(2, 0), 1), """
                        argmax: there is no element to choose from.
                          Expected: axes [1] of size 1 or more
                          Got:      shape [2, 0]
                          At:       BadInputTest.java:LINE"""),
                new Case(DomainException.class, () -> NDArray.of(true).minus(NDArray.of(false)), """
                        subtract: truth values are not numbers.
                          Expected: integers or floating numbers
                          Got:      bool[1] and bool[1]
                          At:       BadInputTest.java:LINE
                          Fix:      combine them with notEqual(a, b), or count with astype(INT64)."""),
                new Case(DomainException.class, () -> NDArray.of(true).unaryMinus(), """
                        negative: truth values are not numbers.
                          Expected: integers or floating numbers
                          Got:      bool[1]
                          At:       BadInputTest.java:LINE
                          Fix:      negate them with logicalNot(x), or count with astype(INT64)."""),
                new Case(DomainException.class, () -> Np.cholesky(Np.array(new double[][] {{1, 2}, {2, 1}})), """
                        cholesky: a matrix is not positive definite.
                          Expected: symmetric matrices with positive pivots
                          Got:      pivot 1 of 2 is -3.0, shape [2, 2]
                          At:       BadInputTest.java:LINE
                          Fix:      add a small multiple of the identity: a.plus(eye(2).times(1e-6))."""),
                new Case(DomainException.class, () -> Linalg.solve(Np.zeros(2, 2), Np.ones(2)), """
                        solve: a matrix is singular.
                          Expected: matrices of full rank
                          Got:      pivot 0 of 2 is 0.0, shape [2, 2]
                          At:       BadInputTest.java:LINE
                          Fix:      use pinv(a) or lstsq(a, b), or add a small multiple of the identity."""),
                new Case(IllegalArgumentException.class, () -> NDArray.as(new BigDecimal(1)), """
                        NDArray.as: a BigDecimal is not a number Kiln computes with.
                          At:       BadInputTest.java:LINE
                          Fix:      pass value.doubleValue()."""),
                new Case(IllegalArgumentException.class, () -> DType.withDefault(DType.INT32, () -> 1), """
                        DType.withDefault: the default floating type cannot be int32."""));
    }

    private static NDArray manyPaths() {
        var f = Functions.jit((NDArray x) -> x.times(Np.floor(x).item()));
        NDArray last = Np.scalar(0.0);
        for (int i = 0; i < 1000; i++) {
            last = f.apply(Np.scalar(i + 0.5));
        }
        return last;
    }

    /// Transforms of functions that they cannot transform, and values that are not known.
    static List<Case> transforms() {
        return List.of(
                new Case(TracedValueException.class, () -> Functions.jit((NDArray x) -> { NDArray y = Np.exp(x); return y.item() > 0 ? y : x; }).apply(Np.scalar(1.0)), """
                        reading a traced value: it is continuous, and jit can follow a branch only on a condition.
                          Got:      traced float64[] made by exp, BadInputTest.java:LINE
                          At:       BadInputTest.java:LINE
                          Fix:      branch on the condition, if (x.gt(0).isTrue()), or choose both ways with where(condition, a, b)."""),
                new Case(TracedValueException.class, BadInputTest::manyPaths, """
                        branching: the function that jit compiles takes too many paths.
                          Expected: at most 128, one for each combination of the values that it branches on
                          Got:      traced float64[] made by round, BadInputTest.java:LINE
                          At:       BadInputTest.java:LINE
                          Fix:      choose both ways with where(condition, a, b), which needs one path only, or observe what is branched on."""),
                new Case(TracedValueException.class, () -> Functions.jit((NDArray x) -> Np.unique(x)).apply(Np.zeros(2)), """
                        unique: how many elements are different is not known while the function is traced.
                          Got:      traced float64[2], argument 0 of the traced function
                          At:       BadInputTest.java:LINE
                          Fix:      find the values before, and use searchsorted(values, x) or segmentSum inside."""),
                new Case(TracedValueException.class, () -> Functions.grad((NDArray x) -> x.times(x.item())).apply(Np.scalar(1.0)), """
                        reading a traced value: it is continuous, and grad can follow a branch only on a condition.
                          Got:      traced float64[], argument 0 of the traced function
                          At:       BadInputTest.java:LINE
                          Fix:      branch on the condition, if (x.gt(0).isTrue()), or choose both ways with where(condition, a, b)."""),
                new Case(TracedValueException.class, () -> Functions.vmap((NDArray x) -> x.gt(0).isTrue() ? x : x.times(2)).apply(Np.zeros(3)), """
                        reading a traced value: its numbers are not known while vmap traces the function.
                          Got:      traced bool[] made by gt, BadInputTest.java:LINE
                          At:       BadInputTest.java:LINE
                          Fix:      choose both ways with where(condition, a, b), or run the function without vmap."""),
                new Case(TracedValueException.class, () -> Functions.vmap((NDArray x) -> Np.scalar(x.toDoubleArray()[0])).apply(Np.zeros(3)), """
                        reading a traced value: its numbers are not known while vmap traces the function.
                          Got:      traced float64[], argument 0 of the traced function
                          At:       BadInputTest.java:LINE
                          Fix:      choose both ways with where(condition, a, b), or run the function without vmap."""),
                new Case(ShapeException.class, () -> Functions.vmap((NDArray a, NDArray b) -> a.plus(b)).apply(Np.zeros(3), Np.zeros(4)), """
                        vmap: the arguments cannot be mapped together.
                          Expected: a leading axis of length 3 in every mapped array
                          Got:      array 1 of shape [4]
                          At:       BadInputTest.java:LINE
                          Fix:      give every mapped array the same leading axis, or share the others."""),
                new Case(ShapeException.class, () -> Functions.vmap((NDArray a) -> a).apply(Np.scalar(1.0)), """
                        vmap: the arguments cannot be mapped together.
                          Expected: a leading axis in every mapped array
                          Got:      array 0 of shape []
                          At:       BadInputTest.java:LINE
                          Fix:      give every mapped array the same leading axis, or share the others."""),
                new Case(ShapeException.class, () -> Functions.vmap((NDArray a, NDArray b) -> a.plus(b), false, false).apply(Np.zeros(3), Np.zeros(3)), """
                        vmap: there is no array to map over.
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Functions.grad((NDArray x) -> x.times(2)).apply(Np.zeros(3)), """
                        grad: the function is not a floating scalar.
                          Expected: a scalar, float64[] or float32[]
                          Got:      float64[3]
                          At:       BadInputTest.java:LINE
                          Fix:      reduce the result with sum() or mean()."""),
                new Case(DomainException.class, () -> Functions.grad((NDArray x) -> x.sum()).apply(Np.arange(3)), """
                        grad: an argument is not floating, so there is no derivative by it.
                          Got:      argument 0: int64[3]
                          At:       BadInputTest.java:LINE
                          Fix:      pass it as float64, or name the arguments to differentiate by."""),
                new Case(ShapeException.class, () -> Functions.grad((NDArray x) -> x.gt(0).sum()).apply(Np.scalar(1.0)), """
                        grad: the function is not a floating scalar.
                          Expected: a scalar, float64[] or float32[]
                          Got:      int64[]
                          At:       BadInputTest.java:LINE
                          Fix:      compute a floating number: counts and truth values have no derivative."""),
                new Case(DomainException.class, () -> Functions.jacobian((NDArray x) -> x.times(2)).apply(Np.arange(3)), """
                        jacobian: an argument or the result is not floating, so there is no derivative.
                          Got:      [int64[3]] → int64[3]
                          At:       BadInputTest.java:LINE
                          Fix:      pass it as float64, or capture what is not to be differentiated by."""),
                new Case(IllegalArgumentException.class, () -> Functions.grad((NDArray x, NDArray y) -> x.times(y), 2).apply(Np.ones(), Np.ones()), """
                        grad: these are no positions of arguments to differentiate by.
                          Expected: different numbers from 0 to 1
                          Got:      [2]
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Functions.jvp((List<NDArray> x) -> x.get(0), List.of(Np.zeros(2)), List.of()), """
                        jvp: the direction does not have the structure of the argument.
                          Expected: 1 arrays
                          Got:      0 arrays
                          At:       BadInputTest.java:LINE"""),
                new Case(ShapeException.class, () -> Functions.jvp((NDArray x) -> x, Np.zeros(2), Np.zeros(3)), """
                        jvp: the direction does not have the shape of the argument.
                          Expected: [2] in array 0
                          Got:      [3]
                          At:       BadInputTest.java:LINE"""),
                new Case(IllegalArgumentException.class, () -> Functions.jit((NDArray x) -> x.plus(1), 0), """
                        jit: a call needs a thread.
                          Expected: a number of threads ≥ 1
                          Got:      0
                          At:       BadInputTest.java:LINE"""),
                new Case(IllegalArgumentException.class, () -> Functions.grad((Annotation a) -> Np.scalar(1.0)).apply(Annotation.of(ClassDesc.of("A"))), """
                        jdk.internal.classfile.impl.AnnotationImpl: Kiln cannot reach the components of this record.
                          At:       BadInputTest.java:LINE
                          Fix:      make the record public in an exported package, or open its package to kiln.array in module-info.java."""),
                new Case(IllegalArgumentException.class, () -> Functions.grad((Params q) -> Np.asNDArray(q.scale())).apply(new Params(2.0)), """
                        usertest.BadInputTest$Params: its component scale cannot hold an array.
                          Expected: Number or NDArray, or a primitive type for a setting that no transform touches
                          Got:      Double scale
                          At:       BadInputTest.java:LINE
                          Fix:      declare it as Number scale."""),
                new Case(DomainException.class, () -> Functions.jit((NDArray x) -> Np.take(Np.zeros(3), x, 0)).apply(NDArray.of(1L, 5)), """
                        take: a position lies outside the axis.
                          Expected: integers from -3 to 2
                          Got:      positions[1] = 5
                          At:       BadInputTest.java:LINE"""),
                new Case(TracedValueException.class, () -> leaked().plus(1), """
                        using a traced value: the function that jit traced has returned.
                          Got:      traced float64[2], argument 0 of the traced function
                          At:       BadInputTest.java:LINE
                          Fix:      return the value from the function instead of storing it."""),
                new Case(TracedValueException.class, () -> Functions.jit((NDArray x) -> x.plus(leaked())).apply(Np.zeros(2)), """
                        using a traced value: the function that jit traced has returned.
                          Got:      traced float64[2], argument 0 of the traced function
                          At:       BadInputTest.java:LINE
                          Fix:      return the value from the function instead of storing it."""));
    }

    /// A traced value that is stored instead of returned.
    private static NDArray leaked() {
        NDArray[] leak = {Np.zeros(2)};
        Functions.<NDArray, NDArray>jit(x -> {
                    leak[0] = x;
                    return x;
                })
                .apply(Np.zeros(2))
                .known();
        return leak[0];
    }

    @ParameterizedTest
    @MethodSource({"shapes", "indexing", "values", "transforms"})
    void says(Case c) {
        assertThatThrownBy(c.code()::get)
                .isInstanceOf(c.type())
                .satisfies(e -> assertThat(String.valueOf(e.getMessage()).replaceAll("BadInputTest\\.java:\\d+", "BadInputTest.java:LINE"))
                        .isEqualTo(c.message()));
    }

    @Test
    void namesTheLine() {
        int here = StackWalker.getInstance().walk(s -> s.findFirst().orElseThrow().getLineNumber());
        assertThatThrownBy(() -> Np.zeros(3).plus(Np.zeros(4))).hasMessageContaining("At:       BadInputTest.java:" + (here + 1));
    }

    /// A traced value prints its type and where it came from; reading its numbers is what fails.
    @Test
    void tracedValuesPrintTheirOrigin() {
        StringBuilder text = new StringBuilder();
        NDArray out = Functions.<NDArray, NDArray>jit(x -> {
                    text.append(x.times(2)).append('\n').append(x);
                    return x;
                })
                .apply(Np.zeros(2));
        assertThat(out.toString()).isEqualTo("[0. 0.]");
        assertThat(text.toString().replaceAll(":\\d+", ":LINE"))
                .isEqualTo("""
                        traced float64[2] made by mul, BadInputTest.java:LINE
                        traced float64[2], argument 0 of the traced function""");
    }
}
