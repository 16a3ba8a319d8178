package kiln.infer.store;

import kiln.array.DType;
import kiln.array.Shape;

/// A quantity of which a run keeps one value per draw.
///
/// @param group `posterior`, `sample_stats` or `unconstrained_posterior`
/// @param name  name of the site or statistic
/// @param dtype element type
/// @param shape shape of one draw
public record Column(String group, String name, DType dtype, Shape shape) {
    /// {@return the name of its folder: what no file system or text in quotes can hold is written as `%` and two hexadecimal digits}
    String fileName() {
        var text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean special = c < ' ' || "/\\:*?\"<>|%".indexOf(c) >= 0 || (c == '.' && text.isEmpty());
            text.append(special ? String.format("%%%02X", (int) c) : String.valueOf(c));
        }
        return text.toString();
    }
}
