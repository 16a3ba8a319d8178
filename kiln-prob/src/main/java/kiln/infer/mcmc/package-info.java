/// Markov chain Monte Carlo: the kernels, their adaptation and the driver.
@NullMarked
package kiln.infer.mcmc;

import org.jspecify.annotations.NullMarked;
