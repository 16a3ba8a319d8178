package kiln.infer.mcmc;

import java.util.Arrays;
import kiln.infer.LogDensity;

/// A density for a kernel that looks at no gradient, so that nothing before its chains asks for one either: a flat one is told.
///
/// @param density has the values
record ValueDensity(LogDensity density) implements LogDensity {
    @Override
    public int dimension() {
        return density.dimension();
    }

    @Override
    public double valueAndGradient(double[] position, double[] gradient) {
        double value = density.value(position, gradient);
        Arrays.fill(gradient, 0);
        return value;
    }

    @Override
    public double value(double[] position, double[] scratch) {
        return density.value(position, scratch);
    }
}
