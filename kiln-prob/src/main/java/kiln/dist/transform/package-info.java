/// Bijections with their log Jacobian determinants: one record, one file each.
@NullMarked
package kiln.dist.transform;

import org.jspecify.annotations.NullMarked;
