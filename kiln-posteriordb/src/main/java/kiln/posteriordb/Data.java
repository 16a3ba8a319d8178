package kiln.posteriordb;

import com.fasterxml.jackson.databind.JsonNode;
import kiln.array.DType;
import kiln.array.NDArray;

/// The data of a posterior.
record Data(JsonNode fields) {
    static Data of(String name) {
        return new Data(Resources.json(name + "/data.json.gz"));
    }

    /// {@return a field as doubles, integers too}
    NDArray get(String field) {
        JsonNode node = fields.get(field);
        if (node == null) {
            throw new IllegalArgumentException("the data has no field " + field);
        }
        return Resources.array(node);
    }

    /// {@return a field that counts from 1, as positions that count from 0}
    NDArray positions(String field) {
        return get(field).astype(DType.INT64).minus(1);
    }
}
