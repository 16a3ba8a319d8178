/// Tests that start processes: the launcher on a pretended machine, and every example through the real launcher.
@NullMarked
package kiln.examples;

import org.jspecify.annotations.NullMarked;
