package kiln.infer.enumeration;

import java.util.List;
import java.util.Set;

/// The order in which the variables of some tables are summed out.
///
/// Tables are numbered: first the given ones, then those that the steps make.
///
/// @param steps   what is done, in order
/// @param results the tables without variables and plates whose sum is the result
record Plan(List<Step> steps, List<Integer> results) {
    /// Makes one table of others.
    sealed interface Step {}

    /// Adds tables and sums a variable out.
    ///
    /// @param variable the variable
    /// @param inputs   all tables that have it
    /// @param output   number of the table that is made
    record Sum(int variable, List<Integer> inputs, int output) implements Step {}

    /// Multiplies the copies along plates with each other.
    ///
    /// @param input  a table
    /// @param plates the plates that it loses
    /// @param output number of the table that is made
    record Product(int input, Set<String> plates, int output) implements Step {}
}
