package kiln.dist.transform;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// The orthonormal discrete cosine transform (type II) along an axis, with the frequencies weighted.
///
/// ```
/// yₖ = wₖ √(2/n) Σⱼ xⱼ cos(π (2j + 1) k / 2n), the factor √(1/n) for k = 0;  w ∝ (k + ½)^smooth with product 1        log |det| = 0
/// ```
///
/// Numerics: by the matrix of the transform, in O(n²).
///
/// @param dim    the axis, counted from the end: −1 is the last
/// @param smooth exponent of the weights; 0 for none
public record DiscreteCosineTransform(int dim, double smooth) implements Transform {
    @Override
    public NDArray call(NDArray x) {
        return along(x, weighted(x.size(dim)));
    }

    @Override
    public NDArray inverse(NDArray y) {
        return along(y, inverted(y.size(dim)));
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return Np.full(x.shape().dropLast(-dim), 0);
    }

    @Override
    public Constraint domain() {
        return Constraints.independent(Constraints.real, -dim);
    }

    @Override
    public Constraint codomain() {
        return Constraints.independent(Constraints.real, -dim);
    }

    /// Multiplies a matrix with every vector along the axis.
    private NDArray along(NDArray x, NDArray matrix) {
        return Np.moveaxis(Np.moveaxis(x, dim, -1).matmul(Np.matrixTranspose(matrix)), -1, dim);
    }

    private static NDArray matrix(int n) {
        double[] cosines = new double[n * n];
        NDArray angle = Np.outer(Np.arange(n), Np.arange(n).times(2).plus(1)).rem(4 * n).times(Math.PI / (2 * n));
        double[] c = Np.cos(angle).toDoubleArray();
        for (int i = 0; i < cosines.length; i++) {
            cosines[i] = c[i] * Math.sqrt((i < n ? 1.0 : 2.0) / n);
        }
        return NDArray.of(Shape.of(n, n), cosines);
    }

    private NDArray weights(int n) {
        NDArray logs = Np.log(Np.arange(n).plus(0.5)).times(smooth);
        return Np.exp(logs.minus(logs.mean()));
    }

    private NDArray weighted(int n) {
        return matrix(n).times(Np.expandDims(weights(n), -1));
    }

    private NDArray inverted(int n) {
        return Np.matrixTranspose(matrix(n).div(Np.expandDims(weights(n), -1)));
    }
}
