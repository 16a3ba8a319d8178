package kiln.posteriordb;

import static kiln.array.Np.*;
import static kiln.model.Primitives.*;

import kiln.array.NDArray;
import kiln.dist.Gamma;
import kiln.dist.HalfNormal;
import kiln.dist.MultivariateNormal;
import kiln.model.Model;

/// Regression by a Gaussian process with squared exponential covariance on eleven points.
///
/// ```
/// C[i][j] = alpha² exp(−(x[i] − x[j])² / (2 rho²)) + [i = j] sigma     (sigma is a variance)
/// ```
final class GaussianProcess {
    private GaussianProcess() {}

    static Model of(Data data) {
        NDArray x = data.get("x");
        NDArray y = data.get("y");
        int n = y.size();
        NDArray distance = expandDims(x, 1).minus(x);
        return () -> {
            NDArray rho = sample("rho", new Gamma(25, 4));
            NDArray alpha = sample("alpha", new HalfNormal(2));
            NDArray sigma = sample("sigma", new HalfNormal(1));
            NDArray kernel = square(alpha).times(exp(square(distance).div(square(rho).times(-2))));
            NDArray covariance = kernel.plus(sigma.times(eye(n)));
            sample("y", MultivariateNormal.covariance(zeros(n), covariance), y);
        };
    }
}
