package kiln.graph;

import kiln.array.Dense;
import kiln.array.UserCode;

/// A value that a traced function read, and with it a condition: the graph is right where the node has this value.
///
/// @param node  what was read
/// @param value what it was
/// @param line  the user's line that read it
public record Guard(Node node, Dense value, UserCode.Place line) {
    /// {@return the user's line that read the value, or an empty text}
    public String place() {
        return line.line();
    }

    /// {@return the condition for people: what was read where, and what it was}
    @Override
    public String toString() {
        String numbers = value.size() <= 8 ? value.toString() : "an array of shape " + value.shape();
        return Traced.description(node) + (place().isEmpty() ? "" : ", read at " + place()) + ": " + numbers;
    }
}
