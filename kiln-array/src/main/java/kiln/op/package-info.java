/// The operations, one file each: type rule, meaning (the interpreter), derivatives, vectorisation and code.
///
/// An operation is a record whose components are its parameters, so equal operations are equal values. Families (`Elementwise`,
/// `Reduction`, `Movement`, …) carry what their members share.
@NullMarked
package kiln.op;

import org.jspecify.annotations.NullMarked;
