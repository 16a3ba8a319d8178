/// Convergence diagnostics and summaries of draws, on plain `double` arrays; knows nothing of models or arrays.
///
/// A scalar quantity is `double[chain][draw]`. Start with [kiln.diagnostics.Summary] of named [kiln.diagnostics.Draws] and the
/// [kiln.diagnostics.Verdict] on them. How well models predict: [kiln.diagnostics.LOO], [kiln.diagnostics.WAIC],
/// [kiln.diagnostics.Comparison]; on [kiln.diagnostics.PSIS]. Whether numbers are uniform, and data like their replicates:
/// [kiln.diagnostics.Uniformity], [kiln.diagnostics.PredictiveCheck]. The single numbers are [kiln.diagnostics.Rhat], [kiln.diagnostics.EffectiveSampleSize], [kiln.diagnostics.MonteCarloError],
/// [kiln.diagnostics.Hpdi], [kiln.diagnostics.Autocorrelation], [kiln.diagnostics.EnergyFraction].
@NullMarked
package kiln.diagnostics;

import org.jspecify.annotations.NullMarked;
