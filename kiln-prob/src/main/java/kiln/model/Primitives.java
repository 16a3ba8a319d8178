package kiln.model;

import com.google.errorprone.annotations.MustBeClosed;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.dist.Distribution;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;
import org.jspecify.annotations.Nullable;

/// The statements of a model, to be imported statically: `sample`, `plate`, `param`, `deterministic`, `factor`.
///
/// They work inside a model that runs under handlers; outside they throw [HandlerException] and never draw from a hidden
/// generator.
public final class Primitives {
    private Primitives() {}

    /// {@return the value of a random variable: drawn, or given by a handler; `batch + event`, the batch expanded to the plates}
    ///
    /// @param name         name of the site, used once in a model
    /// @param distribution what it is distributed as
    /// @throws HandlerException if there is no handler, or neither a value nor a key to draw it with
    /// @throws kiln.array.ShapeException if the batch does not fit the plates, or a given value the distribution
    public static NDArray sample(String name, Distribution distribution) {
        return Scope.current("sample(\"" + name + "\")").sample(name, distribution, null);
    }

    /// {@return the observed value, or the value of a random variable if nothing was observed}
    ///
    /// @param name         name of the site, used once in a model
    /// @param distribution what it is distributed as
    /// @param obs          the data; shape of the distribution; null: not observed. Outside plates the data may have further
    ///                     axes in front, which are independent copies
    /// @throws HandlerException if there is no handler, or neither a value nor a key to draw it with
    /// @throws kiln.array.ShapeException if the batch does not fit the plates, or the data the distribution
    public static NDArray sample(String name, Distribution distribution, @Nullable Number obs) {
        return Scope.current("sample(\"" + name + "\")").sample(name, distribution, obs);
    }

    /// {@return the value of a parameter that is learned: its initial value unless a handler gives another}
    ///
    /// @param name name of the site
    /// @param init value to start from; any finite numbers
    public static NDArray param(String name, Number init) {
        return param(name, init, Constraints.real);
    }

    /// {@return the value of a constrained parameter that is learned: its initial value unless a handler gives another}
    ///
    /// @param name       name of the site
    /// @param init       value to start from; in the constraint
    /// @param constraint the set of its values
    /// @throws HandlerException if there is no handler
    /// @throws kiln.array.DomainException if the initial value is not in the constraint
    public static NDArray param(String name, Number init, Constraint constraint) {
        return Scope.current("param(\"" + name + "\")").param(name, init, constraint);
    }

    /// Gives a name to a value that follows from others, so that traces and posteriors keep it.
    ///
    /// @param name  name of the site, used once in a model
    /// @param value any shape
    /// @return the value
    public static NDArray deterministic(String name, Number value) {
        return Scope.current("deterministic(\"" + name + "\")").deterministic(name, value);
    }

    /// Adds a number to the log joint.
    ///
    /// @param name      name of the site, used once in a model
    /// @param logFactor any number, −∞ forbids this execution; inside plates it counts once for every copy
    public static void factor(String name, Number logFactor) {
        Scope.current("factor(\"" + name + "\")").factor(name, logFactor);
    }

    /// Opens a plate: the statements inside are independent copies along an axis of the batch.
    ///
    /// @param name    name of the plate
    /// @param size    how many copies; ≥ 1
    /// @param options see [#dim] and [#subsampleSize]; without `dim` the plate takes the first free axis from the right
    /// @return the plate, to be closed: `try (var _ = plate("data", n)) { … }`
    /// @throws HandlerException if there is no handler, the axis is taken, or a subsampled plate has no key
    @MustBeClosed
    @SuppressWarnings("exports") // the annotation is for the checker only
    public static Plate plate(String name, int size, PlateOption... options) {
        return Scope.current("plate(\"" + name + "\")").plate(name, size, options);
    }

    /// {@return the axis of a plate}
    ///
    /// @param dim counted from the right; ≤ −1
    public static PlateOption dim(int dim) {
        return new PlateOption.Dim(dim);
    }

    /// {@return the number of copies that a run looks at; they are drawn without replacement, and the log densities inside are
    /// scaled by `size / count`}
    ///
    /// @param count from 1 to the size of the plate
    public static PlateOption subsampleSize(int count) {
        return new PlateOption.SubsampleSize(count);
    }

    /// {@return a fresh key from the enclosing `seed`}
    ///
    /// @throws HandlerException if there is no handler, or none that gives keys
    public static PRNGKey prngKey() {
        return Scope.current("prngKey()").prngKey();
    }
}
