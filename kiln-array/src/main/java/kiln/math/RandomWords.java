package kiln.math;

/// A sequential source of random words, from which uniform and normal numbers are made alike whatever the generator.
public interface RandomWords {
    /// {@return the next 64 random bits}
    long nextLong();

    /// {@return a uniform number in (0, 1), an odd multiple of 2⁻⁵³, of the next word}
    default double uniform() {
        return uniform(nextLong());
    }

    /// {@return the uniform number in (0, 1) that the upper 52 bits of a word make}
    ///
    /// @param word random bits
    static double uniform(long word) {
        // 52 bits and a half, not 53: with 53 the largest value would round to 1.
        return ((word >>> 12) + 0.5) * 0x1p-52;
    }
}
