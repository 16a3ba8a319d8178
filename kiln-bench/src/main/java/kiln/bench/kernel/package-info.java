/// The densities that are measured, each written three times: as a model of Kiln's users, by hand in plain Java, by hand in C.
@NullMarked
package kiln.bench.kernel;

import org.jspecify.annotations.NullMarked;
