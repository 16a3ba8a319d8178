package kiln.op;

/// An operation that reads or writes at computed positions, or joins arrays.
public sealed interface Indexing extends Structured permits Concatenate, Gather, ScatterAdd, ScatterSet, SearchSorted, LinearRecurrence {}
