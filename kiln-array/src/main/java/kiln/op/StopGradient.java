package kiln.op;

import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// The value itself, through which no derivative passes.
public record StopGradient() implements Identity {
    @Override
    public @Nullable NDArray derivative(NDArray x, NDArray y) {
        return null;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0);
    }
}
