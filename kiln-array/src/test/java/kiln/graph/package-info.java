@NullMarked
package kiln.graph;

import org.jspecify.annotations.NullMarked;
