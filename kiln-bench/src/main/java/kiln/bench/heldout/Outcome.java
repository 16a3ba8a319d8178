package kiln.bench.heldout;

import static kiln.array.Np.exp;
import static kiln.model.Primitives.*;

import kiln.array.NDArray;
import kiln.dist.Bernoulli;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.dist.Poisson;

/// What a row says of its linear predictor.
enum Outcome {
    /// With a standard deviation `sigma ~ HalfNormal(2)`.
    NORMAL,
    LOGISTIC,
    POISSON;

    /// Observes the rows.
    void observe(NDArray predictor) {
        switch (this) {
            case NORMAL -> {
                NDArray sigma = sample("sigma", new HalfNormal(2));
                try (var _ = plate("row", predictor.size())) {
                    sample("y", new Normal(predictor, sigma));
                }
            }
            case LOGISTIC -> {
                try (var _ = plate("row", predictor.size())) {
                    sample("y", Bernoulli.logits(predictor));
                }
            }
            case POISSON -> {
                try (var _ = plate("row", predictor.size())) {
                    sample("y", new Poisson(exp(predictor)));
                }
            }
        }
    }
}
