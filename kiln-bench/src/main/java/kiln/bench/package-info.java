/// What measures: the table of kernels with a process for each, and JMH for a closer look at one.
@NullMarked
package kiln.bench;

import org.jspecify.annotations.NullMarked;
