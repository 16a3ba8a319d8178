package kiln.infer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import kiln.array.NDArray;
import kiln.graph.AffineUse;
import kiln.graph.Graph;
import org.jspecify.annotations.Nullable;

/// A site z that the model as written has standardised, and uses as `x = loc + scale · z` only.
///
/// ```
/// z ~ Normal(0, 1),   x = mu + tau z
/// ```
///
/// is `x ~ Normal(mu, tau)`, decentred by hand: x is a site of a hierarchy like those that are not.
///
/// @param parts loc and scale from the positions of all sites as the model is written
/// @param loc   places in the list of all sites of those that loc depends on
/// @param scale the same of the scale
record ByHand(Graph parts, BitSet loc, BitSet scale) {
    static ByHand of(AffineUse use) {
        return new ByHand(use.parts(), use.locParameters(), use.scaleParameters());
    }

    /// {@return whether all elements have the same scale}
    boolean hasOneScale() {
        return parts.outputs().get(1).aval().shape().size() == 1;
    }

    /// {@return the parts of x}
    ///
    /// @param written positions as written by their place in the list of sites; asked for those that the parts depend on
    Coordinates.Parts at(IntFunction<NDArray> written) {
        List<@Nullable NDArray> arguments = new ArrayList<>();
        for (int i = 0; i < parts.parameters().size(); i++) {
            arguments.add(loc.get(i) || scale.get(i) ? written.apply(i) : null);
        }
        List<NDArray> out = parts.callPartially(arguments);
        return new Coordinates.Parts(Objects.requireNonNull(out.get(0)), Objects.requireNonNull(out.get(1)), true);
    }
}
