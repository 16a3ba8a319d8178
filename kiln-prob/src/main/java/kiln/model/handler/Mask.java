package kiln.model.handler;

import kiln.array.DType;
import kiln.array.NDArray;
import kiln.model.Handler;
import kiln.model.Interceptor;
import kiln.model.Message;

/// Switches the log density of its sites off where a mask is false; masks of several handlers hold together.
///
/// Where it is off, the density is 0 and sees a feasible value, so that derivatives stay finite whatever the value is.
///
/// @param mask truth values; broadcasts to the batch of every site inside
public record Mask(NDArray mask) implements Handler, Interceptor {
    /// A mask of truth values; other numbers are true where they are not 0.
    public Mask {
        mask = mask.dtype() == DType.BOOL ? mask : mask.ne(0);
    }

    @Override
    public Interceptor open() {
        return this;
    }

    @Override
    public Message process(Message m) {
        return switch (m) {
            case Message.Sample s -> s.withMask(mask);
            case Message.MaskInForce q -> q.withMask(mask);
            case Message.Param _, Message.Plate _, Message.Deterministic _, Message.Mutable _, Message.Key _ -> m;
        };
    }
}
