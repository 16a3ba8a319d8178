/// Transforms of plain Java functions over arrays: `grad`, `valueAndGrad`, `vmap`, `jvp`, `jit`.
@NullMarked
package kiln.func;

import org.jspecify.annotations.NullMarked;
