package kiln.infer;

import java.util.List;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.model.PlateFrame;

/// A random variable that is not observed, as an algorithm on unconstrained space sees it.
///
/// @param name               name of the site
/// @param support            the set of its values, in the first run of the model
/// @param shape              shape of its value, `batch + event`
/// @param unconstrainedShape shape of its position, which the bijection of the support maps to the value
/// @param plates             plates around it, the innermost first
public record LatentSite(
        String name, Constraint support, Shape shape, Shape unconstrainedShape, List<PlateFrame> plates) {}
