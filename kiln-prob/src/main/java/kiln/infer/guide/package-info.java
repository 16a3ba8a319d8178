/// Guides made from a model: normal families on unconstrained space, point estimates, the Laplace approximation.
///
/// ```java
/// var guide = new AutoMultivariateNormal(model);
/// var fit = new SVI(model, guide, new Adam(0.01), new TraceELBO()).run(key(0), 3000);
/// guide.samplePosterior(key(1), fit.params(), 1000);
/// ```
@NullMarked
package kiln.infer.guide;

import org.jspecify.annotations.NullMarked;
