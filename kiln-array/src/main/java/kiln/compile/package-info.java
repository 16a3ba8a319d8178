/// From graph to machine code: simplification, scheduling into loops, and bytecode.
@NullMarked
package kiln.compile;

import org.jspecify.annotations.NullMarked;
