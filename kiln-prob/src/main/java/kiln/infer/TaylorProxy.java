package kiln.infer;

import java.util.Map;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.UserCode;

/// What stands for the log likelihood of a row of data where the row is not looked at: its Taylor polynomial about a point.
///
/// ```
/// w_i(q) = ℓ_i(q₀) + ∇ℓ_i(q₀)·(q − q₀)  [+ ½ (q − q₀)ᵀ ∇²ℓ_i(q₀) (q − q₀)]
/// ```
///
/// The sums of its coefficients over all rows are computed once. The nearer `q₀` is to the bulk of the posterior, the better.
///
/// @param referenceParams `q₀`, the position of every latent site on unconstrained space, near the mode
/// @param degree          1 or 2
public record TaylorProxy(Map<String, NDArray> referenceParams, int degree) {
    /// @throws DomainException if the degree is not 1 or 2
    public TaylorProxy {
        referenceParams = Map.copyOf(referenceParams);
        if (degree != 1 && degree != 2) {
            throw new DomainException(new Diagnosis("taylorProxy", "the degree must be 1 or 2").got("" + degree).at(UserCode.line()));
        }
    }
}
