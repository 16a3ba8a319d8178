package kiln.bench.kernel;

import java.lang.foreign.MemorySegment;

/// What a C function gets beside the position and the gradient.
///
/// @param dimension length of the position
/// @param constant  added to the function's value
/// @param n         number of observations
/// @param data      pointers to arrays
/// @param scratch   memory that the function may write; one call at a time
record NativeArguments(int dimension, double constant, long n, MemorySegment data, MemorySegment scratch) {}
