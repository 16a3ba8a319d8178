@NullMarked
package kiln.infer.program;

import org.jspecify.annotations.NullMarked;
