package kiln.infer;

import java.util.LinkedHashMap;
import java.util.Map;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.model.Message;

/// Starts from given values, see [InitStrategy#initToValue].
///
/// @param values name of the site and its value, inside its support
record InitToValue(Map<String, ? extends Number> values) implements InitStrategy {
    InitToValue {
        values = new LinkedHashMap<>(values);
    }

    @Override
    public NDArray value(Message.Sample site, PRNGKey key) {
        Number given = values.get(site.name());
        return given == null ? InitStrategy.initToUniform().value(site, key) : NDArray.as(given);
    }
}
