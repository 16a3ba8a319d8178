/// Strategies that write a random variable as a function of others whose posterior is easier to sample.
///
/// ```java
/// Model noncentred = handle(() -> model(x, y), reparam(Map.of("theta", new LocScaleReparam(0))));
/// var posterior = new MCMC(new NUTS(noncentred)).run(key(0));
/// posterior.samples("theta");                     // a deterministic site now, on its own scale
/// ```
@NullMarked
package kiln.infer.reparam;

import org.jspecify.annotations.NullMarked;
