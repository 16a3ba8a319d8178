/// The order of this module's packages, held by ArchUnit.
@NullMarked
package kiln.order;

import org.jspecify.annotations.NullMarked;
