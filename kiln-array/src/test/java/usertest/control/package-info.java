/// Programs of users that make mistakes with transforms and control flow: what they are told.
@NullMarked
package usertest.control;

import org.jspecify.annotations.NullMarked;
