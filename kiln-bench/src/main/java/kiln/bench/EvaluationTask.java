package kiln.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import kiln.bench.kernel.HiddenClasses;
import kiln.infer.LogDensity;

/// Evaluates a density at two points in turn.
///
/// Every density gets a copy of this class of its own ([#of]): in one shared loop HotSpot would see all implementations behind one
/// call, and none of them would be compiled as it is where a program has one density.
final class EvaluationTask implements Task {
    private final LogDensity density;
    private final double[][] points;
    private final double[] gradient;

    /// Where the values go, so that no evaluation is idle.
    private double sum;

    EvaluationTask(LogDensity density, double[] point) {
        this.density = density.worker(); // as a chain evaluates
        double[] beside = point.clone();
        for (int i = 0; i < beside.length; i++) {
            beside[i] += 1e-3;
        }
        points = new double[][] {point.clone(), beside};
        gradient = new double[point.length];
    }

    /// {@return a task with its own copy of the machine code}
    static Task of(LogDensity density, double[] point) {
        try {
            MethodHandles.Lookup own =
                    MethodHandles.lookup().defineHiddenClass(HiddenClasses.bytes(EvaluationTask.class), true);
            return (Task) own.findConstructor(
                            own.lookupClass(), MethodType.methodType(void.class, LogDensity.class, double[].class))
                    .invoke(density, point);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("the timing loop cannot be copied", e);
        }
    }

    @Override
    public long run(int n) {
        double total = 0;
        for (int i = 0; i < n; i++) {
            total += density.valueAndGradient(points[i & 1], gradient);
        }
        sum += total;
        if (Double.isNaN(sum)) {
            throw new ArithmeticException("the density is NaN at the benchmark's point");
        }
        return n;
    }
}
