package kiln.model.handler;

import java.util.Set;
import kiln.array.PRNGKey;
import kiln.model.Handler;
import kiln.model.Interceptor;
import kiln.model.Message;

/// Gives a key to everything that is to be drawn: random variables without value, indices of subsampled plates, requests for a key.
///
/// The key is split in two at each of them, the first half is kept and the second given away, so that a NumPyro program and
/// its port draw the same numbers.
///
/// @param key    what every run starts from
/// @param hidden kinds of statements that get no key here
public record Seed(PRNGKey key, Set<Class<? extends Message>> hidden) implements Handler {
    /// The set is copied.
    public Seed {
        hidden = Set.copyOf(hidden);
    }

    /// {@return a copy that gives no keys to some kinds of statements}
    public Seed hideTypes(Set<Class<? extends Message>> types) {
        return new Seed(key, types);
    }

    @Override
    public Interceptor open() {
        return new Interceptor() {
            private PRNGKey left = key;

            @Override
            public Message process(Message m) {
                return m.needsKey() && !hidden.contains(m.getClass()) ? m.withKey(next()) : m;
            }

            private PRNGKey next() {
                PRNGKey[] both = left.split(2);
                left = both[0];
                return both[1];
            }
        };
    }
}
