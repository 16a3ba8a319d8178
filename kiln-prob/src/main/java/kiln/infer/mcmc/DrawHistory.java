package kiln.infer.mcmc;

import java.util.List;
import java.util.function.IntFunction;

/// The draws of a run so far, for looking at while it goes on.
interface DrawHistory {
    /// {@return the columns that are random variables}
    List<Integer> randomVariables();

    /// {@return whether a column holds floating numbers}
    boolean isFloating(int column);

    /// {@return the names of a column's elements, `mu`, `theta[3]`}
    List<String> labels(int column);

    /// {@return the first draws of the elements of a column, by element `[chain][draw]`; the column is read once, from the disk where it is there alone}
    IntFunction<double[][]> column(int column, int draws);

    /// {@return the number of draws that every chain has}
    int draws();
}
