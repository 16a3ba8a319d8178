/// Posteriors of [posteriordb](https://github.com/stan-dev/posteriordb) (Magnusson, Bürkner and Vehtari), written as Kiln models.
///
/// [Posteriordb] lists them. Each model is a method of a class of its own (variants of one model share a class) that takes the data and
/// returns the program; it is written from a description in words, as a user would write it.
@NullMarked
package kiln.posteriordb;

import org.jspecify.annotations.NullMarked;
