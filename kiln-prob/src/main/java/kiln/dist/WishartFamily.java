package kiln.dist;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;

/// A Wishart distribution, its inverse, or the Cholesky factors of either.
public sealed interface WishartFamily extends Distribution
        permits Wishart, WishartCholesky, InverseWishart, InverseWishartCholesky {
    /// {@return the degrees of freedom}
    NDArray concentration();

    /// {@return the Cholesky factor of the scale matrix}
    NDArray scaleTril();

    /// {@return the scale matrix}
    default NDArray scaleMatrix() {
        return scaleTril().matmul(Np.matrixTranspose(scaleTril()));
    }

    @Override
    default boolean hasRsample() {
        return true;
    }

    @Override
    default Shape batchShape() {
        return Shape.broadcast(concentration().shape(), scaleTril().shape().dropLast(2));
    }

    @Override
    default Shape eventShape() {
        return scaleTril().shape().last(2);
    }
}
