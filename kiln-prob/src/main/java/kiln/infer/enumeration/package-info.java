/// Discrete sites summed out exactly: variable elimination over the values of the sites, with plates.
///
/// The model is traced once as a function of one value of ordinary shape per discrete site. Every log density of that run is then
/// evaluated for all values of the sites that it depends on, and of no others: the graph knows which. The tables are added, and
/// their variables summed out one after the other, those inside plates first.
///
/// Source: Obermeyer et al., *Tensor Variable Elimination for Plated Factor Graphs* (2019), algorithm 1.
@NullMarked
package kiln.infer.enumeration;

import org.jspecify.annotations.NullMarked;
