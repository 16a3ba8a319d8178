package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kiln.array.Index;
import kiln.array.Linalg;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.infer.Information;
import kiln.infer.PosteriorDensity;

/// What the rest of a model says about the vectors x of hierarchies.
///
/// ```
/// K   minus the second derivatives of the log density less the priors of x, by the elements of a vector, at one place
/// C   the same by the elements of a vector and the coordinates f that it follows: coefficients, effects, vectors before it
/// h   such that K x + C f + the score, of the rest of the model, has the mean of the draws
/// ```
///
/// Vectors that follow x, as those of another factor do, are not known but for their priors and the data: `K_xx − K_xo K_oo⁻¹ K_ox`, and the same for C.
///
/// For normal data with known variance all three are the same everywhere. Along axes of which K knows next to nothing vectors are not told anything.
final class VectorInformation {
    /// Of the largest eigenvalue of a precision, what is not told from the error of a difference.
    private static final double LEAST = 1e-6;

    private VectorInformation() {}

    /// {@return the information about all sites of vectors}
    ///
    /// @param posterior the posterior, with deviations where those of [Directions] have them
    /// @param curvature at the mean of the draws
    /// @param score     mean of the scores of the draws, without the priors of the vectors
    static List<Information.Vectors> of(PosteriorDensity posterior, Curvature curvature, double[] score) {
        List<Information.Vectors> out = new ArrayList<>();
        for (PosteriorDensity.Vectors site : posterior.vectors()) {
            int[] others = curvature.isWhole()
                    ? posterior.vectors().stream().filter(v -> v.follows().contains(site.first())).flatMapToInt(VectorInformation::coordinates).toArray()
                    : new int[0];
            out.add(of(site, curvature, others, score));
        }
        return out;
    }

    /// {@return the coordinates of all vectors of a site}
    static IntStream coordinates(PosteriorDensity.Vectors v) {
        return IntStream.range(v.first(), v.first() + v.count() * v.length());
    }

    private static Information.Vectors of(PosteriorDensity.Vectors site, Curvature curvature, int[] others, double[] score) {
        int d = site.length();
        int[] follows = site.follows().stream().mapToInt(i -> i).toArray();
        int[] all = coordinates(site).toArray();
        NDArray f = NDArray.of(curvature.at(follows));
        NDArray byF = curvature.known(follows, all).transpose();
        NDArray explained = others.length == 0
                ? null
                : Curvature.solve(curvature.whole(others, others), Np.concatenate(List.of(curvature.known(others, all), curvature.whole(follows, others).transpose()), 1));
        List<NDArray> precision = new ArrayList<>();
        List<NDArray> linear = new ArrayList<>();
        List<NDArray> slopes = new ArrayList<>();
        for (int v = 0; v < site.count(); v++) {
            int first = site.first() + v * d;
            int[] own = IntStream.range(first, first + d).toArray();
            NDArray k = Curvature.symmetric(curvature.known(own, own));
            NDArray c = byF.get(Index.slice(v * d, v * d + d));
            if (explained != null) {
                NDArray cross = curvature.known(others, own).transpose();
                k = Curvature.symmetric(k.minus(cross.matmul(columns(explained, v * d, d))));
                c = c.minus(cross.matmul(columns(explained, site.count() * d, follows.length)));
            }
            NDArray x = NDArray.of(curvature.at(own));
            NDArray known = known(k);
            NDArray told = k.matmul(known);
            NDArray cross = known.matmul(c);
            precision.add(Curvature.symmetric(told));
            slopes.add(cross);
            linear.add(told.matmul(x).plus(cross.matmul(f)).plus(known.matmul(NDArray.of(Arrays.copyOfRange(score, first, first + d)))));
        }
        NDArray reference = NDArray.of(curvature.at(all)).reshape(site.count(), d);
        var out = new Information.Vectors(site.first(), Np.stack(precision, 0), Np.stack(linear, 0), site.follows(), Np.stack(slopes, 0), reference);
        return isFinite(out) ? out : nothing(out);
    }

    private static NDArray columns(NDArray a, int first, int count) {
        return a.get(Index.ALL, Index.slice(first, first + count));
    }

    /// The projection onto the axes of which something is known.
    private static NDArray known(NDArray k) {
        if (!Np.all(Np.isfinite(k)).isTrue()) {
            return Np.zerosLike(k);
        }
        Linalg.Eigen eigen = Linalg.eigh(k);
        NDArray most = Np.max(eigen.values());
        NDArray counts = Np.where(eigen.values().gt(Np.maximum(most, 0).times(LEAST)), 1.0, 0.0);
        return eigen.vectors().times(counts).matmul(eigen.vectors().transpose());
    }

    private static boolean isFinite(Information.Vectors v) {
        return Stream.of(v.precision(), v.linear(), v.slopes()).allMatch(x -> Np.all(Np.isfinite(x)).isTrue());
    }

    private static Information.Vectors nothing(Information.Vectors v) {
        return new Information.Vectors(v.first(), Np.zerosLike(v.precision()), Np.zerosLike(v.linear()), v.followed(), Np.zerosLike(v.slopes()), v.reference());
    }
}
