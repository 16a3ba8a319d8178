package kiln.infer.enumeration;

import java.util.List;
import kiln.array.NDArray;
import kiln.model.PlateFrame;

/// A term of a log joint density.
///
/// @param name    name of the site
/// @param label   the statement, for messages
/// @param place   plates and the user's line, for messages
/// @param plates  plates around it, the innermost first
/// @param density the log density, `batch`; elements along axes that belong to no plate are added
public record Factor(String name, String label, String place, List<PlateFrame> plates, NDArray density) {}
