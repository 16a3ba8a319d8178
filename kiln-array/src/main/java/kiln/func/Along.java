package kiln.func;

/// Along which axis `vmap` maps an argument, if it does.
///
/// @param isMapped whether the argument has the axis; else it is shared by all lanes
/// @param axis     the axis; negative counts from the end
public record Along(boolean isMapped, int axis) {
    /// The argument is shared by all lanes.
    public static final Along NONE = new Along(false, 0);

    /// {@return mapping along an axis of every array of the argument}
    public static Along axis(int axis) {
        return new Along(true, axis);
    }
}
