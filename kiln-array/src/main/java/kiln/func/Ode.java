package kiln.func;

import static kiln.array.Index.slice;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.UserCode;
import kiln.graph.Tracer;

/// Solutions of ordinary differential equations.
public final class Ode {
    private Ode() {}

    /// The right-hand side of `dy/dt = f(y, t)`, written with operations on arrays.
    @FunctionalInterface
    public interface RightHandSide {
        /// {@return `dy/dt`, of the shape of `y`}
        ///
        /// @param y the solution
        /// @param t the time, a scalar
        NDArray at(NDArray y, NDArray t);
    }

    /// How exact a solution is.
    ///
    /// @param relative tolerance of the error of a step relative to `|y|`; > 0
    /// @param absolute tolerance of the error of a step in the unit of `y`; > 0
    /// @param maxSteps steps that are tried between two times of output, after which the solution is NaN; ≥ 1
    public record Accuracy(double relative, double absolute, int maxSteps) {
        /// JAX's tolerances, `1.4e-8`, and 10,000 steps.
        public static final Accuracy DEFAULT = new Accuracy(1.4e-8, 1.4e-8, 10_000);

        /// @throws IllegalArgumentException if a tolerance is not > 0 or `maxSteps` is not ≥ 1
        public Accuracy {
            if (!(relative > 0 && absolute > 0 && maxSteps >= 1)) {
                throw new IllegalArgumentException(new Diagnosis("Accuracy", "the tolerances must be > 0 and maxSteps ≥ 1")
                        .got("relative " + relative + ", absolute " + absolute + ", maxSteps " + maxSteps)
                        .at(UserCode.line())
                        .message());
            }
        }
    }

    /// {@return the solution at given times with [Accuracy#DEFAULT], see the other overload}
    public static NDArray odeint(RightHandSide f, NDArray y0, NDArray times) {
        return odeint(f, y0, times, Accuracy.DEFAULT);
    }

    /// {@return the solution at given times, stacked along a new first axis; the first is `y0`}
    ///
    /// ```
    /// y(times[0]) = y0,   dy/dt = f(y, t)
    /// ```
    ///
    /// Dormand and Prince's Runge–Kutta method of order 5 with steps of adapted length, one of which ends at each time of output. It
    /// suits equations that are not stiff; where the steps get so short that `maxSteps` is reached, or the solution leaves the numbers,
    /// the rest is NaN.
    ///
    /// The parameters of the equation are what `f` captures: a model's variables, say. Derivatives by them and by `y0` come from solving the
    /// equations of the sensitivities along with it on the same steps. In reverse that costs about `1 + n` solutions, where `n` counts the
    /// numbers that are differentiated by. There is no derivative by the times.
    ///
    /// @param f     the right-hand side
    /// @param y0    the solution at the first time; any shape, float64
    /// @param times known, strictly increasing, at least one; length T; any kind of number
    /// @throws DomainException if the times are not known and strictly increasing, or `y0` is not float64
    public static NDArray odeint(RightHandSide f, NDArray y0, NDArray times, Accuracy accuracy) {
        NDArray grid = checkedTimes(times);
        if (y0.dtype() != DType.FLOAT64) {
            throw new DomainException(new Diagnosis("odeint", "y0 must be float64")
                    .got(y0.aval().toString())
                    .at(UserCode.line())
                    .fix("convert it with astype(DType.FLOAT64)."));
        }
        Tracer.Closure slope = Tracer.trace(
                "odeint",
                List.of(y0.aval(), new Aval(DType.FLOAT64, Shape.SCALAR)),
                in -> List.of(checked(in.get(0), f.at(in.get(0), in.get(1)))));
        List<NDArray> own = slope.arguments(List.of(y0));
        Function<List<NDArray>, NDArray> solution = args -> {
            var at = new Tracer.Closure(slope.graph(), args.subList(1, args.size()));
            return solve((y, t) -> at.graph().call(at.arguments(List.of(y, t))).getFirst(), args.getFirst(), grid, accuracy);
        };
        return Functions.ruled(solution, own, _ -> SensitivityRule.of("odeint", solution, Flat.types(own)));
    }

    private static NDArray checkedTimes(NDArray times) {
        boolean fits = times.isKnown() && times.rank() == 1 && times.size() >= 1;
        double[] t = fits ? times.toDoubleArray() : new double[0];
        for (int i = 1; i < t.length; i++) {
            fits &= t[i] > t[i - 1];
        }
        if (!fits) {
            throw new DomainException(new Diagnosis("odeint", "the times must be a known vector of increasing numbers")
                    .expected("shape [T] with times[0] < times[1] < …")
                    .got(times.toString())
                    .at(UserCode.line())
                    .fix("sort the times and solve once for equal ones; to go back in time, replace t by −t in the equation."));
        }
        return times.astype(DType.FLOAT64);
    }

    /// The solution, which has a forward derivative on the grid that its steps make.
    private static NDArray solve(BinaryOperator<NDArray> f, NDArray y0, NDArray times, Accuracy accuracy) {
        var method = new DormandPrince(f, accuracy.relative(), accuracy.absolute());
        NDArray first = y0.reshape(Shape.of(1).then(y0.shape()));
        if (times.size() == 1) {
            return first;
        }
        NDArray later = Control.scan((DormandPrince.State s, NDArray end) -> {
            var begin = new DormandPrince.State(s.y(), s.slope(), s.t(), s.h(), Np.zerosLike(s.steps()));
            DormandPrince.State reached = Control.whileLoop(
                    c -> Np.logicalAnd(c.t().lt(end), c.steps().lt(accuracy.maxSteps())), c -> method.step(c, end), begin);
            NDArray y = Np.where(reached.t().ge(end), reached.y(), Double.NaN);
            return new Carried<>(new DormandPrince.State(y, reached.slope(), reached.t(), reached.h(), reached.steps()), y);
        }, method.start(y0, times.get(0)), times.get(slice(1, null))).output();
        return Np.concatenate(List.of(first, later), 0);
    }

    private static NDArray checked(NDArray y, NDArray slope) {
        if (!slope.aval().equals(y.aval())) {
            throw new DomainException(new Diagnosis("odeint", "the right-hand side does not have the shape and type of y")
                    .expected(y.aval().toString())
                    .got(slope.aval().toString())
                    .at(UserCode.line()));
        }
        return slope;
    }
}
