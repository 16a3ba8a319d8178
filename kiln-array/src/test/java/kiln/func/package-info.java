/// The transforms and control flow, against plain Java loops and finite differences.
@NullMarked
package kiln.func;

import org.jspecify.annotations.NullMarked;
