package kiln.posteriordb;

import kiln.array.Shape;
import kiln.dist.ImproperUniform;
import kiln.dist.constraint.Constraint;

/// The priors that Stan calls flat.
final class Flat {
    private Flat() {}

    /// {@return the improper prior with log density 0 on a set}
    ///
    /// @param event shape of one value
    static ImproperUniform flat(Constraint support, int... event) {
        return new ImproperUniform(support, Shape.SCALAR, Shape.of(event));
    }
}
