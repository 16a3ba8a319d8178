/// What a model is made of: which sites depend on which, which shapes they have, and a picture of it.
///
/// ```java
/// getModelRelations(model).sampleSample();             // {m=[], sd=[m], obs=[m, sd]}
/// renderModel(model).write(Path.of("model.svg"));
/// IO.println(formatShapes(trace(model, seed(0))));
/// ```
@NullMarked
package kiln.infer.inspect;

import org.jspecify.annotations.NullMarked;
