/// The language of models: a model is an ordinary Java method that says what is random, handlers say what to do about it.
///
/// ```java
/// void model(NDArray x, NDArray y) {
///     var a = sample("a", new Normal(0, 10));
///     var b = sample("b", new Normal(0, 10));
///     try (var _ = plate("data", x.size(0))) {
///         sample("y", new Normal(a.plus(b.times(x)), 1), y);
///     }
/// }
///
/// Trace tr = trace(() -> model(x, y), condition(Map.of("a", 1, "b", 2)));   // every site with its value
/// double logJoint = tr.logProb().item();
/// ```
///
/// The statements are in [kiln.model.Primitives], the handlers in [kiln.model.Handlers]. A statement becomes a
/// [kiln.model.Message] that travels through the handlers from the innermost outwards, until one stops it; then it gets its value;
/// then the handlers that saw it see the result, from the outermost inwards. The order and its consequences are NumPyro's.
@NullMarked
package kiln.model;

import org.jspecify.annotations.NullMarked;
