package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import kiln.array.Linalg;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.infer.Information;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;

/// What the rest of a model says about the vectors x of hierarchies.
///
/// ```
/// K   minus the second derivatives of the log density less the priors of x, by the elements of a vector, at one place
/// C   the same by the elements of a vector and the coordinates f that it follows
/// h   such that K x + C f + the score, of the rest of the model, has the mean of the draws
/// ```
///
/// For normal data with known variance all three are the same everywhere. Along axes of which K knows next to nothing vectors are not told anything.
final class VectorInformation {
    /// Of the largest eigenvalue of a precision, what is not told from the error of a difference.
    private static final double LEAST = 1e-6;

    private VectorInformation() {}

    /// {@return the information about all sites of vectors}
    ///
    /// @param density   the density of the posterior, which counts its evaluations
    /// @param posterior the posterior as written
    /// @param at        a place in its middle: the mean of the draws
    /// @param spread    standard deviations of the coordinates, about
    /// @param score     mean of the scores of the draws, without the priors of the vectors
    static List<Information.Vectors> of(LogDensity density, PosteriorDensity posterior, double[] at, double[] spread, double[] score) {
        List<Information.Vectors> out = new ArrayList<>();
        for (PosteriorDensity.Vectors site : posterior.vectors()) {
            int end = site.first() + site.count() * site.length();
            double[][] byX = new double[end - site.first()][];
            for (int i = site.first(); i < end; i++) {
                int vector = i - (i - site.first()) % site.length();
                byX[i - site.first()] = Arrays.copyOfRange(Directions.column(density, posterior, at, i, spread), vector, vector + site.length());
            }
            double[][] byF = new double[site.follows().size()][];
            for (int i = 0; i < byF.length; i++) {
                byF[i] = Arrays.copyOfRange(Directions.column(density, posterior, at, site.follows().get(i), spread), site.first(), end);
            }
            out.add(of(site, at, score, byX, byF));
        }
        return out;
    }

    /// @param byX second derivatives by each element and those of its vector
    /// @param byF second derivatives by each coordinate that is followed and all elements
    private static Information.Vectors of(PosteriorDensity.Vectors site, double[] at, double[] score, double[][] byX, double[][] byF) {
        int d = site.length();
        List<NDArray> precision = new ArrayList<>();
        List<NDArray> linear = new ArrayList<>();
        List<NDArray> slopes = new ArrayList<>();
        NDArray f = NDArray.of(site.follows().stream().mapToDouble(i -> at[i]).toArray());
        for (int v = 0; v < site.count(); v++) {
            int first = site.first() + v * d;
            double[] k = new double[d * d];
            double[] c = new double[d * byF.length];
            double[] x = new double[d];
            double[] own = new double[d];
            for (int i = 0; i < d; i++) {
                for (int j = 0; j < d; j++) {
                    k[i * d + j] = (byX[v * d + i][j] + byX[v * d + j][i]) / 2;
                }
                for (int j = 0; j < byF.length; j++) {
                    c[i * byF.length + j] = byF[j][v * d + i];
                }
                x[i] = at[first + i];
                own[i] = score[first + i];
            }
            NDArray known = known(NDArray.of(Shape.of(d, d), k));
            NDArray told = NDArray.of(Shape.of(d, d), k).matmul(known);
            NDArray cross = known.matmul(NDArray.of(Shape.of(d, byF.length), c));
            precision.add(told.plus(told.transpose()).times(0.5));
            slopes.add(cross);
            linear.add(told.matmul(NDArray.of(x)).plus(cross.matmul(f)).plus(known.matmul(NDArray.of(own))));
        }
        var out = new Information.Vectors(site.first(), Np.stack(precision, 0), Np.stack(linear, 0), site.follows(), Np.stack(slopes, 0));
        return isFinite(out) ? out : nothing(out);
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
        return new Information.Vectors(v.first(), Np.zerosLike(v.precision()), Np.zerosLike(v.linear()), v.followed(), Np.zerosLike(v.slopes()));
    }
}
