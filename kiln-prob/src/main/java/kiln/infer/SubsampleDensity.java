package kiln.infer;

import java.util.List;

/// A log density that looks at a few rows of the data: an estimate of the one that looks at all.
///
/// The position holds the parameters on unconstrained space first, then the numbers of the rows. A coordinate between two numbers counts as
/// the nearer one.
public interface SubsampleDensity extends SplitDensity {
    /// The rows of one plate.
    ///
    /// @param from  where its first row stands among the last coordinates
    /// @param count how many rows are looked at; ≥ 1
    /// @param size  how many there are; a row number lies in 0 … size − 1
    record Rows(int from, int count, int size) {}

    /// {@return the plates, which fill the last coordinates}
    List<Rows> rows();
}
