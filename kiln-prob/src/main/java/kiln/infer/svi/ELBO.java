package kiln.infer.svi;

import java.util.Map;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.model.Model;

/// A loss of a model and a guide: minus a lower bound of the log evidence, estimated from draws of the guide.
///
/// ```
/// ELBO = E_q [log p(x, z) − log q(z)] ≤ log p(x)
/// ```
///
/// Discrete sites of the model that the guide does not have are summed out exactly, see [kiln.infer.enumeration].
public interface ELBO {
    /// An estimate.
    ///
    /// @param value   the loss, a scalar; its gradient is an unbiased estimate of the gradient of the expectation
    /// @param mutable what the statements `mutable` of the model have at its end, by name
    record Loss(NDArray value, Map<String, NDArray> mutable) {}

    /// {@return an estimate of the loss}
    ///
    /// @param key     source of all its randomness; may be traced
    /// @param params  values of the parameters of model and guide, and of the mutable sites; may be traced
    /// @param model   the model with its data
    /// @param guide   draws the latent sites
    /// @throws kiln.model.HandlerException if model and guide do not fit
    Loss loss(PRNGKey key, Map<String, NDArray> params, Model model, Model guide);
}
