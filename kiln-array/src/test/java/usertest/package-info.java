/// A user's code: it lies outside Kiln's packages, so that messages name its lines.
@NullMarked
package usertest;

import org.jspecify.annotations.NullMarked;
