package kiln.infer.mcmc;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import kiln.array.Diagnosis;
import kiln.array.PRNGKey;
import kiln.array.UserCode;

/// The sources of the random numbers of a run: one key that all chains share out, or a key for each.
///
/// @param shared the key of the run; of keys by chain the first
/// @param own    by chain; empty for one key
record RunKeys(PRNGKey shared, List<PRNGKey> own) {
    private static final String BY_CHAIN = "by chain: ";

    RunKeys {
        own = List.copyOf(own);
    }

    static RunKeys of(PRNGKey key) {
        return new RunKeys(key, List.of());
    }

    /// @throws IllegalArgumentException if there is not one key for each chain
    static RunKeys byChain(List<PRNGKey> keys, int chains) {
        if (keys.size() != chains) {
            throw new IllegalArgumentException(new Diagnosis("MCMC.runByChain", "there must be one key for each chain")
                    .expected(chains + " keys")
                    .got(keys.size() + " keys")
                    .at(UserCode.line())
                    .fix(keys.isEmpty() ? "run(key)." : "numChains(" + keys.size() + ").")
                    .message());
        }
        return new RunKeys(keys.getFirst(), keys);
    }

    /// {@return the key of the run in which the random variables are found, then one for each chain}
    PRNGKey[] split(int chains) {
        if (own.isEmpty()) {
            return shared.split(chains + 1);
        }
        PRNGKey[] keys = new PRNGKey[chains + 1];
        keys[0] = shared;
        for (int c = 0; c < chains; c++) {
            keys[c + 1] = own.get(c);
        }
        return keys;
    }

    /// The text that a run folder holds, for [#parse].
    @Override
    public String toString() {
        return own.isEmpty() ? shared.toString() : BY_CHAIN + own.stream().map(PRNGKey::toString).collect(Collectors.joining("; "));
    }

    static RunKeys parse(String text) {
        if (!text.startsWith(BY_CHAIN)) {
            return of(PRNGKey.parse(text));
        }
        List<PRNGKey> keys = Arrays.stream(text.substring(BY_CHAIN.length()).split("; ", -1)).map(PRNGKey::parse).toList();
        return new RunKeys(keys.getFirst(), keys);
    }
}
