package kiln.infer.optim;

import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.UserCode;

/// The step size of every step.
@FunctionalInterface
public interface Schedule {
    /// {@return the step size, a scalar > 0}
    ///
    /// @param step number of the step, from 0; an `int64` scalar, which may be traced
    NDArray at(NDArray step);

    /// {@return always the same}
    ///
    /// @param stepSize > 0
    static Schedule constant(double stepSize) {
        NDArray size = NDArray.as(positive("constant", stepSize));
        return _ -> size;
    }

    /// {@return `stepSize · rate^(step / steps)`}
    ///
    /// @param stepSize > 0
    /// @param steps    > 0
    /// @param rate     factor over so many steps; > 0
    static Schedule exponentialDecay(double stepSize, double steps, double rate) {
        positive("exponentialDecay", stepSize);
        positive("exponentialDecay", steps);
        positive("exponentialDecay", rate);
        return step -> Np.pow(rate, step.div(steps)).times(stepSize);
    }

    /// {@return `stepSize / (1 + rate · step / steps)`}
    ///
    /// @param stepSize > 0
    /// @param steps    > 0
    /// @param rate     ≥ 0
    static Schedule inverseTimeDecay(double stepSize, double steps, double rate) {
        positive("inverseTimeDecay", stepSize);
        positive("inverseTimeDecay", steps);
        return step -> NDArray.as(stepSize).div(step.times(rate / steps).plus(1));
    }

    /// {@return from one step size to another along a power: `(stepSize − last) (1 − min(step, steps) / steps)^power + last`}
    ///
    /// @param stepSize > 0
    /// @param steps    > 0
    /// @param last     > 0, the step size from `steps` on
    /// @param power    > 0; 1 for a line
    static Schedule polynomialDecay(double stepSize, double steps, double last, double power) {
        positive("polynomialDecay", stepSize);
        positive("polynomialDecay", steps);
        positive("polynomialDecay", last);
        return step -> {
            NDArray left = Np.minimum(step, steps).div(-steps).plus(1);
            return Np.pow(left, power).times(stepSize - last).plus(last);
        };
    }

    private static double positive(String who, double x) {
        if (!(x > 0)) {
            throw new DomainException(new Diagnosis("Schedule." + who, "step sizes, spans and rates must be > 0")
                    .got("" + x)
                    .at(UserCode.line()));
        }
        return x;
    }
}
