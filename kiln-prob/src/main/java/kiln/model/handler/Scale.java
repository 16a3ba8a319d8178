package kiln.model.handler;

import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.UserCode;
import kiln.model.Handler;
import kiln.model.Interceptor;
import kiln.model.Message;

/// Multiplies the log density of its sites; the factors of several handlers and of subsampled plates multiply.
///
/// @param factor > 0; broadcasts to the batch of every site inside
public record Scale(NDArray factor) implements Handler, Interceptor {
    /// @throws DomainException if a known factor is not > 0
    public Scale {
        if (factor.isKnown() && !Np.all(factor.gt(0)).isTrue()) {
            throw new DomainException(new Diagnosis("scale", "the factor of a log density must be > 0")
                    .got(Np.min(factor) + " is the smallest, shape " + factor.shape())
                    .at(UserCode.line())
                    .fix("use mask(false) to switch sites off."));
        }
    }

    @Override
    public Interceptor open() {
        return this;
    }

    @Override
    public Message process(Message m) {
        return m instanceof Message.Sample s ? s.withScale(factor) : m;
    }
}
