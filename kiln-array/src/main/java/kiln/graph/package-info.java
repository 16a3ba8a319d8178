/// Graphs of operations in single-assignment form, tracing, and the transforms from graph to graph.
@NullMarked
package kiln.graph;

import org.jspecify.annotations.NullMarked;
