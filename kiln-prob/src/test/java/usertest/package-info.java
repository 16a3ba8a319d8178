/// Tests that play the user: outside `kiln.*`, so that messages name their lines.
@NullMarked
package usertest;

import org.jspecify.annotations.NullMarked;
