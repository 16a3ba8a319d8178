package kiln.model;

import java.util.List;

/// Several open plates, one inside the other: what [Primitives#plateStack] opens.
///
/// @param plates the outermost first
public record PlateStack(List<Plate> plates) implements AutoCloseable {
    /// The list is copied.
    public PlateStack {
        plates = List.copyOf(plates);
    }

    /// Ends the plates, the innermost first.
    @Override
    public void close() {
        plates.reversed().forEach(Plate::close);
    }
}
