/// The effect handlers, one immutable record each; [kiln.model.Handlers] has the functions that make them.
@NullMarked
package kiln.model.handler;

import org.jspecify.annotations.NullMarked;
