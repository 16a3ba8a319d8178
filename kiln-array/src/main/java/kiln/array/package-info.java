/// Arrays and keys as users see them: `NDArray`, the functions of `Np`, `Shape`, `DType`, `PRNGKey`, and the errors.
///
/// A program works on `NDArray`. It is either dense (numbers in memory) or traced (a node of a graph that is being built); all
/// operations accept both, so the same Java method computes a value now or describes a computation to be differentiated and compiled.
@NullMarked
package kiln.array;

import org.jspecify.annotations.NullMarked;
