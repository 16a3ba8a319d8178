package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.math.Draw;
import kiln.math.Threefry.Layout;
import org.jspecify.annotations.Nullable;

/// Draws with fixed parameters by keys that are an operand: what a draw is while its key is traced.
///
/// One operand, packed keys `int64` of any shape; every key gives an array of draws: `keys + shape`.
///
/// @param draw   what is drawn
/// @param layout counter layout of the keys
/// @param shape  shape of the draws of one key
public record KeyedDraw(Draw draw, Layout layout, Shape shape) implements RandomDraw {
    @Override
    public Aval type(List<Aval> in) {
        return new Aval(dtype(), in.getFirst().shape().then(shape));
    }

    private DType dtype() {
        return switch (draw.type()) {
            case FLOAT -> DType.FLOAT32;
            case DOUBLE -> DType.FLOAT64;
            case INT -> DType.INT32;
            case LONG -> DType.INT64;
        };
    }

    @Override
    @SuppressWarnings("SuspiciousSystemArraycopy") // both are arrays of the draw's type
    public Kernel kernel(List<Aval> in) {
        int keys = in.getFirst().shape().size();
        int n = shape.size();
        return (from, to) -> {
            for (int k = 0; k < keys; k++) {
                System.arraycopy(draw.array(((long[]) from[0])[k], layout, n), 0, to, k * n, n);
            }
        };
    }

    @Override
    public @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        return null;
    }

    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        return Arrays.asList((NDArray) null);
    }

    @Override
    public NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        return Bind.apply(this, in.getFirst());
    }
}
