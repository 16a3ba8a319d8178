package kiln.math;

/// The sequential generator xoshiro256++: period 2²⁵⁶ − 1, 64 bits a step, equidistributed in four dimensions.
///
/// Source: D. Blackman, S. Vigna, *Scrambled linear pseudorandom number generators* (2021), with the reference code's known answers.
final class Xoshiro implements RandomWords {
    private long s0;
    private long s1;
    private long s2;
    private long s3;

    /// @param s0 first word of the state; not all four are 0
    /// @param s1 second word
    /// @param s2 third word
    /// @param s3 fourth word
    Xoshiro(long s0, long s1, long s2, long s3) {
        this.s0 = s0;
        this.s1 = s1;
        this.s2 = s2;
        this.s3 = s3;
    }

    @Override
    public long nextLong() {
        long word = Long.rotateLeft(s0 + s3, 23) + s0;
        long shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = Long.rotateLeft(s3, 45);
        return word;
    }
}
