package kiln.infer.reparam;

import kiln.array.NDArray;
import kiln.dist.transform.HaarTransform;
import kiln.model.Message;
import kiln.model.Reparam;

/// Samples the Haar wavelet coefficients of a series, `name_haar`: uncorrelated for rough series where the elements are not.
///
/// @param dim  axis of the series, counted from the right: −1 is the last; within the event
/// @param flip whether the series is reversed first
public record HaarReparam(int dim, boolean flip) implements Reparam {
    /// Along the last axis.
    public HaarReparam() {
        this(-1, false);
    }

    @Override
    public NDArray reparametrize(Message.Sample site) {
        return new UnitJacobianReparam(new HaarTransform(dim, flip), "haar").reparametrize(site);
    }
}
