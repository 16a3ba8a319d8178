/// Constraints: the sets that parameters and supports live in, each with a test, a feasible value and a bijection from unconstrained
/// space. [kiln.dist.constraint.Constraints] names them for static import.
@NullMarked
package kiln.dist.constraint;

import org.jspecify.annotations.NullMarked;
