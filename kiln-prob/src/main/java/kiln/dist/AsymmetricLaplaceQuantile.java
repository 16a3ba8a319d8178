package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.ShapeException;

/// Asymmetric Laplace distribution with `loc` as a given quantile, the likelihood of quantile regression.
///
/// ```
/// log p(x) = −ρ(x − loc) / scale + log(quantile (1 − quantile) / scale),  ρ(z) = z (quantile − [z < 0])
/// ```
///
/// - **support** the real line
/// - **shapes** batch = broadcast(loc, scale, quantile), event = `[]`
/// - **moments** those of [AsymmetricLaplace]
/// - **gradient of a draw** pathwise, in all parameters
///
/// Source: Yu and Moyeed, *Bayesian quantile regression* (2001).
///
/// @param loc      the quantile; any finite value; unit of the data
/// @param scale    scale; > 0; unit of the data
/// @param quantile probability of a value below `loc`; in (0, 1)
public record AsymmetricLaplaceQuantile(NDArray loc, NDArray scale, NDArray quantile) implements Equivalent {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public AsymmetricLaplaceQuantile {
        loc = Check.in(real, "loc", loc, AsymmetricLaplaceQuantile.class);
        scale = Check.in(positive, "scale", scale, AsymmetricLaplaceQuantile.class);
        quantile = Check.in(openInterval(0, 1), "quantile", quantile, AsymmetricLaplaceQuantile.class);
        Check.broadcasts(AsymmetricLaplaceQuantile.class, "loc, scale and quantile", loc.shape(), scale.shape(), quantile.shape());
    }

    /// Scalars and arrays in any mix.
    public AsymmetricLaplaceQuantile(Number loc, Number scale, Number quantile) {
        this(NDArray.as(loc), NDArray.as(scale), NDArray.as(quantile));
    }

    /// By the quantile itself: the scales on both sides are two functions of it, whose slopes at infinity would leave nothing.
    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        NDArray z = value.minus(loc);
        NDArray loss = z.times(where(z.lt(0), quantile.minus(1), quantile)).div(scale);
        return log(quantile.times(subtract(1, quantile)).div(scale)).minus(loss);
    }

    @Override
    public Distribution equivalent() {
        NDArray above = subtract(1, quantile);
        return new AsymmetricLaplace(loc, scale.div(sqrt(quantile.times(above))), sqrt(quantile.div(above)));
    }
}
