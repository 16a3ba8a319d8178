/// Optimisers for stochastic gradients: how a parameter moves by its gradient.
///
/// ```java
/// new SVI(model, guide, new Adam(0.01), new TraceELBO());
/// new SVI(model, guide, new ClippedAdam(Schedule.exponentialDecay(0.01, 1000, 0.5)), new TraceELBO());
/// ```
@NullMarked
package kiln.infer.optim;

import org.jspecify.annotations.NullMarked;
