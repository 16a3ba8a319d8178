/// Models with simulated data that no automatic decision of Kiln was chosen by, see [kiln.bench.HeldOutTable].
@NullMarked
package kiln.bench.heldout;

import org.jspecify.annotations.NullMarked;
