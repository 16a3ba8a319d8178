/// Tests that stand outside Kiln's packages, as a user's program does, so that errors name their lines.
@NullMarked
package user;

import org.jspecify.annotations.NullMarked;
