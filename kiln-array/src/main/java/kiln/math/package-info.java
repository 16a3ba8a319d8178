/// Elementary and special functions, fixed-order reductions and the Threefry generator, on Java's primitive types.
///
/// Everything here is plain Java arithmetic with a fixed order of operations, so that results are the same bits on every machine.
@NullMarked
package kiln.math;

import org.jspecify.annotations.NullMarked;
