package kiln.infer.mcmc;

import java.util.List;

/// The draws of a run so far, for looking at while it goes on.
interface DrawHistory {
    /// {@return the columns that are random variables}
    List<Integer> randomVariables();

    /// {@return whether a column holds floating numbers}
    boolean isFloating(int column);

    /// {@return the names of a column's elements, `mu`, `theta[3]`}
    List<String> labels(int column);

    /// {@return the first draws of one element of a column, `[chain][draw]`}
    double[][] element(int column, int element, int draws);

    /// {@return the number of draws that every chain has}
    int draws();
}
