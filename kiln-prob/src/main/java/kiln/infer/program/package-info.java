/// Inference for models that reach different sites in different runs: they branch, loop and recurse in plain Java on what they drew.
///
/// ```
/// PathEnumeration   all runs                                  exact
/// Importance        independent runs, weighted                any model
/// SMC               runs that compete at every observation    models with many observations
/// SingleSiteMH      runs that change one choice at a time     posteriors far from the prior
/// ```
///
/// Each of them runs the model as it stands, without a trace for the compiler. What they return is a [ProgramPosterior] over
/// [Execution]s, to be asked for probabilities and expectations.
@NullMarked
package kiln.infer.program;

import org.jspecify.annotations.NullMarked;
