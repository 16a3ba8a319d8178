/// Work on several threads at a time, for the rest of inference only.
@NullMarked
package kiln.infer.thread;

import org.jspecify.annotations.NullMarked;
