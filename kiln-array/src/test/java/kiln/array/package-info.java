/// Tests of arrays and keys.
@NullMarked
package kiln.array;

import org.jspecify.annotations.NullMarked;
