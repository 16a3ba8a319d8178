package kiln.model;

/// A plate as a site inside it sees it: which axis of the batch it owns.
///
/// @param name          name of the plate
/// @param dim           axis, counted from the right: −1 is the last
/// @param size          how many independent copies there are
/// @param subsampleSize how many of them this run looks at; from 1 to `size`
public record PlateFrame(String name, int dim, int size, int subsampleSize) {
    /// {@return whether this run looks at a part of the copies only}
    public boolean isSubsampled() {
        return subsampleSize != size;
    }

    /// {@return the plate as messages write it: `data[50]`, or `data[10 of 50]` when it is subsampled}
    @Override
    public String toString() {
        return name + "[" + (isSubsampled() ? subsampleSize + " of " : "") + size + "]";
    }
}
