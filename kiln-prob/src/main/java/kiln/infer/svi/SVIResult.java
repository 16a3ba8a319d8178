package kiln.infer.svi;

import java.util.List;
import java.util.SequencedMap;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.UserCode;
import kiln.model.HandlerException;
import kiln.model.Names;

/// What an optimisation found.
///
/// @param params the parameters at its end, in their constraints
/// @param state  where it stands, to go on from
/// @param losses the loss before each step, `[steps]`
public record SVIResult(SequencedMap<String, NDArray> params, SVIState state, NDArray losses) {
    /// {@return one of the parameters}
    ///
    /// @throws HandlerException if there is no such parameter
    public NDArray param(String name) {
        NDArray value = params.get(name);
        if (value == null) {
            throw new HandlerException(new Diagnosis("SVIResult.param", "there is no such parameter")
                    .expected("one of " + Names.list(params.keySet()))
                    .got("\"" + name + "\"")
                    .at(UserCode.line())
                    .fix(Names.remedy(List.of(name), params.keySet(), "name one of them") + "."));
        }
        return value;
    }
}
