/// Benchmarks of value-and-gradient, and the hand-written densities that say how fast plain Java is on the same model.
@NullMarked
package kiln.bench;

import org.jspecify.annotations.NullMarked;
