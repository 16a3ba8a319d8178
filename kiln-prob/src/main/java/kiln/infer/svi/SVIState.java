package kiln.infer.svi;

import java.util.List;
import java.util.Map;
import kiln.array.NDArray;
import kiln.array.PRNGKey;

/// Where an optimisation stands: everything that the next step needs.
///
/// A structure of arrays (see [kiln.func.Pytree]), so it can pass through `jit`.
///
/// @param optimizer the state of each parameter by name, the parameter first, on unconstrained space
/// @param mutable   values of the mutable sites of the model
/// @param step      number of steps so far, an `int64` scalar
/// @param key       source of the randomness of the steps to come
public record SVIState(Map<String, List<NDArray>> optimizer, Map<String, NDArray> mutable, NDArray step, PRNGKey key) {}
