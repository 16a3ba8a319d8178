package kiln.infer;

import java.util.Map;
import kiln.array.NDArray;

/// A log density some of whose random variables, the Gibbs sites, are drawn by the user given the others.
///
/// The position holds the coordinates of the others on unconstrained space first, then the values of the Gibbs sites themselves.
public interface GibbsDensity extends SplitDensity {
    /// {@return the values of the Gibbs sites at a position, by name}
    Map<String, NDArray> gibbsSites(double[] position);

    /// {@return the values of the other sites and of the deterministic ones at a position, by name}
    Map<String, NDArray> hmcSites(double[] position);

    /// Writes values of the Gibbs sites into a position.
    ///
    /// @param values one for each of them, of its shape
    /// @throws kiln.model.HandlerException if a site is missing, unknown, or of another shape
    void putGibbsSites(Map<String, NDArray> values, double[] position);
}
