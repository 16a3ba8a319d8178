/// Tests of the simplifier, the schedule and the generated code.
@NullMarked
package kiln.compile;

import org.jspecify.annotations.NullMarked;
