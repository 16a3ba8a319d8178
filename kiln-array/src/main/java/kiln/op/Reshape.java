package kiln.op;

import java.util.List;
import kiln.array.Aval;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;

/// The same elements in the same order under another shape.
///
/// @param shape the shape of the result
public record Reshape(Shape shape) implements Movement {
    @Override
    public Aval type(List<Aval> in) {
        Aval x = in.getFirst();
        if (x.shape().size() != shape.size()) {
            throw new ShapeException(new Diagnosis("reshape", "the number of elements changes")
                    .expected(x.shape().size() + " elements, as in " + x.shape())
                    .got(shape + " with " + shape.size() + " elements")
                    .at(UserCode.line()));
        }
        return x.withShape(shape);
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        int n = shape.size();
        return (from, to) -> System.arraycopy(from[0], 0, to, 0, n);
    }

    @Override
    public NDArray transposed(NDArray x, NDArray ct) {
        return ct.reshape(x.shape());
    }

    @Override
    public NDArray batch(NDArray x, int size) {
        return x.reshape(Shape.of(size).then(shape));
    }
}
