package kiln.dist.transform;

import java.util.ArrayList;
import java.util.List;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// `yₜ = A yₜ₋₁ + xₜ`, from real matrices, one row for every step, onto real matrices.
///
/// ```
/// log |det| = 0
/// ```
///
/// @param transitionMatrix A, `[d, d]`
/// @param initialValue     y₀, `[d]`, not part of the image
public record RecursiveLinearTransform(NDArray transitionMatrix, NDArray initialValue) implements Transform {
    /// Starts at 0.
    public RecursiveLinearTransform(NDArray transitionMatrix) {
        this(transitionMatrix, Np.full(transitionMatrix.shape().last(1), 0));
    }

    @Override
    public NDArray call(NDArray x) {
        NDArray y = Np.expandDims(initialValue, -2);
        List<NDArray> rows = new ArrayList<>();
        for (int t = 0; t < x.size(-2); t++) {
            y = step(y).plus(x.get(Index.DOTS, Index.slice(t, t + 1), Index.ALL));
            rows.add(y);
        }
        return Np.concatenate(rows, -2);
    }

    @Override
    public NDArray inverse(NDArray y) {
        Shape one = y.shape().dropLast(2).then(Shape.of(1, y.size(-1)));
        NDArray start = Np.broadcastTo(initialValue, one);
        NDArray before = y.get(Index.DOTS, Index.slice(null, -1), Index.ALL);
        return y.minus(step(y.size(-2) == 1 ? start : Np.concatenate(List.of(start, before), -2)));
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return Np.full(x.shape().dropLast(2), 0);
    }

    @Override
    public Constraint domain() {
        return Constraints.realMatrix;
    }

    @Override
    public Constraint codomain() {
        return Constraints.realMatrix;
    }

    /// `A y` for every row.
    private NDArray step(NDArray rows) {
        return rows.matmul(Np.matrixTranspose(transitionMatrix));
    }
}
