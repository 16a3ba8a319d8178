package kiln.infer.enumeration;

import java.util.BitSet;
import java.util.Set;

/// What a table depends on.
///
/// @param variables the variables that are its axes
/// @param plates    the plates along which it has a copy
record Scope(BitSet variables, Set<String> plates) {}
