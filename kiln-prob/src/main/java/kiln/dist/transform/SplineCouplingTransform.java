package kiln.dist.transform;

import java.util.List;
import java.util.Map;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;
import kiln.nn.Layer;

/// A coupling of the coordinates of a vector: the first ones stay, the others go through splines that depend on the first.
///
/// ```
/// y = (a, spline(b; network(a))),   x = (a, b)
/// log |det| = Σ log spline′(bᵢ)
/// ```
///
/// Forward and back cost one pass of the network. Compose several with a [PermuteTransform] between them, so that every coordinate moves.
///
/// Source: Durkan, Bekasov, Murray and Papamakarios, *Neural spline flows* (2019), sec. 3; Dinh, Krueger and Bengio (2014).
///
/// @param network    from `[…, split]` to `[…, (n − split) (3 bins − 1)]`: for each coordinate the free numbers of widths, heights and
///                   inner slopes of its [SplineTransform]
/// @param params     the weights of the network
/// @param split      how many coordinates stay, > 0
/// @param bins       bins of each spline, > 1
/// @param bound      the splines act on [−bound, bound]
public record SplineCouplingTransform(Layer network, Map<String, NDArray> params, int split, int bins, double bound)
        implements Transform {
    /// Splines of eight bins on [−3, 3].
    public SplineCouplingTransform(Layer network, Map<String, NDArray> params, int split) {
        this(network, params, split, 8, 3);
    }

    /// {@return how many numbers the network returns for vectors of length `n`}
    public static int outputs(int n, int split, int bins) {
        return (n - split) * (3 * bins - 1);
    }

    @Override
    public NDArray call(NDArray x) {
        return joined(x, spline(x).call(moved(x)));
    }

    @Override
    public NDArray inverse(NDArray y) {
        return joined(y, spline(y).inverse(moved(y)));
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return spline(x).logAbsDetJacobian(moved(x), moved(y)).sum(-1);
    }

    private NDArray kept(NDArray x) {
        return x.get(Index.DOTS, Index.slice(0, split));
    }

    private NDArray moved(NDArray x) {
        return x.get(Index.DOTS, Index.slice(split, x.size(-1)));
    }

    private NDArray joined(NDArray x, NDArray image) {
        return Np.concatenate(List.of(kept(x), image), -1);
    }

    private SplineTransform spline(NDArray x) {
        Shape each = x.shape().dropLast(1).then(Shape.of(x.size(-1) - split, 3 * bins - 1));
        NDArray free = network.apply(params, kept(x)).reshape(each);
        return new SplineTransform(
                free.get(Index.DOTS, Index.slice(0, bins)),
                free.get(Index.DOTS, Index.slice(bins, 2 * bins)),
                free.get(Index.DOTS, Index.slice(2 * bins, 3 * bins - 1)),
                bound);
    }

    @Override
    public Constraint domain() {
        return Constraints.realVector;
    }

    @Override
    public Constraint codomain() {
        return Constraints.realVector;
    }
}
