package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import kiln.array.Index;
import kiln.array.Linalg;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.infer.Information;
import kiln.infer.OrthogonalMap;
import kiln.infer.PosteriorDensity;
import org.jspecify.annotations.Nullable;

/// Along which directions the elements x of hierarchies are told apart by the rest of a model, and how far free coordinates f follow them.
///
/// ```
/// K        minus the second derivatives of the log density less the priors of x, at one place, by differences of its gradient
/// slopes   B = K_ff⁻¹ K_fx                  given x, f is about normal with a mean that moves by −B x
/// rest     S = K_xx − K_xf B                what is said of x when f is not known
/// site s   K_s = S_ss − S_so (S_oo + D)⁻¹ S_os      and neither are the others, o, but for their priors, of precision D
/// turn     the eigenvectors of K_s; or reflections to the few along which less is known than elements say, where the others hardly tell of each other
/// ```
///
/// An intercept and the mean of a factor's effects have one sum that the data knows, and a difference of which it says nothing: the mean is an eigenvector
/// of eigenvalue 0, to be decentred, where differences between effects are to be centred; and the intercept follows the mean with slope 1.
///
/// Vectors follow both x and f ([VectorInformation]). So K is what is said of these when the vectors are not known, but for their priors and the data.
///
/// The elements are deviations from their locations ([PosteriorDensity#deviations]): a location, be it a variable or a regression, is then an intercept like any other.
final class Directions {
    /// Of what is known of the elements, each by itself, the share that must be lost along some direction for a site to be turned.
    private static final double LEAST_SHARE = 0.8;

    /// How many times as much as the curvature says, or as little, a line through scores is believed to say of a direction.
    private static final double MOST_APART = 2;

    /// For so many elements there may be a reflection. With more of them all eigenvectors are no dearer: a reflection takes four times as much as one of those, in loops of their own.
    private static final int LEAST_ELEMENTS = 8;

    private final int[] free;
    private final int[] by;
    private final @Nullable NDArray slopes;
    private final NDArray reference;
    private final List<Turned> turned;

    private Directions(int[] free, int[] by, @Nullable NDArray slopes, NDArray reference, List<Turned> turned) {
        this.free = free;
        this.by = by;
        this.slopes = slopes;
        this.reference = reference;
        this.turned = turned;
    }

    /// A site that is looked at along other directions than its elements.
    ///
    /// @param turn      the directions
    /// @param curvature `Qᵀ K_s Q` on its diagonal, by direction
    private record Turned(Information.Turn turn, NDArray curvature) {}

    /// {@return the elements themselves, which nothing follows}
    static Directions none() {
        return new Directions(new int[0], new int[0], null, Np.zeros(0), List.of());
    }

    /// {@return whether coordinates follow others}
    boolean isSheared() {
        return slopes != null;
    }

    /// {@return the directions of a posterior}
    ///
    /// @param told      the posterior over deviations
    /// @param curvature at a place in its middle
    static Directions of(PosteriorDensity told, Curvature curvature) {
        List<PosteriorDensity.Located> sites = told.hierarchical();
        int[] x = sites.stream().flatMapToInt(s -> IntStream.range(s.first(), s.first() + s.size())).toArray();
        int[] f = told.free();
        boolean turns = sites.stream().anyMatch(Directions::isTurnable);
        if (!turns && f.length == 0) {
            return none();
        }
        int[] vectors = curvature.isWhole() ? told.vectors().stream().flatMapToInt(VectorInformation::coordinates).toArray() : new int[0];
        int[] rows = IntStream.concat(Arrays.stream(f), Arrays.stream(x)).toArray();
        NDArray k = marginal(curvature, vectors, turns ? rows : f, rows);
        NDArray kff = k.get(Index.slice(0, f.length), Index.slice(0, f.length));
        NDArray kfx = k.get(Index.slice(0, f.length), Index.slice(f.length, rows.length));
        NDArray b = f.length == 0 ? null : Curvature.solve(kff, kfx);
        NDArray reference = NDArray.of(curvature.at(f));
        if (!turns) {
            return new Directions(f, x, b, reference, List.of());
        }
        NDArray kxx = k.get(Index.slice(f.length, rows.length), Index.slice(f.length, rows.length));
        double[] prior = Arrays.stream(x).mapToDouble(curvature::prior).toArray();
        return new Directions(f, x, b, reference, turned(sites, x, b == null ? kxx : kxx.minus(kfx.transpose().matmul(b)), prior));
    }

    /// What is known of some coordinates and others when that of vectors is but their priors and the data: they follow both.
    private static NDArray marginal(Curvature curvature, int[] vectors, int[] some, int[] rows) {
        NDArray k = curvature.known(some, rows);
        NDArray explained = vectors.length == 0 ? null : Curvature.solve(curvature.whole(vectors, vectors), curvature.known(vectors, rows));
        return explained == null ? k : k.minus(curvature.known(vectors, some).transpose().matmul(explained));
    }

    private static boolean isTurnable(PosteriorDensity.Located site) {
        return site.isTurnable() && site.size() > 1;
    }

    private static List<Turned> turned(List<PosteriorDensity.Located> sites, int[] x, NDArray rest, double[] prior) {
        double[] s = Curvature.symmetric(rest).toDoubleArray();
        List<Turned> out = new ArrayList<>();
        int from = 0;
        for (PosteriorDensity.Located site : sites) {
            int begin = from;
            int end = from + site.size();
            from = end;
            if (!isTurnable(site)) {
                continue;
            }
            int[] own = IntStream.range(begin, end).toArray();
            int[] others = IntStream.range(0, x.length).filter(i -> i < begin || i >= end).toArray();
            NDArray k = part(s, x.length, own, own);
            if (others.length > 0) {
                NDArray cross = part(s, x.length, others, own);
                NDArray informed = part(s, x.length, others, others)
                        .plus(Np.diag(NDArray.of(Arrays.stream(others).mapToDouble(i -> prior[i]).toArray())));
                NDArray explained = Curvature.solve(informed, cross);
                if (explained == null) {
                    continue;
                }
                k = Curvature.symmetric(k.minus(cross.transpose().matmul(explained)));
            }
            if (isCorrelated(k)) {
                out.add(turned(site.first(), k));
            }
        }
        return out;
    }

    /// The fewest reflections after which the other directions tell of each other no more than elements may, if they take less than all eigenvectors do.
    private static Turned turned(int first, NDArray k) {
        int n = k.size(0);
        Linalg.Eigen eigen = Linalg.eigh(k);
        double[] values = eigen.values().toDoubleArray();
        double[] vectors = eigen.vectors().toDoubleArray();
        double[] own = Np.diagonal(k).toDoubleArray();
        double[] share = new double[n];
        Arrays.setAll(share, i -> values[i] / IntStream.range(0, n).mapToDouble(j -> vectors[j * n + i] * vectors[j * n + i] * own[j]).sum());
        int[] odd = sorted(share);
        int[] least = sorted(own);
        for (int r = 1; LEAST_ELEMENTS * r <= n; r++) {
            var map = OrthogonalMap.Reflections.onto(part(vectors, n, IntStream.range(0, n).toArray(), Arrays.copyOf(odd, r)), Arrays.copyOf(least, r));
            NDArray q = map.matrix();
            NDArray turned = Curvature.symmetric(q.transpose().matmul(k).matmul(q));
            int[] others = Arrays.copyOfRange(least, r, n);
            if (!isCorrelated(part(turned.toDoubleArray(), n, others, others))) {
                return new Turned(new Information.Turn(first, map), Np.diagonal(turned));
            }
        }
        return new Turned(new Information.Turn(first, new OrthogonalMap.Columns(eigen.vectors())), eigen.values());
    }

    /// {@return the positions of some numbers, those of the least first}
    private static int[] sorted(double[] x) {
        return IntStream.range(0, x.length).boxed().sorted(Comparator.comparingDouble(i -> x[i])).mapToInt(i -> i).toArray();
    }

    private static NDArray part(double[] s, int n, int[] rows, int[] columns) {
        double[] out = new double[rows.length * columns.length];
        for (int r = 0; r < rows.length; r++) {
            for (int c = 0; c < columns.length; c++) {
                out[r * columns.length + c] = s[rows[r] * n + columns[c]];
            }
        }
        return NDArray.of(Shape.of(rows.length, columns.length), out);
    }

    /// {@return whether along some direction less is known than the elements of it say, each by itself}
    private static boolean isCorrelated(NDArray k) {
        if (!(Np.all(Np.isfinite(k)).isTrue() && Np.any(Np.diagonal(k).gt(0)).isTrue())) {
            return false;
        }
        NDArray own = Np.diagonal(k);
        // An element that is not known at all has no unit to be measured in.
        NDArray scale = Np.sqrt(Np.maximum(own, Np.max(own).times(1e-10)));
        NDArray least = Linalg.eigvalsh(k.div(scale.reshape(-1, 1)).div(scale)).get(0);
        return least.doubleValue() < LEAST_SHARE;
    }

    /// Looks at a position and its score along the directions, in place.
    ///
    /// @param x     position as written; of the elements of a turned site becomes `Qᵀ x`
    /// @param score without the priors of the elements; of the elements it becomes the derivative by them when the free coordinates follow
    void turn(double[] x, double[] score) {
        if (slopes != null) {
            double[] follow = NDArray.of(Arrays.stream(free).mapToDouble(i -> score[i]).toArray()).matmul(slopes).toDoubleArray();
            for (int k = 0; k < by.length; k++) {
                score[by[k]] -= follow[k];
            }
        }
        for (Turned t : turned) {
            turn(t.turn, x);
            turn(t.turn, score);
        }
    }

    private static void turn(Information.Turn t, double[] x) {
        int n = t.directions().size();
        double[] turned = t.directions().transposedTimes(NDArray.of(Arrays.copyOfRange(x, t.first(), t.first() + n))).toDoubleArray();
        System.arraycopy(turned, 0, x, t.first(), n);
    }

    /// What is known along a direction, by the draws and by the curvature.
    ///
    /// A line through the scores of the draws averages over the posterior, but has their noise, which can hide a direction wholly; the curvature has none, but
    /// is that of one place. Where they differ by more than a factor of 2 the line goes no farther.
    ///
    /// @param i    coordinate
    /// @param line the precision by the line
    /// @return the line's precision, along a direction of a turned site within a factor of 2 of the curvature
    double precision(int i, double line) {
        for (Turned t : turned) {
            int k = i - t.turn.first();
            if (k >= 0 && k < t.curvature.size(0)) {
                double there = Math.max(0, t.curvature.get(k).doubleValue());
                return Math.clamp(line, there / MOST_APART, there * MOST_APART);
            }
        }
        return line;
    }

    /// {@return all that was found}
    ///
    /// @param precision by coordinate, or direction of a turned site
    /// @param linear    by coordinate, or direction of a turned site
    /// @param vectors   what is known of the sites of vectors
    Information with(double[] precision, double[] linear, List<Information.Vectors> vectors) {
        Optional<Information.Shear> shear = slopes == null
                ? Optional.empty()
                : Optional.of(new Information.Shear(
                        Arrays.stream(free).boxed().toList(), Arrays.stream(by).boxed().toList(), slopes, reference));
        return new Information(precision, linear, turned.stream().map(Turned::turn).toList(), shear, vectors);
    }
}
