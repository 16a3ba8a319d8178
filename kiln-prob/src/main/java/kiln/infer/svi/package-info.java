/// Stochastic variational inference: fits a guide, a family of distributions over the latent sites of a model, by gradients of a bound.
///
/// ```java
/// var guide = new AutoNormal(() -> model(x, y));
/// var fit = new SVI(() -> model(x, y), guide, new Adam(0.01), new TraceELBO()).run(key(0), 2000);
/// var draws = guide.samplePosterior(key(1), fit.params(), 1000);
/// ```
@NullMarked
package kiln.infer.svi;

import org.jspecify.annotations.NullMarked;
