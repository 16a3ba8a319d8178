/// What of a run outlives the process: the state of a chain, and the folder that holds draws and states.
///
/// Nothing here knows of models or samplers: a state is a set of named arrays, a folder holds arrays in the format of Zarr.
@NullMarked
package kiln.infer.store;

import org.jspecify.annotations.NullMarked;
