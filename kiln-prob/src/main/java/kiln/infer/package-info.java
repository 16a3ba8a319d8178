/// Inference: what every method shares, from the log density of a model to prediction.
@NullMarked
package kiln.infer;

import org.jspecify.annotations.NullMarked;
