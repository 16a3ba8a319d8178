package kiln.dist.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;
import kiln.func.Pytree;

/// A flat vector taken apart into a structure of arrays: the same numbers in other places.
///
/// ```
/// log |det| = 0
/// ```
///
/// It has the methods of a [Transform], but is none: its image is a structure and not one array.
///
/// @param unpack the structure made of a vector
/// @param pack   the vector of a structure, the inverse of `unpack`
/// @param <T>    the structure, see [Pytree]
public record UnpackTransform<T>(Function<NDArray, T> unpack, Function<T, NDArray> pack) {
    /// {@return the transform onto structures like `prototype`: its arrays one after the other, each in row order}
    public static <T> UnpackTransform<T> like(T prototype) {
        List<Shape> shapes = Pytree.leaves(prototype).stream().map(NDArray::shape).toList();
        return new UnpackTransform<>(
                x -> {
                    List<NDArray> leaves = new ArrayList<>();
                    int from = 0;
                    for (Shape shape : shapes) {
                        leaves.add(x.get(Index.slice(from, from + shape.size())).reshape(shape));
                        from += shape.size();
                    }
                    return Pytree.withLeaves(prototype, leaves);
                },
                tree -> Np.concatenate(Pytree.leaves(tree).stream().map(Np::ravel).toList(), 0));
    }

    /// {@return the structure of a vector}
    public T call(NDArray x) {
        return unpack.apply(x);
    }

    /// {@return the vector of a structure}
    public NDArray inverse(T y) {
        return pack.apply(y);
    }

    /// {@return 0}
    public NDArray logAbsDetJacobian(NDArray x, T y) {
        return Np.full(x.shape().dropLast(1), 0);
    }

    /// {@return the set on which the transform is defined: real vectors}
    public Constraint domain() {
        return Constraints.realVector;
    }
}
