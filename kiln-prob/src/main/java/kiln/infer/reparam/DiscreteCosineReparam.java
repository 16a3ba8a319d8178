package kiln.infer.reparam;

import kiln.array.NDArray;
import kiln.dist.transform.DiscreteCosineTransform;
import kiln.model.Message;
import kiln.model.Reparam;

/// Samples the frequencies of a series, `name_dct`: nearly uncorrelated for smooth series where the elements are not.
///
/// @param dim    axis of the series, counted from the right: −1 is the last; within the event
/// @param smooth exponent of the weights of the frequencies; 0 for none, 1 for a random walk
public record DiscreteCosineReparam(int dim, double smooth) implements Reparam {
    /// Along the last axis, unweighted.
    public DiscreteCosineReparam() {
        this(-1, 0);
    }

    @Override
    public NDArray reparametrize(Message.Sample site) {
        return new UnitJacobianReparam(new DiscreteCosineTransform(dim, smooth), "dct").reparametrize(site);
    }
}
