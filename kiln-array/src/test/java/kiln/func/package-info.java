/// Tests of the transforms: derivatives, vectorising, compiling, and all of them inside each other.
@NullMarked
package kiln.func;

import org.jspecify.annotations.NullMarked;
