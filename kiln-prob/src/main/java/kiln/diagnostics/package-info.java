/// Convergence diagnostics and summaries of draws, on plain `double` arrays; knows nothing of models or arrays.
@NullMarked
package kiln.diagnostics;

import org.jspecify.annotations.NullMarked;
