package kiln.model;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// The values of sites that a function of the user's is given, by name. Asking for one that is not there is an error that names those that are, where other maps
/// return `null`, which fails a line later without a name.
public final class GivenSites extends LinkedHashMap<String, NDArray> {
    private static final long serialVersionUID = 1L;

    private final String who;

    /// @param who    whose function it is, for the message
    /// @param values of the sites; copied
    public GivenSites(String who, Map<String, NDArray> values) {
        super(values);
        this.who = who;
    }

    /// {@return the value of a site}
    ///
    /// @throws HandlerException if there is none of this name
    @Override
    public @Nullable NDArray get(Object name) {
        if (!containsKey(name)) {
            throw new HandlerException(Names.noSuchSite(who, String.valueOf(name), keySet()));
        }
        return super.get(name);
    }
}
