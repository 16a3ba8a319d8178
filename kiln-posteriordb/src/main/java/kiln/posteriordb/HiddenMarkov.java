package kiln.posteriordb;

import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;
import static kiln.model.Primitives.*;
import static kiln.posteriordb.Flat.flat;

import java.util.List;
import kiln.array.NDArray;
import kiln.dist.Dirichlet;
import kiln.dist.Exponential;
import kiln.dist.Normal;
import kiln.func.Carried;
import kiln.func.Control;
import kiln.model.Model;

/// Hidden Markov models of two states, which are summed out.
///
/// `theta1` and `theta2` are the rows of the transition matrix. Both states start with weight 1.
final class HiddenMarkov {
    private HiddenMarkov() {}

    /// Normal emissions with standard deviation 1.
    static Model normal(Data data) {
        NDArray y = data.get("y");
        return () -> {
            NDArray theta1 = sample("theta1", new Dirichlet(ones(2)));
            NDArray theta2 = sample("theta2", new Dirichlet(ones(2)));
            NDArray mu = sample("mu", flat(positiveOrderedVector, 2));
            factor("mu_prior", new Normal(array(3, 10), 1).logProb(mu));
            factor("y", forward(theta1, theta2, new Normal(mu, 1).logProb(expandDims(y, 1))));
        };
    }

    /// Speed `u` and distance to the hoop `v` of a basketball player: two exponential emissions.
    static Model drives(Data data) {
        NDArray u = expandDims(data.get("u"), 1);
        NDArray v = expandDims(data.get("v"), 1);
        NDArray alpha = data.get("alpha");
        return () -> {
            NDArray theta1 = sample("theta1", new Dirichlet(alpha.get(0)));
            NDArray theta2 = sample("theta2", new Dirichlet(alpha.get(1)));
            NDArray phi = sample("phi", flat(positiveOrderedVector, 2));
            factor("phi_prior", new Normal(array(0, 3), 1).logProb(phi));
            NDArray lambda = sample("lambda", flat(positiveOrderedVector, 2));
            factor("lambda_prior", new Normal(array(0, 3), 1).logProb(lambda));
            NDArray emissions = new Exponential(phi).logProb(u).plus(new Exponential(lambda).logProb(v));
            factor("uv", forward(theta1, theta2, emissions));
        };
    }

    /// {@return the log likelihood by the forward algorithm}
    ///
    /// ```
    /// g[1] = e[1],   g[t](k) = e[t](k) + log Σⱼ exp(g[t−1](j) + log theta[j](k)),   result log Σₖ exp g[T](k)
    /// ```
    ///
    /// @param emissions log densities of the observations by state, `[T, 2]`
    private static NDArray forward(NDArray theta1, NDArray theta2, NDArray emissions) {
        NDArray transitions = log(stack(List.of(theta1, theta2), 0));
        NDArray last = Control.scan(
                        (NDArray g, NDArray e) -> Carried.of(e.plus(logsumexp(expandDims(g, 1).plus(transitions), 0))),
                        emissions.get(0),
                        emissions.get(slice(1, null)))
                .carry();
        return logsumexp(last);
    }
}
