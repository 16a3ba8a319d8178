/// The op table: one row per operation, and the generic test that holds every row.
@NullMarked
package kiln.op;

import org.jspecify.annotations.NullMarked;
